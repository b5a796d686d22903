import type { TaskId } from "@millrace/models";
import type { Sql } from "../connection/connection.ts";
import { flag } from "../row/task-flags.ts";
import type { StoredTask } from "../row/task-row.ts";
import { getTask } from "../transaction/read-stored.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { dependencyEnded } from "./dependency-ended.ts";
import { dependenciesOf, edgesInto } from "./edges.ts";
import { removeIfDone } from "./remove-task.ts";

const dropSignals: Sql = (n) => `delete from ${n.signal} where task = ?`;

/**
 * What the end of a task does to others: waiters are counted down, released, failed or aborted, which may end further
 * tasks, and so on, until nothing follows any more. Then those go that were to be removed at their end.
 */
export function drainEnded(tx: StoreTransaction): void {
  if (tx.ended.length === 0) return;
  const ended: StoredTask[] = [];
  for (let id: TaskId | undefined = tx.ended.shift(); id !== undefined; id = tx.ended.shift()) {
    const stored = getTask(tx, id);
    if (!stored) continue;
    ended.push(stored);
    tellWaiters(tx, stored);
  }
  for (const { seq, flags } of ended) {
    const neededBefore = flags & flag.waits ? dependenciesOf(tx, seq) : [];
    if (flags & flag.retained) removeIfDone(tx, seq);
    for (const dependency of neededBefore) removeIfDone(tx, dependency);
  }
}

function tellWaiters(tx: StoreTransaction, { seq, flags, task }: StoredTask): void {
  if (flags & flag.signals) tx.use(dropSignals).run(seq);
  if ((flags & flag.waitedFor) === 0) return;
  for (const edge of edgesInto(tx, seq)) dependencyEnded(tx, edge, task);
}
