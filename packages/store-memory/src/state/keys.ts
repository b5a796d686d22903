import type { ConcurrencyKey, TaskRecord } from "@millrace/models";
import type { KeyRow, MemoryState } from "./memory-state.ts";
import { keyIdsOf } from "./ready-queue.ts";

/** A key of a tenant as it stands; undefined when no open task carries it and no operator has spoken of it. */
export function keyRow(state: MemoryState, keyId: string): KeyRow | undefined {
  const row = state.keys.get(keyId);
  const isAlive = row && (row.rate !== null || hasLimit(state, keyId, row));
  return isAlive ? row : undefined;
}

/** A limit is an operator's, or that of the enqueue which began the present use of the key. */
function hasLimit(state: MemoryState, keyId: string, row: KeyRow): boolean {
  return row.isSet || state.tasks.held.ofKey(keyId).open > 0;
}

/** Makes the keys of a task that do not exist yet, with the limits it believes in. Answers the keys that differ. */
export function takeKeys(
  state: MemoryState,
  task: Pick<TaskRecord, "tenantId" | "concurrencyKeys">,
): readonly { readonly asked: ConcurrencyKey; readonly limit: number }[] {
  const keyIds = keyIdsOf(task);
  return task.concurrencyKeys.flatMap((asked, index) => {
    const keyId = keyIds[index] ?? "";
    const row = keyRow(state, keyId);
    if (row && hasLimit(state, keyId, row)) return row.limit === asked.limit ? [] : [{ asked, limit: row.limit }];
    const { key, limit } = asked;
    const fresh: KeyRow = { tenantId: task.tenantId, key, limit, isSet: false, rate: null, bucket: null };
    state.keys.set(keyId, row ? { ...row, limit } : fresh);
    return [];
  });
}

/** Forgets keys that nobody carries or has set. */
export function sweepKeys(state: MemoryState): void {
  for (const keyId of state.keys.keys()) if (!keyRow(state, keyId)) state.keys.delete(keyId);
}
