import {
  checkRetentionPolicy,
  mostOutdatedCounted,
  type OutdatedCounts,
  removesAnything,
  type RetentionFacet,
  type TaskRecord,
  type TaskRetentionPolicy,
} from "@millrace/models";
import { inTransaction } from "../effects/in-transaction.ts";
import { neededBy, removeTask } from "../effects/remove-task.ts";
import { frozenCopy } from "../state/frozen.ts";
import type { MemoryState } from "../state/memory-state.ts";
import { outdatedTasks } from "./outdated-tasks.ts";

/** How long a saved cursor holds the journal back after its reader was last heard of. */
const cursorCountsForMs = 7 * 24 * 60 * 60 * 1000;
const defaultJournalKeepMs = 24 * 60 * 60 * 1000;

type Pruned = Awaited<ReturnType<RetentionFacet["prune"]>>;

/** How many tasks a sweep would take away now. */
export function previewSweep(state: MemoryState, policy: TaskRetentionPolicy): OutdatedCounts {
  const outdated = outdatedTasks(state, checkRetentionPolicy(policy)).slice(0, mostOutdatedCounted);
  const of = (wanted: TaskRecord["status"]): number => outdated.filter(({ status }) => status === wanted).length;
  const exact = outdated.length < mostOutdatedCounted;
  return Object.freeze({ succeeded: of("succeeded"), failed: of("failed"), cancelled: of("cancelled"), exact });
}

/** One bounded bite of what a policy lets go: at most `limit` rows of each sort. The last one of a sweep is noted. */
export function prune(state: MemoryState, policy: TaskRetentionPolicy, limit: number): Pruned {
  const steps = pruneSteps(state, policy.stepLimitPerTask ?? null, limit);
  const deletedTasks = pruneTasks(state, policy, limit);
  const deletedEvents = pruneJournal(state, policy.journalKeepMs ?? defaultJournalKeepMs, limit);
  const more = [steps.deletedSteps, deletedTasks, deletedEvents].some((count) => count >= limit);
  if (!more && removesAnything(policy)) state.lastSweep = frozenCopy({ policy, at: state.now });
  return { ...steps, deletedTasks, deletedEvents, more };
}

function pruneSteps(
  state: MemoryState,
  keep: number | null,
  limit: number,
): Pick<Pruned, "deletedSteps" | "compactedTasks"> {
  let deletedSteps = 0;
  let compactedTasks = 0;
  if (keep === null) return { deletedSteps, compactedTasks };
  for (const taskId of state.steps.tasks()) {
    const steps = [...state.steps.ofTask(taskId).values()].toSorted((a, b) => a.attempt - b.attempt || a.n - b.n);
    const surplus = steps.slice(0, Math.max(0, steps.length - keep)).slice(0, limit - deletedSteps);
    if (surplus.length === 0) continue;
    for (const step of surplus) state.steps.delete(step);
    deletedSteps += surplus.length;
    compactedTasks += 1;
  }
  return { deletedSteps, compactedTasks };
}

function pruneTasks(state: MemoryState, policy: TaskRetentionPolicy, limit: number): number {
  let deleted = 0;
  for (const task of outdatedTasks(state, policy)) {
    if (deleted >= limit) break;
    if (pruneTask(state, task)) deleted += 1;
  }
  return deleted;
}

/** False for a task that is still needed, or that went with an earlier one. */
function pruneTask(state: MemoryState, { id }: TaskRecord): boolean {
  return inTransaction(state, () => {
    const task = state.tasks.get(id);
    if (!task || neededBy(state, id) !== null) return false;
    removeTask(state, task);
    return true;
  });
}

/** What nobody will read any more: old enough, and behind every reader that was heard of lately. */
function pruneJournal(state: MemoryState, keepMs: number, limit: number): number {
  const { journal, now } = state;
  const places = [...state.cursors.values()]
    .filter(({ savedAt }) => savedAt > now - cursorCountsForMs)
    .map(({ cursor }) => journal.placeOf(cursor))
    // A reader whose cursor would be answered with a reset waits for nothing.
    .flatMap((found) => ("place" in found ? found.place : []));
  return journal.prune({ until: now - keepMs, place: Math.min(journal.lastPlace, ...places), limit });
}
