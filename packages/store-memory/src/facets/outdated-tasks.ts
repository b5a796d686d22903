import { type EpochMs, isFinal, type TaskRecord, type TaskRetentionPolicy } from "@millrace/models";
import type { MemoryState } from "../state/memory-state.ts";

/** A final task; `finishedAt` is set. */
interface Finished {
  readonly task: TaskRecord;
  readonly at: EpochMs;
}

/**
 * Final tasks that may go, in the order in which they go: past their own `retainForMs`, past the time to live of their
 * status, then those beyond the latest n of their kind. What a task says of itself stands above the policy.
 */
export function outdatedTasks(state: MemoryState, policy: TaskRetentionPolicy): readonly TaskRecord[] {
  const finished = [...state.tasks.values()]
    .flatMap((task): readonly Finished[] => (isFinal(task.status) ? [{ task, at: task.finishedAt ?? 0 }] : []))
    .toSorted((a, b) => a.at - b.at || (a.task.id < b.task.id ? -1 : 1));
  const own = finished.filter(({ task, at }) => {
    return task.retainForMs !== null && task.retainForMs >= 0 && at + task.retainForMs <= state.now;
  });
  const governed = finished.filter(({ task }) => task.retainForMs === null);
  const tooOld = governed.filter(({ task, at }) => {
    const ttlMs = ttlOf(task, policy);
    return ttlMs !== null && at + ttlMs <= state.now;
  });
  const tooMany = [
    ...beyondLatest(governed, "succeeded", policy.keepLatestSuccessesPerKind ?? null),
    ...beyondLatest(governed, "failed", policy.keepLatestFailuresPerKind ?? null),
  ];
  return [...new Set([...own, ...tooOld, ...tooMany].map(({ task }) => task))];
}

function ttlOf({ status }: TaskRecord, policy: TaskRetentionPolicy): number | null {
  if (status === "succeeded") return policy.successTtlMs ?? null;
  return (status === "failed" ? policy.failedTtlMs : policy.cancelledTtlMs) ?? null;
}

/** All but the newest `keep` of each kind; oldest first, as they came. */
function beyondLatest(
  finished: readonly Finished[],
  status: "succeeded" | "failed",
  keep: number | null,
): readonly Finished[] {
  if (keep === null) return [];
  const byKind = Map.groupBy(
    finished.filter(({ task }) => task.status === status),
    ({ task }) => task.kind,
  );
  return [...byKind.values()].flatMap((tasks) => tasks.slice(0, Math.max(0, tasks.length - keep)));
}
