import { currentWait, type TaskId } from "@millrace/models";
import type { MemoryState } from "../state/memory-state.ts";

/** The tasks that wait for each other in a circle through this one, itself first and last; null when there is none. */
export function findCircle(state: MemoryState, start: TaskId): readonly TaskId[] | null {
  const cameFrom = new Map<TaskId, TaskId>();
  const open: TaskId[] = [start];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const next of waitedFor(state, id)) {
      if (next === start) return pathTo(id, cameFrom, start);
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, id);
      open.push(next);
    }
  }
  return null;
}

function waitedFor(state: MemoryState, id: TaskId): readonly TaskId[] {
  const task = state.tasks.get(id);
  const stage = task ? currentWait(task) : null;
  return stage === null ? [] : state.edges.ofStage(id, stage).map(({ dependency }) => dependency);
}

function pathTo(last: TaskId, cameFrom: ReadonlyMap<TaskId, TaskId>, start: TaskId): readonly TaskId[] {
  const path: TaskId[] = [start];
  for (let id: TaskId | undefined = last; id !== undefined && id !== start; id = cameFrom.get(id)) path.unshift(id);
  return [start, ...path];
}
