import { type EnqueueRequest, isFinal } from "@millrace/models";
import type { StoredTask } from "../row/task-row.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { makeMove } from "./make-move.ts";
import type { PlacedTask } from "./place-group.ts";

/** Answers a request with the holder of its dedupe key, changed as the request says; null when it must be refused. */
export function reuseHolder(tx: StoreTransaction, holder: StoredTask, request: EnqueueRequest): PlacedTask | null {
  const { dedupePolicy, debounceMs } = request;
  const { id, status } = holder.task;
  const reused: PlacedTask = { disposition: "reused", taskId: id, supersededTaskIds: [], warnings: [] };
  const debouncedTo = debounceMs === null || isFinal(status) ? null : tx.now + debounceMs;
  if (dedupePolicy === "reject" && debouncedTo === null) return null;
  if (dedupePolicy === "replace") {
    const result = makeMove(tx, holder, { type: "replace-input", input: request.input, scheduledAt: debouncedTo });
    return result.type === "made" ? reused : { ...reused, notReplaced: true };
  }
  // A holder that is no longer queued refuses to be moved, and is reused as it is.
  if (debouncedTo !== null) makeMove(tx, holder, { type: "reschedule", scheduledAt: debouncedTo, priority: null });
  return reused;
}
