import { TaskError, type ErrorCode } from "@millrace/models";

/** The bounds of a number. */
export interface Bounds {
  readonly min: number;
  readonly max?: number;
}

/** A century, the longest time anybody may name. */
export const longestMs = 3_155_760_000_000;

/** An error about one option, with its path for programs. */
export function optionError(path: string, why: string, code: ErrorCode = "OPTION_INVALID"): TaskError {
  return new TaskError(code, `${path} ${why}.`, { details: { path } });
}

/** @throws `OPTION_INVALID` unless it is a whole number within its bounds: out of bounds is refused, never clamped. */
export function checkInteger(path: string, value: unknown, bounds: Bounds): number {
  const max = bounds.max ?? Number.MAX_SAFE_INTEGER;
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= bounds.min && value <= max) return value;
  const wanted = bounds.max === undefined ? `at least ${bounds.min}` : `from ${bounds.min} to ${bounds.max}`;
  throw optionError(path, `must be a whole number ${wanted}, got ${shown(value)}`);
}

/** As `checkInteger`; null passes. */
export function checkIntegerOrNull(path: string, value: unknown, bounds: Bounds): number | null {
  return value === null ? null : checkInteger(path, value, bounds);
}

/** A duration in ms: a whole number up to a century. */
export function checkDuration(path: string, value: unknown, min: number = 0): number {
  return checkInteger(path, value, { min, max: longestMs });
}

/** @throws `OPTION_INVALID` unless it is one of the words. */
export function checkWord<Word extends string>(path: string, value: unknown, words: readonly Word[]): Word {
  const found = words.find((word) => word === value);
  if (found === undefined) throw optionError(path, `must be one of ${words.join(", ")}, got ${shown(value)}`);
  return found;
}

/** How long a text may be, and what its refusal is called. */
export interface TextBounds {
  readonly maxLength: number;
  /** @defaultValue "OPTION_INVALID" */
  readonly code?: ErrorCode;
}

/** @throws the code unless it is 1 to `maxLength` characters without control characters. */
export function checkText(path: string, value: unknown, { maxLength, code = "OPTION_INVALID" }: TextBounds): string {
  if (typeof value !== "string") throw optionError(path, `must be a text, got ${shown(value)}`, code);
  if (value.length === 0 || value.length > maxLength) {
    throw optionError(path, `must have 1 to ${maxLength} characters, got ${value.length}`, code);
  }
  if (hasControl(value)) throw optionError(path, "must not contain control characters or lone surrogates", code);
  return value;
}

/** Whether a text holds control characters or half characters, which no database or screen keeps well. */
export function hasControl(text: string): boolean {
  // oxlint-disable-next-line no-control-regex -- finding them is the purpose
  return /[\u0000-\u001f\u007f]/.test(text) || !text.isWellFormed();
}

/** @throws `OPTION_INVALID` when an object has a key that is not known. */
export function checkKeys(path: string, given: object, known: ReadonlySet<string>): void {
  for (const key of Object.keys(given)) {
    if (!known.has(key)) {
      const name = path === "" ? key : `${path}.${key}`;
      throw optionError(name, `is no known option; known are ${[...known].toSorted().join(", ")}`);
    }
  }
}

/** A value in an error message, short. */
export function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "an array" : "an object";
  return typeof value === "function" ? "a function" : String(value);
}
