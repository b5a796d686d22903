import { currentWait, type TaskId } from "@millrace/models";
import { peekTasks } from "../transaction/hold.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { edgesOfStage } from "./edges.ts";

/** The tasks that wait for each other in a circle through this one, itself first and last; null when there is none. */
export async function findCircle(tx: StoreTransaction, start: TaskId): Promise<readonly TaskId[] | null> {
  const cameFrom = new Map<TaskId, TaskId>();
  const open: TaskId[] = [start];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const next of await waitedFor(tx, id)) {
      if (next === start) return pathTo(id, cameFrom, start);
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, id);
      open.push(next);
    }
  }
  return null;
}

async function waitedFor(tx: StoreTransaction, id: TaskId): Promise<readonly TaskId[]> {
  const stored = (await peekTasks(tx, [id])).get(id);
  const stage = stored ? currentWait(stored.task) : null;
  return stage === null ? [] : (await edgesOfStage(tx, id, stage)).map(({ dependency }) => dependency);
}

function pathTo(last: TaskId, cameFrom: ReadonlyMap<TaskId, TaskId>, start: TaskId): readonly TaskId[] {
  const path: TaskId[] = [start];
  for (let id: TaskId | undefined = last; id !== undefined && id !== start; id = cameFrom.get(id)) path.unshift(id);
  return [start, ...path];
}
