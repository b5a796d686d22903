import { isFinal, isTaskError, type RetentionFacet, type TaskId, type TaskRetentionPolicy } from "@millrace/models";
import type { Engine } from "../connection/engine.ts";
import type { Sql } from "../connection/session.ts";
import { neededBy } from "../effects/edges.ts";
import { removeTask } from "../effects/remove-task.ts";
import { flag } from "../row/task-flags.ts";
import { numberOf } from "../row/task-row.ts";
import { getTask, hold, readClock } from "../transaction/hold.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { keepJournalParts } from "./journal-parts.ts";
import { outdatedTasks } from "./outdated-tasks.ts";
import { pruneJournal } from "./prune-journal.ts";

const defaultJournalKeepMs = 24 * 60 * 60 * 1000;

type Pruned = Awaited<ReturnType<RetentionFacet["prune"]>>;

const crowdedTasks: Sql = (n) => `
select task, count(*) from ${n.step} group by task having count(*) > $1 order by task limit $2`;
const dropOldestSteps: Sql = (n) => `
delete from ${n.step} where task = $1 and (attempt, n) in (
  select attempt, n from ${n.step} where task = $1 order by attempt, n limit $2)`;

/**
 * How many tasks to look for that may go: those that are still needed are found again each time, and must not keep the
 * others from going.
 */
function candidatesFor(limit: number): number {
  return limit * 2 + 100;
}

/** One bounded bite of what a policy lets go: at most `limit` rows of each sort. The last one tidies the journal up. */
export async function prune(engine: Engine, policy: TaskRetentionPolicy, limit: number): Promise<Pruned> {
  const keepMs = policy.journalKeepMs ?? defaultJournalKeepMs;
  const pruned = await engine.transaction((tx) => pruneBite(tx, { policy, keepMs, limit }));
  if (pruned.more) return pruned;
  try {
    await keepJournalParts(engine, keepMs);
  } catch (error) {
    // Somebody is reading there: it is emptied the next time.
    if (!isTaskError(error, "STORE_BUSY")) throw error;
  }
  return pruned;
}

async function pruneBite(
  tx: StoreTransaction,
  { policy, keepMs, limit }: { readonly policy: TaskRetentionPolicy; readonly keepMs: number; readonly limit: number },
): Promise<Pruned> {
  tx.journal.begin("prune");
  await readClock(tx);
  const steps = await pruneSteps(tx, policy.stepLimitPerTask ?? null, limit);
  const outdated = await outdatedTasks(tx, policy, candidatesFor(limit));
  const { deletedTasks, isCut } = await pruneTasks(tx, outdated, limit);
  const deletedEvents = await pruneJournal(tx, keepMs, limit);
  const more = isCut || [steps.deletedSteps, deletedTasks, deletedEvents].some((count) => count >= limit);
  return { ...steps, deletedTasks, deletedEvents, more };
}

async function pruneSteps(
  tx: StoreTransaction,
  keep: number | null,
  limit: number,
): Promise<Pick<Pruned, "deletedSteps" | "compactedTasks">> {
  let deletedSteps = 0;
  let compactedTasks = 0;
  if (keep === null) return { deletedSteps, compactedTasks };
  for (const [task, count] of await tx.query(crowdedTasks, [keep, limit])) {
    const surplus = Math.min(numberOf(count) - keep, limit - deletedSteps);
    if (surplus <= 0) break;
    tx.write(dropOldestSteps, [task, surplus]);
    deletedSteps += surplus;
    compactedTasks += 1;
  }
  return { deletedSteps, compactedTasks };
}

async function pruneTasks(
  tx: StoreTransaction,
  outdated: readonly TaskId[],
  limit: number,
): Promise<{ readonly deletedTasks: number; readonly isCut: boolean }> {
  let deletedTasks = 0;
  await hold(tx, outdated);
  for (const id of outdated) {
    if (deletedTasks >= limit) return { deletedTasks, isCut: true };
    const stored = await getTask(tx, id);
    // It may have gone, or have been retried, since it was found.
    if (!stored || !isFinal(stored.task.status)) continue;
    if (stored.flags & flag.waitedFor && (await neededBy(tx, id)) !== null) continue;
    await removeTask(tx, stored);
    deletedTasks += 1;
  }
  return { deletedTasks, isCut: false };
}
