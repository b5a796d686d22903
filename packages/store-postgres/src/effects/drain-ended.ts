import type { Sql } from "../connection/session.ts";
import { flag } from "../row/task-flags.ts";
import type { StoredTask } from "../row/task-row.ts";
import { getTask, hold } from "../transaction/hold.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { dependencyEnded } from "./dependency-ended.ts";
import { dependenciesOf, edgesInto } from "./edges.ts";
import { removeIfDone } from "./remove-task.ts";

const dropSignals: Sql = (n) => `delete from ${n.signal} where task = $1`;

/**
 * What the end of a task does to others: waiters are counted down, released, failed or aborted, which may end further
 * tasks, and so on, until nothing follows any more. Then those go that were to be removed at their end.
 */
export async function drainEnded(tx: StoreTransaction): Promise<void> {
  if (tx.ended.length === 0) return;
  const ended: StoredTask[] = [];
  for (let id = tx.ended.shift(); id !== undefined; id = tx.ended.shift()) {
    const stored = await getTask(tx, id);
    if (!stored) continue;
    ended.push(stored);
    await tellWaiters(tx, stored);
  }
  for (const { flags, task } of ended) {
    const neededBefore = flags & flag.waits ? await dependenciesOf(tx, task.id) : [];
    if (flags & flag.retained) await removeIfDone(tx, task.id);
    for (const dependency of neededBefore) await removeIfDone(tx, dependency);
  }
}

async function tellWaiters(tx: StoreTransaction, { flags, task }: StoredTask): Promise<void> {
  if (flags & flag.signals) tx.write(dropSignals, [task.id]);
  if ((flags & flag.waitedFor) === 0) return;
  const edges = await edgesInto(tx, [task.id]);
  await hold(
    tx,
    edges.map(({ waiter }) => waiter),
  );
  for (const edge of edges) await dependencyEnded(tx, edge, task);
}
