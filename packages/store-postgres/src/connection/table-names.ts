import { checkName } from "@millrace/store-sql";

const tables = [
  "task",
  "queue",
  "running",
  "resting",
  "timer",
  "dedupe",
  "supersede",
  "keyed",
  "key",
  "label",
  "edge",
  "attempt",
  "step",
  "memo",
  "signal",
  "kind",
  "host",
  "unserved",
  "event",
  "count",
  "cursor",
  "failure_mark",
  "schedule",
  "occurrence",
  "meta",
] as const;

type TableName = (typeof tables)[number];

/** What each table is called, with its schema before it. */
export type TableNames = Readonly<Record<TableName, string>>;

/** The names under a schema and a prefix. @throws `NAME_INVALID` when one of them is no plain identifier. */
export function tableNames(schema: string, prefix: string): TableNames {
  checkName("schema", schema);
  checkName("tablePrefix", prefix);
  // Quoted, because a name of small letters may still be a word of SQL.
  const entries = tables.map((table) => [table, `"${schema}".${prefix}${table}`]);
  return Object.fromEntries(entries) as Record<TableName, string>;
}
