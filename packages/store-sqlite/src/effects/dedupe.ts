import { isFinal, type TaskRecord } from "@millrace/models";
import type { Sql } from "../connection/connection.ts";
import type { StoredTask } from "../row/task-row.ts";
import { getBySeq } from "../transaction/read-stored.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";

type Deduped = Pick<TaskRecord, "tenantId" | "kind" | "dedupeKey">;

const selectHolder: Sql = (n) => `select seq from ${n.dedupe} where tenant_id = ? and kind = ? and key = ?`;
const putHolder: Sql = (n) => `insert or replace into ${n.dedupe} (tenant_id, kind, key, seq) values (?, ?, ?, ?)`;

/** The task that holds a dedupe key: open, or within its window. */
export function dedupeHolder(tx: StoreTransaction, { tenantId, kind, dedupeKey }: Deduped): StoredTask | null {
  if (dedupeKey === null) return null;
  const row = tx.use(selectHolder).get(tenantId, kind, dedupeKey);
  const holder = row ? getBySeq(tx, Number(row[0])) : undefined;
  if (!holder) return null;
  const { status, dedupeUntil } = holder.task;
  const isInWindow = dedupeUntil !== null && dedupeUntil > tx.now;
  return !isFinal(status) || isInWindow ? holder : null;
}

/** Gives a task its dedupe key. */
export function takeDedupeKey(tx: StoreTransaction, { seq, task }: Pick<StoredTask, "seq" | "task">): void {
  if (task.dedupeKey !== null) tx.use(putHolder).run(task.tenantId, task.kind, task.dedupeKey, seq);
}
