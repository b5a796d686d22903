import { isFinal, isLeased, type TaskRecord } from "@millrace/models";
import { endedCode, looseToColumn, statusCode } from "@millrace/store-sql";
import type { Sql } from "../connection/session.ts";
import { flag, flagsOf } from "../row/task-flags.ts";
import type { StoredTask } from "../row/task-row.ts";
import { valueToText } from "../row/value-column.ts";
import { changeKeyUse } from "./key-use.ts";
import { moveEntries } from "./place-entries.ts";
import { moveInQueue, placeOf } from "./queue-place.ts";
import type { StoreTransaction } from "./store-transaction.ts";

const insertTask: Sql = (n) => `
insert into ${n.task} (id, tenant_id, kind, status, flags, priority, scheduled_at, created_at, updated_at, input, fixed, loose)
values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10, $11)`;

const updateTask: Sql = (n) => `
update ${n.task} set status = $2, flags = $3, priority = $4, scheduled_at = $5, attempt = $6, version = $7, failures = $8,
  lease_token = $9, host_id = $10, ended = $11, updated_at = $12, claimed_at = $13, started_at = $14, last_sign_at = $15,
  finished_at = $16, output = $17, loose = $18
where id = $1`;

const updateLeased: Sql = (n) => `update ${n.task} set flags = $2, loose = $3 where id = $1`;
const updateInput: Sql = (n) => `update ${n.task} set input = $2 where id = $1`;

const insertRunning: Sql = (n) => `
insert into ${n.running} (id, tenant_id, kind, status, flags, attempt, version, lease_token, lease_expires_at, host_id,
  claimed_at, started_at, last_sign_at, updated_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`;
const updateRunning: Sql = (n) => `
update ${n.running} set status = $2, flags = $3, version = $4, lease_expires_at = $5, started_at = $6, last_sign_at = $7,
  updated_at = $8
where id = $1`;
const deleteRunning: Sql = (n) => `delete from ${n.running} where id = $1`;
const putLabels: Sql = (n) => `
insert into ${n.label} (label, id) select l, $1 from unnest($2::text[]) l on conflict do nothing`;

const setTaskFlags: Sql = (n) => `update ${n.task} set flags = $2 where id = $1`;
const addFlags: Sql = (n) => `update ${n.task} set flags = flags | $2 where id = $1`;
const addQueuedFlags: Sql = (n) => `update ${n.queue} set flags = flags | $2 where id = $1`;
const addRunningFlags: Sql = (n) => `update ${n.running} set flags = flags | $2 where id = $1`;

/** A task to be inserted, with what was already made of it. */
export interface NewRow {
  readonly task: TaskRecord;
  readonly fixed: string | null;
  readonly labels: readonly string[];
}

/** Stores a new task, whose id must be free; one that another transaction has just taken makes this one begin again. */
export function insertStored(tx: StoreTransaction, { task, fixed, labels }: NewRow): StoredTask {
  const loose = looseOf(task);
  const flags = flagsOf(task, labels.length > 0 ? flag.labels : 0, loose !== null);
  tx.write(insertTask, [
    task.id,
    task.tenantId,
    task.kind,
    statusCode(task.status),
    flags,
    task.priority,
    task.scheduledAt,
    task.createdAt,
    valueToText(task.input),
    fixed,
    loose,
  ]);
  const place = placeOf(tx, task, { flags, isNew: true });
  const stored: StoredTask = { flags, place: place.place, task };
  if (labels.length > 0) tx.write(putLabels, [task.id, [...new Set(labels)]]);
  moveInQueue(tx, { before: null, after: stored, parkedKey: place.parkedKey });
  moveEntries(tx, null, stored);
  if (flags & flag.keys) changeKeyUse(tx, null, task);
  tx.held.set(task.id, stored);
  return stored;
}

/** Writes a task that this transaction has locked, and puts it where it now belongs. */
export function saveStored(
  tx: StoreTransaction,
  before: StoredTask,
  after: { readonly task: TaskRecord; readonly moreFlags: number },
): StoredTask {
  const task = Object.freeze(after.task);
  const loose = looseOf(task);
  const flags = flagsOf(task, before.flags | after.moreFlags, loose !== null);
  const place = placeOf(tx, task, { flags, isNew: false });
  const stored: StoredTask = { flags, place: place.place, task };
  if (isLeased(task.status)) writeLeased(tx, before, { stored, loose });
  else writeRow(tx, stored, loose);
  if (isLeased(before.task.status) && !isLeased(task.status)) tx.write(deleteRunning, [task.id]);
  moveInQueue(tx, { before, after: stored, parkedKey: place.parkedKey });
  moveEntries(tx, before, stored);
  tx.held.set(task.id, stored);
  if (flags & flag.keys) changeKeyUse(tx, before.task, task);
  if (isFinal(task.status) && !isFinal(before.task.status)) tx.ended.push(task.id);
  return stored;
}

// The last token stands in the record and the current one in the row of the lease: neither needs a place of its own.
function looseOf(task: TaskRecord): string | null {
  return looseToColumn(task.lastLeaseToken === null ? task : { ...task, lastLeaseToken: null });
}

function writeRow(tx: StoreTransaction, { flags, task }: StoredTask, loose: string | null): void {
  const ended = task.lastEndedBy && task.lastEndedAs ? endedCode(task.lastEndedBy, task.lastEndedAs) : null;
  tx.write(updateTask, [
    task.id,
    statusCode(task.status),
    flags,
    task.priority,
    task.scheduledAt,
    task.attempt,
    task.version,
    task.failures,
    task.lastLeaseToken,
    task.lastHostId,
    ended,
    task.updatedAt,
    task.claimedAt,
    task.startedAt,
    task.lastSignAt,
    task.finishedAt,
    valueToText(task.output),
    loose,
  ]);
}

/** Of a leased task the record is written only when something of it changed that the row of the lease does not tell. */
function writeLeased(
  tx: StoreTransaction,
  before: StoredTask,
  { stored, loose }: { readonly stored: StoredTask; readonly loose: string | null },
): void {
  const { flags, task } = stored;
  const status = statusCode(task.status);
  if (isLeased(before.task.status)) {
    const { id, version, leaseExpiresAt, startedAt, lastSignAt, updatedAt } = task;
    tx.write(updateRunning, [id, status, flags, version, leaseExpiresAt, startedAt, lastSignAt, updatedAt]);
  } else {
    tx.write(insertRunning, [
      task.id,
      task.tenantId,
      task.kind,
      status,
      flags,
      task.attempt,
      task.version,
      task.leaseToken,
      task.leaseExpiresAt,
      task.hostId,
      task.claimedAt,
      task.startedAt,
      task.lastSignAt,
      task.updatedAt,
    ]);
  }
  if (flags !== before.flags || loose !== looseOf(before.task)) tx.write(updateLeased, [task.id, flags, loose]);
}

/** Gives a task another input. */
export function saveInput(tx: StoreTransaction, { task }: StoredTask): void {
  tx.write(updateInput, [task.id, valueToText(task.input)]);
}

/** Marks a locked task as one that has rows elsewhere: also where the short statements look. */
export function setFlags(tx: StoreTransaction, { task: { id } }: StoredTask, flags: number): void {
  const stored = tx.held.get(id);
  if (!stored || (stored.flags & flags) === flags) return;
  tx.write(addFlags, [id, flags]);
  if (stored.place !== null) tx.write(addQueuedFlags, [id, flags]);
  if (isLeased(stored.task.status)) tx.write(addRunningFlags, [id, flags]);
  tx.held.set(id, { ...stored, flags: stored.flags | flags });
}

/** Marks a locked final task as one whose end is still to be followed, or no longer. */
export function setEnding(tx: StoreTransaction, before: StoredTask, isEnding: boolean): void {
  const after = { ...before, flags: isEnding ? before.flags | flag.ending : before.flags & ~flag.ending };
  tx.write(setTaskFlags, [after.task.id, after.flags]);
  moveEntries(tx, before, after);
  tx.held.set(after.task.id, after);
}
