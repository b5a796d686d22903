import { isFinal, isLeased, type TaskRecord } from "@millrace/models";
import {
  fixedOfColumn,
  looseOfColumn,
  statusOfCode,
  taskRecordOf,
  valueOfColumn,
  type OwnFields,
} from "@millrace/store-sql";
import type { SqliteRow } from "../driver/sqlite-database.ts";

/** A task as it stands in the tables. */
export interface StoredTask {
  readonly seq: number;
  readonly flags: number;
  /** The status as a number; below 0: queued, but not for a claim to meet. */
  readonly code: number;
  readonly task: TaskRecord;
}

/** The columns of a row in the order `storedTask` reads them. */
export const taskColumns =
  "seq, id, tenant_id, kind, status, flags, priority, scheduled_at, attempt, version, failures, lease_token, host_id, lease_expires_at, ended, created_at, updated_at, claimed_at, started_at, last_sign_at, finished_at, input, output, fixed";

/** The same without what may be large. */
export const lineColumns: string = taskColumns.replace("input, output", "null, null");

type Columns = readonly [
  seq: number,
  id: string,
  tenantId: string,
  kind: string,
  code: number,
  flags: number,
  priority: number,
  scheduledAt: number,
  attempt: number,
  version: number,
  failures: number,
  leaseToken: string | null,
  hostId: string | null,
  leaseExpiresAt: number | null,
  ended: number | null,
  createdAt: number,
  updatedAt: number | null,
  claimedAt: number | null,
  startedAt: number | null,
  lastSignAt: number | null,
  finishedAt: number | null,
  input: unknown,
  output: unknown,
  fixed: string | null,
];

/** The record of a row; `loose` is null when its flag is not set, `input` is for inputs that lie apart. */
export function storedTask(row: SqliteRow, loose: string | null, input: unknown = null): StoredTask {
  const columns = row as unknown as Columns;
  const status = statusOfCode(columns[4]);
  const rest = looseOfColumn(loose);
  const leased = isLeased(status);
  const token = columns[11];
  const own: OwnFields = {
    id: columns[1],
    tenantId: columns[2],
    kind: columns[3],
    status,
    priority: columns[6],
    scheduledAt: columns[7],
    input: valueOfColumn(input ?? columns[21]),
    output: valueOfColumn(columns[22]),
    attempt: columns[8],
    failures: columns[10],
    version: columns[9],
    hostId: leased ? columns[12] : null,
    leaseToken: leased ? token : null,
    leaseExpiresAt: columns[13],
    lastHostId: columns[12],
    lastLeaseToken: leased ? rest.lastLeaseToken : token,
    lastSignAt: columns[19] ?? columns[18] ?? columns[17],
    createdAt: columns[15],
    updatedAt: columns[16] ?? impliedUpdate(status, columns),
    claimedAt: columns[17],
    startedAt: columns[18],
    finishedAt: columns[20],
    ended: columns[14],
  };
  const task = taskRecordOf(own, fixedOfColumn(columns[23]), rest);
  return { seq: columns[0], flags: columns[5], code: columns[4], task };
}

function impliedUpdate(status: TaskRecord["status"], columns: Columns): number {
  return impliedUpdatedAt({
    status,
    createdAt: columns[15],
    claimedAt: columns[17],
    startedAt: columns[18],
    finishedAt: columns[20],
  });
}

/** When a task was last changed, as far as its other times tell: what a row with no `updated_at` means. */
export function impliedUpdatedAt(
  task: Pick<TaskRecord, "status" | "createdAt" | "claimedAt" | "startedAt" | "finishedAt">,
): number {
  if (isFinal(task.status)) return task.finishedAt ?? task.createdAt;
  if (isLeased(task.status)) return task.startedAt ?? task.claimedAt ?? task.createdAt;
  return task.createdAt;
}
