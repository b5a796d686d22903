import { TaskError } from "@millrace/models";

const pattern = /^[a-z_][a-z0-9_]{0,40}$/;

/** What every table's name begins with, unless an option says otherwise. */
export const defaultTablePrefix = "millrace_";

/**
 * Gives a prefix or schema name back when it is safe to stand in a statement as it is. Nothing else of a statement is
 * ever built from text: values are parameters.
 *
 * @throws `NAME_INVALID` for anything but lower-case letters, digits and underscores, not starting with a digit.
 */
export function checkName(option: string, name: unknown): string {
  if (typeof name === "string" && pattern.test(name)) return name;
  const shown = typeof name === "string" ? JSON.stringify(name.slice(0, 60)) : `a value of type ${typeof name}`;
  throw new TaskError("NAME_INVALID", `${option} must match ${pattern.source}, got ${shown}.`, {
    details: { path: option, value: name },
  });
}

/** The text of a migration with the tables' names as a store calls them. Migrations are written with the default prefix. */
export function withTablePrefix(sql: string, prefix: string): string {
  return prefix === defaultTablePrefix ? sql : sql.replaceAll(defaultTablePrefix, prefix);
}
