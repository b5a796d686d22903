import { withTablePrefix } from "../names/table-prefix.ts";
import type { Migration } from "./plan-migrations.ts";
import { statementsOf } from "./statements-of.ts";

/** A table or an index of a schema. */
export interface MadePart {
  readonly type: "table" | "index";
  readonly name: string;
  /** What makes it, in one line. */
  readonly statement: string;
}

/** The tables and indexes that stand once all migrations are applied, but for the indexes of keys, which come with their tables. */
export function madeBy(migrations: readonly Migration[], prefix: string): readonly MadePart[] {
  const parts = new Map<string, MadePart>();
  for (const text of migrations.flatMap(({ sql }) => statementsOf(withTablePrefix(sql, prefix)))) {
    const [, verb, type, name = ""] = /^(create|drop) (?:unique )?(table|index) (\w+)/.exec(text) ?? [];
    if (verb === "drop") parts.delete(name);
    if (verb !== "create" || (type !== "table" && type !== "index")) continue;
    parts.set(name, { type, name, statement: text.replaceAll(/\s+/g, " ") });
  }
  return [...parts.values()];
}
