import {
  type EnqueueRequest,
  type EnqueueWarning,
  limitDiffersMessage,
  newTask,
  type TaskRecord,
} from "@millrace/models";
import { eventCode, fixedToColumn, labelsOf, ownedRecord, statusCode } from "@millrace/store-sql";
import type { StoredTask } from "../row/task-row.ts";
import { keyId, peekLimits } from "../transaction/key-rows.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { insertStored } from "../transaction/task-table.ts";

/** The number of the event that M1 tells. */
export const enqueuedCode: number = eventCode("enqueued") ?? 0;

/** M1: stores a new task and tells it. */
export function makeTask(tx: StoreTransaction, request: EnqueueRequest, openDependencies: number): StoredTask {
  const task = newTask(request, openDependencies, tx.now);
  const fixed = fixedToColumn(task);
  const record = fixed === null ? Object.freeze(withOwnInput(task)) : ownedRecord(withOwnInput(task));
  const stored = insertStored(tx, { task: record, fixed, labels: fixed === null ? [] : labelsOf(record) });
  const { id, createdAt: at, tenantId, kind, status, reason } = record;
  const fields = {
    type: enqueuedCode,
    at,
    tenantId,
    kind,
    was: null,
    became: statusCode(status),
    reason,
    hostId: null,
  };
  tx.journal.tellShort(fields, { id, version: 1, attempt: 0 });
  return stored;
}

/** Bytes are copied before the first wait, so that the caller may go on changing them. */
export function withOwnInput(task: TaskRecord): TaskRecord {
  const { input } = task;
  if (input === null || typeof input === "string") return task;
  return { ...task, input: Object.freeze({ ...input, bytes: input.bytes.slice() }) };
}

/** What is to be said of the keys of a new task, before it takes them. */
export async function keyWarnings(tx: StoreTransaction, request: EnqueueRequest): Promise<readonly EnqueueWarning[]> {
  await peekLimits(tx, [request]);
  return request.concurrencyKeys.flatMap(({ key, limit }): readonly EnqueueWarning[] => {
    const id = keyId(request.tenantId, key);
    const known = tx.limits.get(id) ?? null;
    tx.limits.set(id, known ?? limit);
    if (known === null || known === limit) return [];
    return [{ code: "LIMIT_DIFFERS", message: limitDiffersMessage(key, known, limit) }];
  });
}
