import { type EnqueueRequest, isFinal, type TaskId, type TaskRecord } from "@millrace/models";
import type { Sql } from "../connection/session.ts";
import type { StoredTask } from "../row/task-row.ts";
import { getTask } from "../transaction/hold.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";

type Deduped = Pick<TaskRecord, "tenantId" | "kind" | "dedupeKey">;

const takeFree: Sql = (n) => `
insert into ${n.dedupe} (tenant_id, kind, key, id) values ($1, $2, $3, $4) on conflict do nothing returning id`;
const lockHolder: Sql = (n) => `select id from ${n.dedupe} where tenant_id = $1 and kind = $2 and key = $3 for update`;
const setHolder: Sql = (n) => `update ${n.dedupe} set id = $4 where tenant_id = $1 and kind = $2 and key = $3`;

/**
 * Takes a dedupe key for a task about to be made, or answers the task that holds it: open, or within its window. Whoever
 * else wants the key waits for the end of this transaction.
 */
export async function takeDedupeKey(
  tx: StoreTransaction,
  { id, tenantId, kind, dedupeKey }: Pick<EnqueueRequest, "id"> & Deduped,
): Promise<StoredTask | null> {
  if (dedupeKey === null) return null;
  const name = [tenantId, kind, dedupeKey];
  for (;;) {
    const taken = await tx.query(takeFree, [...name, id]);
    if (taken.length > 0) return null;
    const [row] = await tx.query(lockHolder, name);
    // It went between the two looks: then it is free.
    if (!row) continue;
    const holder = await holdingTask(tx, String(row[0]));
    if (holder && holder.task.id !== id) return holder;
    tx.write(setHolder, [...name, id]);
    return null;
  }
}

async function holdingTask(tx: StoreTransaction, id: TaskId): Promise<StoredTask | null> {
  const holder = await getTask(tx, id);
  if (!holder) return null;
  const { status, dedupeUntil } = holder.task;
  const isInWindow = dedupeUntil !== null && dedupeUntil > tx.now;
  return !isFinal(status) || isInWindow ? holder : null;
}
