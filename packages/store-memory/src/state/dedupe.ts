import { isFinal, type TaskRecord } from "@millrace/models";
import type { MemoryState } from "./memory-state.ts";
import { scopedKey } from "./scoped-key.ts";

type Deduped = Pick<TaskRecord, "tenantId" | "kind" | "dedupeKey">;

/** The task that holds a dedupe key: open, or within its window. */
export function dedupeHolder(state: MemoryState, task: Deduped): TaskRecord | null {
  if (task.dedupeKey === null) return null;
  const id = state.dedupe.get(dedupeIdOf(task));
  const holder = id === undefined ? undefined : state.tasks.get(id);
  if (!holder) return null;
  const isInWindow = holder.dedupeUntil !== null && holder.dedupeUntil > state.now;
  return !isFinal(holder.status) || isInWindow ? holder : null;
}

/** Gives a task its dedupe key. */
export function takeDedupeKey(state: MemoryState, task: TaskRecord): void {
  if (task.dedupeKey !== null) state.dedupe.set(dedupeIdOf(task), task.id);
}

/** Forgets that a task ever held its dedupe key. */
export function dropDedupeKey(state: MemoryState, task: TaskRecord): void {
  if (task.dedupeKey === null) return;
  const dedupeId = dedupeIdOf(task);
  if (state.dedupe.get(dedupeId) === task.id) state.dedupe.delete(dedupeId);
}

function dedupeIdOf(task: Deduped): string {
  return scopedKey(task.tenantId, task.kind, task.dedupeKey ?? "");
}
