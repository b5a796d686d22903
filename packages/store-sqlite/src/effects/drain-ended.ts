import type { TaskId } from "@millrace/models";
import type { Sql } from "../connection/connection.ts";
import { flag } from "../row/task-flags.ts";
import type { StoredTask } from "../row/task-row.ts";
import { getTask } from "../transaction/read-stored.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { setEnding } from "../transaction/task-table.ts";
import { dependencyEnded } from "./dependency-ended.ts";
import { dependenciesOf, edgesInto } from "./edges.ts";
import { removeIfDone } from "./remove-task.ts";

/** Only of a task with one of these may anything follow. */
const mayLead = flag.waitedFor | flag.waits | flag.signals | flag.retained;
const dropSignals: Sql = (n) => `delete from ${n.signal} where task = ?`;

/**
 * What the end of a task does to others: waiters are counted down, released, failed or aborted, which may end further
 * tasks, and so on, until nothing follows any more, or enough was done for one transaction. Then those go that were to be
 * removed at their end.
 */
export function drainEnded(tx: StoreTransaction): void {
  if (tx.ended.length === 0) return;
  const followed: StoredTask[] = [];
  // What the item has ended itself is followed at once.
  let own = tx.ended.length;
  for (let id: TaskId | undefined = tx.ended.shift(); id !== undefined; id = tx.ended.shift(), own -= 1) {
    const stored = getTask(tx, id);
    if (!stored) continue;
    if (own <= 0 && isForLater(tx, stored)) continue;
    followed.push(stored);
    tellWaiters(tx, stored);
  }
  for (const { seq, flags } of followed) {
    const neededBefore = flags & flag.waits ? dependenciesOf(tx, seq) : [];
    if (flags & flag.retained) removeIfDone(tx, seq);
    for (const dependency of neededBefore) removeIfDone(tx, dependency);
  }
}

/** Follows tasks that an earlier transaction has left to be followed. */
export function followLeft(tx: StoreTransaction, ids: readonly TaskId[]): void {
  for (const id of ids) {
    const stored = getTask(tx, id);
    if (stored && stored.flags & flag.ending) tx.ended.push(id);
  }
  drainEnded(tx);
}

/** Leaves a task, if anything may follow from it, to a later transaction once this one has done enough. */
function isForLater(tx: StoreTransaction, stored: StoredTask): boolean {
  if ((stored.flags & mayLead) === 0 || tx.budget.take()) return false;
  setEnding(tx, stored, true);
  return true;
}

function tellWaiters(tx: StoreTransaction, stored: StoredTask): void {
  const { seq, flags, task } = stored;
  if (flags & flag.ending) setEnding(tx, stored, false);
  if (flags & flag.signals) tx.use(dropSignals).run(seq);
  if ((flags & flag.waitedFor) === 0) return;
  for (const edge of edgesInto(tx, seq)) dependencyEnded(tx, edge, task);
}
