import type { TaskEventType } from "../events/task-event.ts";
import type { EpochMs } from "../time/clock.ts";

/** What is counted: how tasks came and ended, and how often they were tried again. */
export type ActivityType = "enqueued" | "succeeded" | "failed" | "cancelled" | "retried";

/** What the journal's words count as; the rest is not counted. */
export const activityTypes: Readonly<Partial<Record<TaskEventType, ActivityType>>> = {
  enqueued: "enqueued",
  succeeded: "succeeded",
  failed: "failed",
  quarantined: "failed",
  cancelled: "cancelled",
  expired: "cancelled",
  retried: "retried",
};

/** Which part of the journal is counted, and how finely. */
export interface ActivityQuery {
  /** From here on, included. */
  readonly from: EpochMs;
  /** How long one part of the time is; parts begin at its multiples. Milliseconds, at least 1,000. */
  readonly partMs: number;
  /** Only tasks of this tenant. @defaultValue all */
  readonly tenantId?: string;
}

/** How many tasks of a kind something happened to within one part of the time. */
export interface ActivityCount {
  /** When the part begins. */
  readonly at: EpochMs;
  readonly kind: string;
  readonly type: ActivityType;
  readonly count: number;
}

/** What has happened, as far as it was looked at. */
export interface ActivityAnswer {
  /** By time, kind and type. */
  readonly counts: readonly ActivityCount[];
  /**
   * From here on the counts are whole: what happened before is no longer in the journal, or was more than one look takes in. Null = the
   * journal is empty.
   */
  readonly knownFrom: EpochMs | null;
}

/** How many tasks of a kind wait and run. */
export interface KindLoad {
  readonly kind: string;
  /** Those that are not due yet are among them. */
  readonly queued: number;
  /** Claimed or running. */
  readonly running: number;
  /** How many are due; no more than 1,000 are counted. Tasks behind a full key may be left out. */
  readonly due: number;
  /** When the first of those fell due; null = none is due. */
  readonly since: EpochMs | null;
}

/** Which of the tasks that have ended are told of. */
export interface EndedQuery {
  /** No more than so many: 1 to 1,000. */
  readonly limit: number;
  /** Only tasks of this tenant. @defaultValue all */
  readonly tenantId?: string;
}

/** When a task could begin, began and ended. */
export interface EndedTimes {
  readonly kind: string;
  readonly createdAt: EpochMs;
  readonly scheduledAt: EpochMs;
  /** Of its last attempt; null = it never began. */
  readonly startedAt: EpochMs | null;
  readonly finishedAt: EpochMs;
}

/** Tells what a store has been doing, in a time that does not grow with it. */
export interface ActivityFacet {
  /** Counts the newest entries of the journal: some 20,000 of its rows at most. */
  read(query: ActivityQuery): Promise<ActivityAnswer>;
  /** Kinds with queued or running tasks, by name, whoever serves them. */
  loads(): Promise<readonly KindLoad[]>;
  /**
   * Tasks that have succeeded or failed, the last to end first: where there are more, a sample of the newest. Those of a tenant are looked
   * for among some 20,000 of the newest tasks.
   */
  ended(query: EndedQuery): Promise<readonly EndedTimes[]>;
}
