import type { EpochMs } from "../time/clock.ts";

/** What is kept, and for how long; an absent or null field is off. All times are counted from a task's end. */
export interface TaskRetentionPolicy {
  readonly successTtlMs?: number | null;
  readonly failedTtlMs?: number | null;
  readonly cancelledTtlMs?: number | null;
  readonly keepLatestSuccessesPerKind?: number | null;
  readonly keepLatestFailuresPerKind?: number | null;
  /** The newest so many steps of each task stay. */
  readonly stepLimitPerTask?: number | null;
  /** How long the journal is kept at least. @defaultValue 86_400_000 */
  readonly journalKeepMs?: number;
}

/** What a bite of retention took away. */
export interface RetentionCounts {
  readonly deletedTasks: number;
  readonly deletedSteps: number;
  /** Tasks that lost steps. */
  readonly compactedTasks: number;
  readonly deletedEvents: number;
}

/** A sweep that came to its end: a bite that left nothing more to take away. */
export interface RetentionSweep {
  readonly policy: TaskRetentionPolicy;
  readonly at: EpochMs;
}

/** Outdated tasks are counted up to here, in all: a preview must not take as long as the sweep. */
export const mostOutdatedCounted = 100_000;

/** How many tasks a sweep would take away, by how they ended. */
export interface OutdatedCounts {
  readonly succeeded: number;
  readonly failed: number;
  readonly cancelled: number;
  /** False: counting ended at `mostOutdatedCounted`, so there are at least so many. Which of them were counted is the store's choice. */
  readonly exact: boolean;
}

/** Takes away what nobody needs any more. */
export interface RetentionFacet {
  /**
   * One bounded bite: at most `limit` rows of each sort. Call again while `more`. Order: steps, then tasks past their own
   * `retainForMs`, then time to live by status, then the latest n a kind, then the journal (past `journalKeepMs` and read by every
   * registered cursor younger than 7 days). A task that a waiter, flow or parent still needs stays.
   */
  prune(policy: TaskRetentionPolicy, limit: number): Promise<RetentionCounts & { readonly more: boolean }>;
  /**
   * How many tasks a sweep with that policy would take away now; takes nothing. Those past their own `retainForMs` count as well, and so
   * do tasks that a waiter, flow or parent still needs, though they stay. Steps and journal are not counted. @throws `OPTION_INVALID`
   */
  preview(policy: TaskRetentionPolicy): Promise<OutdatedCounts>;
  /**
   * The last sweep that came to its end, by whichever process; null = none ever did. Only sweeps whose policy removes anything
   * (`removesAnything`): each host makes others too, for tasks past their own `retainForMs` and for the journal.
   */
  lastSweep(): Promise<RetentionSweep | null>;
}
