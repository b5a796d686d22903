import { currentWait, type TaskId } from "@millrace/models";
import type { Sql } from "../connection/session.ts";
import { peekTasks } from "../transaction/hold.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { edgesOfStage } from "./edges.ts";

// Two transactions may each add one half of a circle without touching a row of the other. So they look one after the other, and
// whoever comes second waits for the first one's end, and sees what it has added.
const lockCircles: Sql = (n) => `select pg_advisory_xact_lock(hashtextextended('${n.edge}', 0))::text`;

/**
 * The tasks that wait for each other in a circle through this one, itself first and last; null when there is none. Nobody else adds
 * to what is found until this transaction has ended.
 */
export async function findCircle(tx: StoreTransaction, start: TaskId): Promise<readonly TaskId[] | null> {
  await tx.query(lockCircles, []);
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
