import { isLeased, type TaskRecord } from "@millrace/models";
import {
  endedOfCode,
  fixedOfColumn,
  looseOfColumn,
  statusOfCode,
  usualLoose,
  usualProgress,
} from "@millrace/store-sql";
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
export const taskColumns: string = columns.map((column, index) => `${column} as c${index}`).join(", ");

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
  const flags = numberOf(row[4]);
  const fixed = fixedOfColumn(textOrNull(row[21]));
  const loose = textOrNull(row[22]);
  const rest = loose === null ? usualLoose : looseOfColumn(loose);
  const leased = isLeased(status);
  const endedColumn = numberOrNull(row[12]);
  const ended = endedColumn === null ? null : endedOfCode(endedColumn);
  const finishedAt = numberOrNull(row[18]);
  const startedAt = numberOrNull(row[16]);
  const id = String(row[0]);
  // Field by field: an object that is begun as a copy and then grows is copied again for every few fields.
  const task: TaskRecord = {
    id,
    tenantId: String(row[1]),
    kind: String(row[2]),
    kindVersion: fixed.kindVersion,
    status,
    reason: rest.reason,
    priority: numberOf(row[5]),
    scheduledAt: numberOf(row[6]),
    expiresAt: rest.expiresAt,
    input: valueOfText(row[19]),
    output: valueOfText(row[20]),
    failure: rest.failure,
    state: rest.state,
    failureFingerprint: rest.failureFingerprint,
    metadata: fixed.metadata,
    context: fixed.context,
    logContext: fixed.logContext,
    traceParent: fixed.traceParent,
    summary: fixed.summary,
    tags: fixed.tags,
    channels: fixed.channels,
    origin: fixed.origin,
    rootId: fixed.rootId ?? id,
    parentId: fixed.parentId,
    flowId: fixed.flowId,
    stage: rest.stage,
    dedupeKey: fixed.dedupeKey,
    dedupeUntil: fixed.dedupeUntil,
    supersedeKey: fixed.supersedeKey,
    concurrencyKeys: fixed.concurrencyKeys,
    retry: fixed.retry,
    timeoutMs: fixed.timeoutMs,
    watchdogMs: fixed.watchdogMs,
    retainForMs: fixed.retainForMs,
    maxInterruptions: fixed.maxInterruptions,
    afterCrash: fixed.afterCrash,
    attempt: numberOf(row[7]),
    failures: numberOf(row[9]),
    interruptions: rest.interruptions,
    releases: rest.releases,
    snoozes: rest.snoozes,
    version: numberOf(row[8]),
    hostId: leased ? textOrNull(row[11]) : null,
    leaseToken: leased ? textOrNull(row[23]) : null,
    leaseExpiresAt: leased ? numberOrNull(row[24]) : null,
    lastHostId: textOrNull(row[11]),
    lastLeaseToken: textOrNull(row[10]),
    lastEndedBy: ended ? ended.by : null,
    lastEndedAs: ended ? ended.as : null,
    suspect: rest.suspect,
    started: startedAt !== null,
    pausedFrom: rest.pausedFrom,
    pausedBy: rest.pausedBy,
    pausedWhy: rest.pausedWhy,
    openDependencies: rest.openDependencies,
    waitSignal: rest.waitSignal,
    wakeAt: rest.wakeAt,
    wakeReason: rest.wakeReason,
    wakePayload: rest.wakePayload,
    waitAborted: rest.waitAborted,
    lastSignAt: numberOrNull(row[17]),
    staleAt: rest.staleAt,
    staleReason: rest.staleReason,
    cancelRequestedAt: rest.cancelRequestedAt,
    cancelReason: rest.cancelReason,
    cancelledBy: rest.cancelledBy,
    progress: rest.progress ?? usualProgress(status, finishedAt),
    createdAt: numberOf(row[13]),
    updatedAt: numberOf(row[14]),
    claimedAt: numberOrNull(row[15]),
    startedAt,
    finishedAt,
  };
  return { flags, place: numberOrNull(row[25]), task: Object.freeze(task) };
}
