import { isLeased, type TaskRecord } from "@millrace/models";
import { fixedOfColumn, looseOfColumn, statusOfCode, taskRecordOf, type OwnFields } from "@millrace/store-sql";
import type { Row } from "../connection/session.ts";
import type { TableNames } from "../connection/table-names.ts";
import { valueOfText } from "./value-column.ts";

/** A task as it stands in the tables. */
export interface StoredTask {
  readonly flags: number;
  /** Of a queued one where it stands in the queue; null when it is not there. */
  readonly place: number | null;
  readonly task: TaskRecord;
}

const columns = [
  "t.id",
  "t.tenant_id",
  "t.kind",
  "coalesce(r.status, t.status)",
  "t.flags",
  "t.priority",
  "t.scheduled_at",
  "coalesce(r.attempt, t.attempt)",
  "coalesce(r.version, t.version)",
  "t.failures",
  "t.lease_token",
  "coalesce(r.host_id, t.host_id)",
  "t.ended",
  "t.created_at",
  "coalesce(r.updated_at, t.updated_at)",
  "coalesce(r.claimed_at, t.claimed_at)",
  "case when r.id is null then t.started_at else r.started_at end",
  "case when r.id is null then t.last_sign_at else r.last_sign_at end",
  "t.finished_at",
  "t.input",
  "t.output",
  "t.fixed",
  "t.loose",
  "r.lease_token",
  "r.lease_expires_at",
  "q.place",
];

/** The columns that `storedTask` reads, over `t`, `r` and `q`; each has a name of its own. */
export const taskColumns: string = columnsText(columns);

/** The same without what may be large. */
export const lineColumns: string = columnsText(columns.map((c) => (c === "t.input" || c === "t.output" ? "null" : c)));

function columnsText(list: readonly string[]): string {
  return list.map((column, index) => `${column} as c${index}`).join(", ");
}

/** How many columns these are. */
export const taskColumnCount: number = columns.length;

/**
 * The row of its lease and the row of its place in the queue beside a task `t`. Looked up one by one: where statistics were
 * taken while nothing was leased or queued, a plain join may read the whole of these tables for each task.
 */
export const besideTask = (n: TableNames): string => `
left join lateral (select * from ${n.running} x where x.id = t.id offset 0) r on true
left join lateral (select x.id, x.place from ${n.queue} x where x.id = t.id offset 0) q on true`;

/** A task with these. */
export const taskTables = (n: TableNames): string => `${n.task} t ${besideTask(n)}`;

/** A number that a driver may have handed out as text. */
export function numberOf(column: unknown): number {
  return Number(column);
}

/** Likewise, or null. */
export function numberOrNull(column: unknown): number | null {
  return column === null || column === undefined ? null : Number(column);
}

/** A text, or null. */
export function textOrNull(column: unknown): string | null {
  return typeof column === "string" ? column : null;
}

/** The record of a row of `taskColumns`. */
export function storedTask(row: Row): StoredTask {
  const status = statusOfCode(numberOf(row[3]));
  const loose = textOrNull(row[22]);
  const leased = isLeased(status);
  const own: OwnFields = {
    id: String(row[0]),
    tenantId: String(row[1]),
    kind: String(row[2]),
    status,
    priority: numberOf(row[5]),
    scheduledAt: numberOf(row[6]),
    input: valueOfText(row[19]),
    output: valueOfText(row[20]),
    attempt: numberOf(row[7]),
    failures: numberOf(row[9]),
    version: numberOf(row[8]),
    hostId: leased ? textOrNull(row[11]) : null,
    leaseToken: leased ? textOrNull(row[23]) : null,
    leaseExpiresAt: leased ? numberOrNull(row[24]) : null,
    lastHostId: textOrNull(row[11]),
    lastLeaseToken: textOrNull(row[10]),
    lastSignAt: numberOrNull(row[17]),
    createdAt: numberOf(row[13]),
    updatedAt: numberOf(row[14]),
    claimedAt: numberOrNull(row[15]),
    startedAt: numberOrNull(row[16]),
    finishedAt: numberOrNull(row[18]),
    ended: numberOrNull(row[12]),
  };
  const task = taskRecordOf(own, fixedOfColumn(textOrNull(row[21])), looseOfColumn(loose));
  return { flags: numberOf(row[4]), place: numberOrNull(row[25]), task };
}
