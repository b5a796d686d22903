import {
  type EnqueueRequest,
  type EnqueueWarning,
  limitDiffersMessage,
  newTask,
  type TaskRecord,
} from "@millrace/models";
import { eventCode, fixedToColumn, labelsOf, ownedRecord, statusCode } from "@millrace/store-sql";
import type { StoredTask } from "../row/task-row.ts";
import { getKey } from "../transaction/key-rows.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { insertStored } from "../transaction/task-table.ts";

const enqueued = eventCode("enqueued") ?? 0;

/** M1: stores a new task and tells it; null when its id is taken. */
export function makeTask(tx: StoreTransaction, request: EnqueueRequest, openDependencies: number): StoredTask | null {
  const task = newTask(request, openDependencies, tx.now);
  const fixed = fixedToColumn(task);
  const record = fixed === null ? Object.freeze(task) : ownedRecord(task);
  const stored = insertStored(tx, { task: record, fixed, labels: fixed === null ? [] : labelsOf(record) });
  if (stored) tellEnqueued(tx, record);
  return stored;
}

/** What M1 tells. */
export function tellEnqueued(
  tx: StoreTransaction,
  { id, createdAt: at, tenantId, kind, status, reason }: TaskRecord,
): void {
  const became = statusCode(status);
  const fields = { type: enqueued, at, tenantId, kind, was: null, became, reason, hostId: null };
  tx.journal.tellShort(fields, { id, version: 1, attempt: 0 });
}

/** What is to be said of the keys of a new task, before it takes them. */
export function keyWarnings(
  tx: StoreTransaction,
  request: Pick<TaskRecord, "tenantId" | "concurrencyKeys">,
): readonly EnqueueWarning[] {
  return request.concurrencyKeys.flatMap(({ key, limit }): readonly EnqueueWarning[] => {
    const row = getKey(tx, request.tenantId, key);
    if (!row || row.limit === null || row.limit === limit) return [];
    return [{ code: "LIMIT_DIFFERS", message: limitDiffersMessage(key, row.limit, limit) }];
  });
}
