import { isFinal, isLeased, type TaskRecord } from "@millrace/models";
import type { Sql } from "../connection/connection.ts";
import type { SqliteRow } from "../driver/sqlite-database.ts";
import { code as codes, countCode } from "../row/task-flags.ts";
import type { StoredTask } from "../row/task-row.ts";
import { getKey } from "./key-rows.ts";
import { isSureToTake, moveEntries } from "./place-entries.ts";
import { getBySeq } from "./read-stored.ts";
import type { StoreTransaction } from "./store-transaction.ts";

const useKey: Sql = (n) => `
insert into ${n.key} (tenant_id, key, lim, used) values (?, ?, ?, 1)
on conflict (tenant_id, key) do update set
  used = used + 1, lim = case when used = 0 and fixed = 0 then excluded.lim else lim end`;
const changeKey: Sql = (n) => `update ${n.key} set used = used + ?, held = held + ? where tenant_id = ? and key = ?`;
const dropKey: Sql = (n) =>
  `delete from ${n.key} where tenant_id = ? and key = ? and used = 0 and fixed = 0 and rate is null`;
const nextParkedKind: Sql = (n) =>
  `select min(kind) from ${n.keyed} where parked = 1 and tenant_id = ? and key = ? and kind > ?`;
const bestParked: Sql = (n) => `
select seq from ${n.keyed} where parked = 1 and tenant_id = ? and key = ? and kind = ?
order by rank, scheduled_at, id limit ?`;
const setCode: Sql = (n) => `update ${n.task} set status = ? where seq = ?`;

/**
 * Follows a task's keys through a move: who carries them, who holds them. Then whoever waited for what has become free
 * gets its turn. `before` null: the task is new; `after` null: it is removed.
 */
export function changeKeyUse(tx: StoreTransaction, before: TaskRecord | null, after: TaskRecord | null): void {
  const task = after ?? before;
  if (!task) return;
  const used = Number(isOpen(after)) - Number(isOpen(before));
  const held = Number(isHeld(after)) - Number(isHeld(before));
  const mayFree = before?.status === "queued" || held < 0;
  for (const { key, limit } of task.concurrencyKeys) {
    if (used > 0) tx.use(useKey).run(task.tenantId, key, limit);
    if (used < 0 || held !== 0) tx.use(changeKey).run(Math.min(used, 0), held, task.tenantId, key);
    if (mayFree && held <= 0) releaseKey(tx, task.tenantId, key);
    if (used < 0) tx.use(dropKey).run(task.tenantId, key);
  }
}

function isOpen(task: TaskRecord | null): boolean {
  return task !== null && !isFinal(task.status);
}

function isHeld(task: TaskRecord | null): boolean {
  return task !== null && isLeased(task.status);
}

// How many tasks that may not take the key when it is free are let past with those that do.
const mostUnsure = 32;

/**
 * Moves the next tasks behind a key to where a claim meets them: for each kind as many as the key has free, because a
 * kind may be paused or unserved and must not block the others; and what stands before them, in case it cannot be taken.
 * They do not hold the key: the claim decides.
 */
export function releaseKey(tx: StoreTransaction, tenantId: string, key: string): void {
  const row = getKey(tx, tenantId, key);
  const free = row && row.limit !== null ? row.limit - row.held : 1;
  if (free <= 0) return;
  let kind = tx.use(nextParkedKind).get(tenantId, key, "")?.[0] ?? null;
  while (typeof kind === "string") {
    unpark(tx, tx.use(bestParked).all(tenantId, key, kind, free + mostUnsure), free);
    kind = tx.use(nextParkedKind).get(tenantId, key, kind)?.[0] ?? null;
  }
}

function unpark(tx: StoreTransaction, rows: readonly SqliteRow[], free: number): void {
  let sure = 0;
  for (const [seq] of rows) {
    if (sure >= free) return;
    const before = getBySeq(tx, Number(seq));
    if (!before) continue;
    stand(tx, before, { code: codes.queued, parkedKey: null });
    if (isSureToTake(before)) sure += 1;
  }
}

/**
 * Takes a ready task out of a claim's way until a key of it has something free. No move: it tells no event. Others that
 * stand behind its first key get their turn in its stead, when it was another key that was full.
 */
export function park(tx: StoreTransaction, before: StoredTask, key: string): void {
  stand(tx, before, { code: codes.parked, parkedKey: key });
  const [first] = before.task.concurrencyKeys;
  if (first && first.key !== key) releaseKey(tx, before.task.tenantId, first.key);
}

function stand(
  tx: StoreTransaction,
  before: StoredTask,
  place: { readonly code: number; readonly parkedKey: string | null },
): void {
  tx.use(setCode).run(place.code, before.seq);
  const after = { ...before, code: place.code };
  moveEntries(tx, { before, after, parkedKey: place.parkedKey });
  tx.counts.move(before.task, countCode(before), countCode(after));
}
