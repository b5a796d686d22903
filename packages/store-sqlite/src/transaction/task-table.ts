import { isFinal, isLeased, type TaskRecord } from "@millrace/models";
import { endedCode, looseToColumn, valueToColumn } from "@millrace/store-sql";
import type { Sql } from "../connection/connection.ts";
import { countCode, flag, flagsOf } from "../row/task-flags.ts";
import { impliedUpdatedAt, type StoredTask } from "../row/task-row.ts";
import { changeKeyUse } from "./key-use.ts";
import { moveEntries, placeOf } from "./place-entries.ts";
import type { StoreTransaction } from "./store-transaction.ts";

const insertTask: Sql = (n) => `
insert into ${n.task} (id, tenant_id, kind, status, flags, priority, scheduled_at, created_at, input, fixed)
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (id) do nothing`;

const updateTask: Sql = (n) => `
update ${n.task} set status = ?, flags = ?, priority = ?, scheduled_at = ?, attempt = ?, version = ?, failures = ?,
  lease_token = ?, host_id = ?, lease_expires_at = ?, ended = ?, updated_at = ?, claimed_at = ?, started_at = ?,
  last_sign_at = ?, finished_at = ?, output = ?
where seq = ? and version = ? and flags = ?`;

const updateInput: Sql = (n) => `update ${n.task} set input = ? where seq = ?`;
const putInput: Sql = (n) => `insert or replace into ${n.input} (seq, input) values (?, ?)`;
const dropInput: Sql = (n) => `delete from ${n.input} where seq = ?`;
const putLoose: Sql = (n) => `insert or replace into ${n.loose} (seq, loose) values (?, ?)`;
const dropLoose: Sql = (n) => `delete from ${n.loose} where seq = ?`;
const putLabel: Sql = (n) => `insert or ignore into ${n.label} (label, seq) values (?, ?)`;
const setTaskFlags: Sql = (n) => `update ${n.task} set flags = ? where seq = ?`;
const addFlags: Sql = (n) => `update ${n.task} set flags = flags | ? where seq = ?`;

// An update rewrites its whole row: above this a claim and a settlement would mostly copy the input.
export const longestInlineInput = 3_000;

/** Whether a new task has nothing that lies apart. */
export function isUsualWhenNew({ status, expiresAt, state, wakeReason }: TaskRecord): boolean {
  return status === "queued" && expiresAt === null && state === null && wakeReason === null;
}

/** A task to be inserted, with what was already made of it. */
export interface NewRow {
  readonly task: TaskRecord;
  readonly fixed: string | null;
  readonly labels: readonly string[];
}

/** Stores a new task; null when its id is taken. */
export function insertStored(tx: StoreTransaction, { task, fixed, labels }: NewRow): StoredTask | null {
  const loose = isUsualWhenNew(task) ? null : looseToColumn(task);
  const input = valueToColumn(task.input);
  const isApart = input !== null && input.length > longestInlineInput;
  const flags = flagsOf(task, (isApart ? flag.input : 0) | (labels.length > 0 ? flag.labels : 0), loose !== null);
  const place = placeOf(tx, task, flags);
  const { changes, lastInsertRowid } = tx
    .use(insertTask)
    .run(
      task.id,
      task.tenantId,
      task.kind,
      place.code,
      flags,
      task.priority,
      task.scheduledAt,
      task.createdAt,
      isApart ? null : input,
      fixed,
    );
  if (Number(changes) === 0) return null;
  const stored: StoredTask = { seq: Number(lastInsertRowid), flags, code: place.code, task };
  if (isApart) tx.use(putInput).run(stored.seq, input);
  if (loose !== null) tx.use(putLoose).run(stored.seq, loose);
  for (const label of labels) tx.use(putLabel).run(label, stored.seq);
  if (flags !== 0 || place.code !== 1) moveEntries(tx, { before: null, after: stored, parkedKey: place.parkedKey });
  if (flags & flag.keys) changeKeyUse(tx, null, task);
  tx.counts.add(task, countCode(stored), 1);
  return stored;
}

/**
 * Writes a task after a move and puts it where it now belongs; null when the row is not as `before` says, which can only
 * be when that was a guess.
 */
export function saveStored(
  tx: StoreTransaction,
  before: StoredTask,
  after: { readonly task: TaskRecord; readonly moreFlags: number },
): StoredTask | null {
  const { task } = after;
  const loose = looseToColumn(task);
  const flags = flagsOf(task, before.flags | after.moreFlags, loose !== null);
  const place = placeOf(tx, task, flags);
  if (!updateRow(tx, before, { task, flags, code: place.code })) return null;
  const { seq } = before;
  if (loose !== null) tx.use(putLoose).run(seq, loose);
  else if (before.flags & flag.loose) tx.use(dropLoose).run(seq);
  const stored: StoredTask = { seq, flags, code: place.code, task };
  moveEntries(tx, { before, after: stored, parkedKey: place.parkedKey });
  if (flags & flag.keys) changeKeyUse(tx, before.task, task);
  tx.counts.move(task, countCode(before), countCode(stored));
  if (isLeased(task.status)) tx.leases.set(stored);
  else if (isLeased(before.task.status)) tx.leases.delete(task.id);
  if (isFinal(task.status) && !isFinal(before.task.status)) tx.ended.push(task.id);
  return stored;
}

function updateRow(tx: StoreTransaction, before: StoredTask, after: Omit<StoredTask, "seq">): boolean {
  const { task, flags, code } = after;
  const token = task.leaseToken ?? task.lastLeaseToken;
  const ended = task.lastEndedBy && task.lastEndedAs ? endedCode(task.lastEndedBy, task.lastEndedAs) : null;
  const impliedSign = task.startedAt ?? task.claimedAt;
  const { changes } = tx
    .use(updateTask)
    .run(
      code,
      flags,
      task.priority,
      task.scheduledAt,
      task.attempt,
      task.version,
      task.failures,
      token,
      task.lastHostId,
      task.leaseExpiresAt,
      ended,
      task.updatedAt === impliedUpdatedAt(task) ? null : task.updatedAt,
      task.claimedAt,
      task.startedAt,
      task.lastSignAt === impliedSign ? null : task.lastSignAt,
      task.finishedAt,
      valueToColumn(task.output),
      before.seq,
      before.task.version,
      before.flags,
    );
  return Number(changes) === 1;
}

/** Gives a task another input. */
export function saveInput(tx: StoreTransaction, stored: StoredTask): void {
  const input = valueToColumn(stored.task.input);
  const isApart = input !== null && input.length > longestInlineInput;
  tx.use(updateInput).run(isApart ? null : input, stored.seq);
  if (isApart) tx.use(putInput).run(stored.seq, input);
  else if (stored.flags & flag.input) tx.use(dropInput).run(stored.seq);
  if (isApart) setFlags(tx, stored.seq, flag.input);
}

/** Marks a task as one that has rows elsewhere. A lease cached elsewhere notices by its next write. */
export function setFlags(tx: StoreTransaction, seq: number, flags: number): void {
  tx.use(addFlags).run(flags, seq);
}

/** Marks a final task as one whose end is still to be followed, or no longer. */
export function setEnding(tx: StoreTransaction, before: StoredTask, isEnding: boolean): void {
  const after = { ...before, flags: isEnding ? before.flags | flag.ending : before.flags & ~flag.ending };
  tx.use(setTaskFlags).run(after.flags, after.seq);
  moveEntries(tx, { before, after, parkedKey: null });
}
