import { TaskError } from "../errors/task-error.ts";
import { defaultBackoff, longestDelayMs } from "./backoff-delay.ts";
import type { BackoffPolicy } from "./retry-policy.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What each form of a policy may say. */
const fieldsOf: ReadonlyMap<unknown, readonly string[]> = new Map([
  ["fixed", ["type", "delayMs"]],
  ["exponential", ["type", "delayMs", "factor", "maxDelayMs", "minDelayMs", "jitter"]],
  ["quadratic", ["type", "delayMs", "maxDelayMs"]],
  ["range", ["minDelayMs", "maxDelayMs", "factor", "jitter"]],
]);
const maxFactor = 1_000;

/**
 * Checks how a kind, task or host wants to back off, and gives it as a policy. Takes a `BackoffPolicy`, or the short form
 * `{ minDelayMs 1_000, maxDelayMs 60_000, factor 2, jitter 0.1 }`; `undefined` is the default policy.
 *
 * @throws `OPTION_INVALID` with `details.path` for an unknown type or field, or a value out of bounds.
 */
export function parseBackoff(backoff: unknown, path: string): BackoffPolicy {
  if (backoff === undefined) return defaultBackoff;
  if (typeof backoff !== "object" || backoff === null || Array.isArray(backoff)) {
    throw invalid(path, "must be an object");
  }
  const fields = backoff as Fields;
  const type = "type" in fields ? fields.type : "range";
  const known = fieldsOf.get(type);
  if (known === undefined) throw invalid(`${path}.type`, "must be fixed, exponential or quadratic");
  for (const name of Object.keys(fields)) {
    if (!known.includes(name)) throw invalid(`${path}.${name}`, "is not a field of this back-off");
  }
  checkBounds(fields, path);
  return type === "range" ? fromRange(fields) : checkedPolicy(fields, path);
}

function checkedPolicy(fields: Fields, path: string): BackoffPolicy {
  if (fields.type === "fixed" && fields.delayMs === undefined) throw invalid(`${path}.delayMs`, "must be given");
  // Absent fields stay absent: a policy is stored, and its defaults may improve.
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as BackoffPolicy;
}

/** The short form: clamped to its two ends after the jitter. */
function fromRange(fields: Fields): BackoffPolicy {
  const read = (name: string, otherwise: number): number => {
    const value = fields[name];
    return typeof value === "number" ? value : otherwise;
  };
  const minDelayMs = read("minDelayMs", 1_000);
  const maxDelayMs = Math.max(minDelayMs, read("maxDelayMs", 60_000));
  return {
    type: "exponential",
    delayMs: minDelayMs,
    factor: read("factor", 2),
    maxDelayMs,
    minDelayMs,
    jitter: fields.jitter === "full" ? "full" : read("jitter", 0.1),
  };
}

function checkBounds(fields: Fields, path: string): void {
  const check = (name: string, min: number, max: number): void => {
    const value = fields[name];
    if (value === undefined || (typeof value === "number" && value >= min && value <= max)) return;
    throw invalid(`${path}.${name}`, `must be a number from ${min} to ${max}, got ${JSON.stringify(value)}`);
  };
  check("delayMs", 0, longestDelayMs);
  check("minDelayMs", 0, longestDelayMs);
  check("maxDelayMs", 0, longestDelayMs);
  check("factor", 1, maxFactor);
  if (fields.jitter !== "full") check("jitter", 0, 1);
  if (typeof fields.minDelayMs === "number" && typeof fields.maxDelayMs === "number") {
    if (fields.minDelayMs > fields.maxDelayMs) throw invalid(`${path}.maxDelayMs`, "must not be below minDelayMs");
  }
}

function invalid(path: string, why: string): TaskError {
  return new TaskError("OPTION_INVALID", `${path} ${why}.`, { details: { path } });
}
