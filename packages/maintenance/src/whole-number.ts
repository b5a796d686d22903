import { TaskError } from "@millrace/models";

/** Checks an option that counts something. @throws `OPTION_INVALID` */
export function wholeNumber(value: number, about: { readonly path: string; readonly minimum: number }): number {
  if (Number.isSafeInteger(value) && value >= about.minimum) return value;
  throw new TaskError(
    "OPTION_INVALID",
    `${about.path} must be a whole number from ${about.minimum} up, got ${value}.`,
    {
      details: { path: about.path, value, minimum: about.minimum },
    },
  );
}
