import { isFinal, type TaskId, type TaskRecord } from "@millrace/models";
import { dropDedupeKey } from "../state/dedupe.ts";
import type { MemoryState } from "../state/memory-state.ts";
import { makeMove } from "./make-move.ts";

/** The open task that still needs this one's result; null when none does. */
export function neededBy(state: MemoryState, taskId: TaskId): TaskId | null {
  for (const { waiter } of state.edges.ofDependency(taskId)) {
    const task = state.tasks.get(waiter);
    if (task && !isFinal(task.status)) return waiter;
  }
  return null;
}

/** Removes a task whose end has come and that nobody needs, if it said `retainForMs: 0`; answers its last version. */
export function removeIfDone(state: MemoryState, taskId: TaskId): number | null {
  const task = state.tasks.get(taskId);
  if (!task || !isFinal(task.status) || task.retainForMs !== 0) return null;
  return neededBy(state, taskId) === null ? removeTask(state, task) : null;
}

/** The record goes, and all that belongs to it; the journal keeps its events. Answers the version of the last one. */
export function removeTask(state: MemoryState, task: TaskRecord): number {
  const result = makeMove(state, task, { type: "remove" });
  const { id } = task;
  const dependencies = state.edges.ofWaiter(id).map(({ dependency }) => dependency);
  dropDedupeKey(state, task);
  state.tasks.delete(id);
  state.attempts.delete(id);
  state.steps.deleteTask(id);
  state.memos.delete(id);
  state.signals.delete(id);
  state.edges.dropWaiter(id, Number.NEGATIVE_INFINITY);
  state.edges.dropDependency(id);
  // What only this task needed may have outlived its own end.
  for (const dependency of dependencies) removeIfDone(state, dependency);
  return result.type === "made" ? result.task.version : task.version;
}
