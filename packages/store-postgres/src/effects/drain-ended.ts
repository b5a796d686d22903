import type { TaskId } from "@millrace/models";
import type { Sql } from "../connection/session.ts";
import { flag } from "../row/task-flags.ts";
import type { StoredTask } from "../row/task-row.ts";
import { getTask, hold } from "../transaction/hold.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { setEnding } from "../transaction/task-table.ts";
import { dependencyEnded } from "./dependency-ended.ts";
import { dependenciesOf, edgesInto } from "./edges.ts";
import { removeIfDone } from "./remove-task.ts";

/** Only of a task with one of these may anything follow. */
const mayLead = flag.waitedFor | flag.waits | flag.signals | flag.retained;
const dropSignals: Sql = (n) => `delete from ${n.signal} where task = $1`;

/**
 * What the end of a task does to others: waiters are counted down, released, failed or aborted, which may end further
 * tasks, and so on, until nothing follows any more, or enough was done for one transaction. Then those go that were to be
 * removed at their end.
 */
export async function drainEnded(tx: StoreTransaction): Promise<void> {
  if (tx.ended.length === 0) return;
  const followed: StoredTask[] = [];
  // What the item has ended itself is followed at once.
  let own = tx.ended.length;
  for (let id = tx.ended.shift(); id !== undefined; id = tx.ended.shift(), own -= 1) {
    const stored = await getTask(tx, id);
    if (!stored) continue;
    if (own <= 0 && isForLater(tx, stored)) continue;
    followed.push(stored);
    await tellWaiters(tx, stored);
  }
  for (const { flags, task } of followed) {
    const neededBefore = flags & flag.waits ? await dependenciesOf(tx, task.id) : [];
    if (flags & flag.retained) await removeIfDone(tx, task.id);
    for (const dependency of neededBefore) await removeIfDone(tx, dependency);
  }
}

/** Follows tasks that an earlier transaction has left to be followed; all of them must be held. */
export async function followLeft(tx: StoreTransaction, ids: readonly TaskId[]): Promise<void> {
  for (const id of ids) {
    const stored = await getTask(tx, id);
    if (stored && stored.flags & flag.ending) tx.ended.push(id);
  }
  await drainEnded(tx);
}

/** Leaves a task, if anything may follow from it, to a later transaction once this one has done enough. */
function isForLater(tx: StoreTransaction, stored: StoredTask): boolean {
  if ((stored.flags & mayLead) === 0 || tx.budget.take()) return false;
  setEnding(tx, stored, true);
  return true;
}

async function tellWaiters(tx: StoreTransaction, stored: StoredTask): Promise<void> {
  const { flags, task } = stored;
  if (flags & flag.ending) setEnding(tx, stored, false);
  if (flags & flag.signals) tx.write(dropSignals, [task.id]);
  if ((flags & flag.waitedFor) === 0) return;
  const edges = await edgesInto(tx, [task.id]);
  await hold(
    tx,
    edges.map(({ waiter }) => waiter),
  );
  for (const edge of edges) await dependencyEnded(tx, edge, task);
}
