import type { TaskId, TaskRecord } from "@millrace/models";
import type { MemoryState } from "../state/memory-state.ts";
import { dependencyEnded } from "./dependency-ended.ts";
import { removeIfDone } from "./remove-task.ts";

/**
 * What the end of a task does to others: waiters are counted down, released, failed or aborted, which may end further
 * tasks, and so on, until nothing follows any more. Then those go that were to be removed at their end: the answer is the
 * last version of each of them.
 */
export function drainEnded(state: MemoryState): ReadonlyMap<TaskId, number> {
  const ended: TaskId[] = [];
  for (let id = state.ended.shift(); id !== undefined; id = state.ended.shift()) {
    ended.push(id);
    const task = state.tasks.get(id);
    if (task) tellWaiters(state, task);
  }
  const removed = new Map<TaskId, number>();
  for (const id of ended) {
    const neededBefore = state.edges.ofWaiter(id).map(({ dependency }) => dependency);
    for (const done of [id, ...neededBefore]) {
      const version = removeIfDone(state, done);
      if (version !== null) removed.set(done, version);
    }
  }
  return removed;
}

function tellWaiters(state: MemoryState, task: TaskRecord): void {
  state.signals.delete(task.id);
  for (const edge of state.edges.ofDependency(task.id)) dependencyEnded(state, edge, task);
}
