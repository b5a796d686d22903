import { isFinal, removesAnything, type RetentionFacet, type TaskRetentionPolicy } from "@millrace/models";
import type { Sql } from "../connection/connection.ts";
import { neededBy } from "../effects/edges.ts";
import { removeTask } from "../effects/remove-task.ts";
import { journalHorizon } from "../read/journal-horizon.ts";
import { noteSweep } from "../read/last-sweep.ts";
import { lastEvent } from "../read/journal-place.ts";
import { getBySeq } from "../transaction/read-stored.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";

const defaultJournalKeepMs = 24 * 60 * 60 * 1000;

type Pruned = Awaited<ReturnType<RetentionFacet["prune"]>>;

const crowdedTasks: Sql = (n) => `
select task, count(*) from ${n.step} group by task having count(*) > ? order by task limit ?`;
const dropOldestSteps: Sql = (n) => `
delete from ${n.step} where task = ? and (attempt, n) in (
  select attempt, n from ${n.step} where task = ? order by attempt, n limit ?)`;
const oldEvents: Sql = (n) => `select seq, n, at from ${n.event} where seq < ? order by seq limit ?`;
const dropEvents: Sql = (n) => `delete from ${n.event} where seq <= ?`;

/**
 * How many tasks to look for that may go: those that are still needed are found again each time, and must not keep the
 * others from going.
 */
export function candidatesFor(limit: number): number {
  return limit * 2 + 100;
}

/** One bounded bite of what a policy lets go: at most `limit` rows of each sort. `outdated` are the tasks that may go. */
export function prune(
  tx: StoreTransaction,
  policy: TaskRetentionPolicy,
  { limit, outdated }: { readonly limit: number; readonly outdated: readonly number[] },
): Pruned {
  tx.journal.begin("prune");
  const steps = pruneSteps(tx, policy.stepLimitPerTask ?? null, limit);
  const { deletedTasks, isCut } = pruneTasks(tx, outdated, limit);
  const deletedEvents = pruneJournal(tx, policy.journalKeepMs ?? defaultJournalKeepMs, limit);
  const more = isCut || [steps.deletedSteps, deletedTasks, deletedEvents].some((count) => count >= limit);
  if (!more && removesAnything(policy)) noteSweep(tx, policy);
  return { ...steps, deletedTasks, deletedEvents, more };
}

function pruneSteps(
  tx: StoreTransaction,
  keep: number | null,
  limit: number,
): Pick<Pruned, "deletedSteps" | "compactedTasks"> {
  let deletedSteps = 0;
  let compactedTasks = 0;
  if (keep === null) return { deletedSteps, compactedTasks };
  for (const [task, count] of tx.use(crowdedTasks).all(keep, limit)) {
    const surplus = Math.min(Number(count) - keep, limit - deletedSteps);
    if (surplus <= 0) break;
    tx.use(dropOldestSteps).run(task ?? null, task ?? null, surplus);
    deletedSteps += surplus;
    compactedTasks += 1;
  }
  return { deletedSteps, compactedTasks };
}

function pruneTasks(
  tx: StoreTransaction,
  outdated: readonly number[],
  limit: number,
): { readonly deletedTasks: number; readonly isCut: boolean } {
  let deletedTasks = 0;
  for (const seq of outdated) {
    if (deletedTasks >= limit) return { deletedTasks, isCut: true };
    const stored = getBySeq(tx, seq);
    // Found before this transaction began: it may have gone, or have been retried.
    if (!stored || !isFinal(stored.task.status) || neededBy(tx, seq) !== null) continue;
    removeTask(tx, stored);
    deletedTasks += 1;
  }
  return { deletedTasks, isCut: false };
}

/** What nobody will read any more: old enough, and behind every reader that was heard of lately. */
function pruneJournal(tx: StoreTransaction, keepMs: number, limit: number): number {
  const reader = { connection: tx.connection, now: tx.now };
  // The newest row stays, so that the next one gets a number that was never used.
  const horizon = Math.min(journalHorizon(reader), lastEvent(reader));
  let deleted = 0;
  let last = 0;
  for (const [seq, n, at] of tx.use(oldEvents).all(horizon, limit)) {
    if (Number(at) > tx.now - keepMs || (deleted > 0 && deleted + Number(n) > limit)) break;
    deleted += Number(n);
    last = Number(seq);
  }
  if (last > 0) tx.use(dropEvents).run(last);
  return deleted;
}
