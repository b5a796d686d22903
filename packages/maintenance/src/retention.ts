import {
  checkRetentionPolicy,
  type RetentionCounts,
  type TaskRetentionPolicy,
  type TaskService,
} from "@millrace/models";
import { wholeNumber } from "./whole-number.ts";

/** How retention runs. */
export interface RetentionOptions {
  /** How often to look, in ms; jittered by a fifth. @defaultValue 60_000 */
  readonly intervalMs?: number;
  /** Rows of each sort in one transaction; a sweep takes as many bites as it needs. @defaultValue 500 */
  readonly biteSize?: number;
  /** Told after each sweep that removed something. */
  readonly onPruned?: (counts: RetentionCounts) => void;
}

/**
 * Removes what a policy says is old: steps over the limit, tasks past their own `retainForMs`, past the time to live of their status or
 * beyond the latest n of their kind, and journal entries that everybody has read. Needs the store's `retention` facet.
 * Several hosts may run it at once. @throws `OPTION_INVALID`
 */
export function retention(policy: TaskRetentionPolicy, options: RetentionOptions = {}): TaskService {
  checkRetentionPolicy(policy);
  const intervalMs = wholeNumber(options.intervalMs ?? 60_000, { path: "retention.intervalMs", minimum: 1_000 });
  const biteSize = wholeNumber(options.biteSize ?? 500, { path: "retention.biteSize", minimum: 1 });
  return {
    name: "retention",
    async start(port) {
      const facet = port.facet("retention");
      port.every(intervalMs, async () => {
        const total = { deletedTasks: 0, deletedSteps: 0, compactedTasks: 0, deletedEvents: 0 };
        let isMore = true;
        while (isMore && !port.signal.aborted) {
          const { more, ...counts } = await facet.prune(policy, biteSize);
          for (const name of Object.keys(total) as (keyof RetentionCounts)[]) total[name] += counts[name];
          isMore = more;
        }
        if (Object.values(total).some((count) => count > 0)) options.onPruned?.(total);
      });
    },
  };
}
