import type { RetentionCounts, RetentionFacet, TaskRetentionPolicy } from "@millrace/models";

/** Rows of each sort in one transaction: small enough not to hold others up. */
const biteSize = 500;

/** Prunes in bounded bites until nothing more is old, or the signal aborts. */
export async function pruneAll(
  facet: RetentionFacet,
  policy: TaskRetentionPolicy,
  signal?: AbortSignal,
): Promise<RetentionCounts> {
  let total: RetentionCounts = { deletedTasks: 0, deletedSteps: 0, compactedTasks: 0, deletedEvents: 0 };
  for (;;) {
    const { more, ...counts } = await facet.prune(policy, biteSize);
    total = {
      deletedTasks: total.deletedTasks + counts.deletedTasks,
      deletedSteps: total.deletedSteps + counts.deletedSteps,
      compactedTasks: total.compactedTasks + counts.compactedTasks,
      deletedEvents: total.deletedEvents + counts.deletedEvents,
    };
    if (!more || signal?.aborted === true) return total;
  }
}
