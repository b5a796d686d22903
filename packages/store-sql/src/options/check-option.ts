import { TaskError } from "@millrace/models";

/** An option that is true or false. @throws `OPTION_INVALID` for anything else. */
export function flagOption(path: string, value: unknown, usual: boolean): boolean {
  if (value === undefined) return usual;
  if (typeof value !== "boolean") throw invalidOption(path, "must be true or false");
  return value;
}

/** An option that is a whole number. @throws `OPTION_INVALID` for anything else, and for less than the least. */
export function wholeOption(
  path: string,
  value: unknown,
  bounds: { readonly least: number; readonly usual: number },
): number {
  if (value === undefined) return bounds.usual;
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= bounds.least) return value;
  throw invalidOption(path, `must be a whole number of at least ${bounds.least}`);
}

/** A refused option; `details.path` names it. */
export function invalidOption(path: string, what: string): TaskError {
  return new TaskError("OPTION_INVALID", `${path} ${what}.`, { details: { path } });
}
