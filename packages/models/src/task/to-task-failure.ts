import type { Json } from "./json.ts";
import { toJsonDetails } from "./json-details.ts";
import type { TaskFailure } from "./task-failure.ts";
import { truncateBytes } from "./text-length.ts";

const maxMessageBytes = 8_192;
const maxStackBytes = 32_768;
/** A cause tells what, its stack seldom more: shorter, so that a chain of eight stays small. */
const maxCauseStackBytes = 4_096;
const maxCodeBytes = 200;
const maxDetailsLength = 16_384;
const maxCauses = 8;
const maxErrors = 20;

/**
 * Makes a failure of whatever was thrown: an error of any realm, text, a plain object, null. Never throws, never
 * grows past its bounds (message 8 KiB, stack 32 KiB, details about 16 KiB, eight causes), and leaves a failure that has
 * crossed a border as it is. Only `details` (or TWIN's `source` and `properties`) of an error are kept beside the known fields:
 * other own fields of errors are often whole requests with their secrets.
 */
export function toTaskFailure(thrown: unknown): TaskFailure {
  return failureOf(thrown, new Set());
}

function failureOf(thrown: unknown, seen: Set<object>): TaskFailure {
  if (typeof thrown === "function") return { name: "Error", message: "a function was thrown" };
  if (typeof thrown !== "object") return { name: "Error", message: textOf(thrown as Primitive) };
  if (thrown === null) return { name: "Error", message: "null was thrown" };
  seen.add(thrown);
  const stack = read(thrown, "stack");
  const code = codeOf(read(thrown, "code"));
  const details = detailsOf(thrown, seen);
  const cause = causeOf(thrown, seen);
  return {
    name: nameOf(thrown),
    message: messageOf(thrown),
    ...(code === undefined ? {} : { code }),
    ...(typeof stack === "string" && stack !== ""
      ? { stack: truncateBytes(stack, seen.size > 1 ? maxCauseStackBytes : maxStackBytes) }
      : {}),
    ...(details === undefined ? {} : { details }),
    ...(cause === undefined ? {} : { cause }),
  };
}

type Primitive = string | number | bigint | boolean | symbol | undefined;

function textOf(thrown: Primitive): string {
  if (thrown === undefined) return "undefined was thrown";
  const text = String(thrown);
  return text === "" ? "an empty text was thrown" : truncateBytes(text, maxMessageBytes);
}

function nameOf(thrown: object): string {
  const name = read(thrown, "name");
  if (typeof name === "string" && name !== "" && name !== "Error") return truncateBytes(name, maxCodeBytes);
  if (!isErrorLike(thrown)) return "Error";
  // A subclass that forgot to set its name still has one.
  const made = read(thrown, "constructor");
  const own = typeof made === "function" ? made.name : "";
  return own === "" || own === "Object" ? "Error" : truncateBytes(own, maxCodeBytes);
}

function messageOf(thrown: object): string {
  const message = read(thrown, "message");
  if (typeof message === "string" && message !== "") return truncateBytes(message, maxMessageBytes);
  if (isErrorLike(thrown)) return "no message";
  return isArray(thrown) ? "an array was thrown" : "an object was thrown";
}

function codeOf(code: unknown): string | undefined {
  if (typeof code === "string") return code === "" ? undefined : truncateBytes(code, maxCodeBytes);
  return typeof code === "number" || typeof code === "bigint" ? String(code) : undefined;
}

function detailsOf(thrown: object, seen: Set<object>): Json | undefined {
  const errors = read(thrown, "errors");
  const explicit = read(thrown, "details");
  if (isArray(errors) && isErrorLike(thrown)) {
    const told = errors.slice(0, maxErrors).map((error) => partOf(error, seen));
    return bounded({
      ...(explicit === undefined ? {} : { details: toJsonDetails(explicit) ?? null }),
      errors: told,
      ...(errors.length > maxErrors ? { more: errors.length - maxErrors } : {}),
    });
  }
  if (explicit !== undefined) return bounded(toJsonDetails(explicit));
  const source = read(thrown, "source");
  const properties = read(thrown, "properties");
  if (typeof properties === "object" && properties !== null) {
    return bounded(toJsonDetails(typeof source === "string" ? { source, properties } : { properties }));
  }
  if (isErrorLike(thrown) || isFailureShaped(thrown)) {
    return typeof source === "string" ? bounded(toJsonDetails({ source })) : undefined;
  }
  return bounded(toJsonDetails(thrown));
}

/** One error of several: without its stack. */
function partOf(error: unknown, seen: ReadonlySet<object>): Json {
  if (typeof error === "object" && error !== null && seen.has(error)) return "[circular]";
  const { name, message, code } = failureOf(error, new Set(seen));
  return code === undefined ? { name, message } : { name, message, code };
}

function bounded(details: Json | undefined): Json | undefined {
  if (details === undefined) return undefined;
  const text = JSON.stringify(details);
  return text.length <= maxDetailsLength ? details : { truncated: text.slice(0, maxDetailsLength / 4) };
}

function causeOf(thrown: object, seen: Set<object>): TaskFailure | undefined {
  const cause = read(thrown, "cause");
  if (cause === undefined || cause === null || seen.size > maxCauses) return undefined;
  if (typeof cause === "object" && seen.has(cause)) return undefined;
  return failureOf(cause, seen);
}

/** An error of any realm: `instanceof` alone would miss one made in a `vm` context. */
function isErrorLike(thrown: object): boolean {
  try {
    return thrown instanceof Error || Object.prototype.toString.call(thrown) === "[object Error]";
  } catch {
    return false;
  }
}

/** A plain object that says what a failure says: one that crossed a border, or a library's own error object. */
function isFailureShaped(thrown: object): boolean {
  return typeof read(thrown, "name") === "string" && typeof read(thrown, "message") === "string";
}

/** A revoked proxy throws even here. */
function isArray(value: unknown): value is readonly unknown[] {
  try {
    return Array.isArray(value);
  } catch {
    return false;
  }
}

function read(from: object, key: string): unknown {
  try {
    return Reflect.get(from, key);
  } catch {
    return undefined;
  }
}
