import { type EnqueueRequest, isFinal, type TaskRecord } from "@millrace/models";
import { frozenCopy } from "../state/frozen.ts";
import type { MemoryState } from "../state/memory-state.ts";
import { makeMove } from "./make-move.ts";
import type { PlacedTask } from "./place-group.ts";

/** Answers a request with the holder of its dedupe key, changed as the request says; null when it must be refused. */
export function reuseHolder(state: MemoryState, holder: TaskRecord, request: EnqueueRequest): PlacedTask | null {
  const { dedupePolicy, debounceMs } = request;
  const reused: PlacedTask = { disposition: "reused", taskId: holder.id, supersededTaskIds: [], warnings: [] };
  const debouncedTo = debounceMs === null || isFinal(holder.status) ? null : state.now + debounceMs;
  if (dedupePolicy === "reject" && debouncedTo === null) return null;
  if (dedupePolicy === "replace") {
    const input = frozenCopy(request.input);
    const result = makeMove(state, holder, { type: "replace-input", input, scheduledAt: debouncedTo });
    return result.type === "made" ? reused : { ...reused, notReplaced: true };
  }
  // A holder that is no longer queued refuses to be moved, and is reused as it is.
  if (debouncedTo !== null) makeMove(state, holder, { type: "reschedule", scheduledAt: debouncedTo, priority: null });
  return reused;
}
