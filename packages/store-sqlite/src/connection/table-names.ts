import { checkName } from "@millrace/store-sql";

const tables = [
  "task",
  "loose",
  "input",
  "due",
  "shelf",
  "keyed",
  "timer",
  "dedupe",
  "supersede",
  "label",
  "edge",
  "attempt",
  "step",
  "memo",
  "signal",
  "key",
  "kind",
  "host",
  "unserved",
  "count",
  "event",
  "cursor",
  "failure_mark",
  "schedule",
  "occurrence",
  "meta",
] as const;

type TableName = (typeof tables)[number];

/** What each table is called. An index is called like its table, with its own word behind. */
export type TableNames = Readonly<Record<TableName, string>>;

/** The names under a prefix. @throws `NAME_INVALID` when the prefix is no plain identifier. */
export function tableNames(prefix: string): TableNames {
  checkName("tablePrefix", prefix);
  return Object.fromEntries(tables.map((table) => [table, `${prefix}${table}`])) as Record<TableName, string>;
}
