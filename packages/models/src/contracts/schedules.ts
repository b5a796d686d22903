import type { PageCursor } from "../events/event-cursor.ts";
import type { TaskId } from "../ids/task-id.ts";
import type { JsonObject } from "../task/json.ts";
import type { EpochMs } from "../time/clock.ts";
import type { EnqueueRequest } from "./enqueue.ts";

/** Which schedule. An id is a schedule's own within its tenant. */
export interface ScheduleKey {
  readonly tenantId: string;
  readonly scheduleId: string;
}

/** Who said that there is a schedule: the code of a program, at each of its starts, or somebody at run time, once. */
export interface ScheduleOrigin {
  readonly type: "code" | "run-time";
  /** The program or person. Code of one source keeps its hands off the schedules of another. */
  readonly source: string;
}

/** A schedule as a store keeps it. What its times mean is the scheduler's: a store compares them, and keeps them. */
export interface ScheduleRecord extends ScheduleKey {
  readonly origin: ScheduleOrigin;
  readonly times: JsonObject;
  /** What it does where its times meet others, or nobody: the scheduler's too, but a change of it keeps the place. */
  readonly policy: JsonObject;
  /** What each occurrence enqueues, under an id and at a time of its own. */
  readonly request: EnqueueRequest;
  /** Rises with every change of the schedule, also over its removal; an occurrence changes it not. */
  readonly revision: number;
  /** When its times were last said: intervals count from here. */
  readonly anchorAt: EpochMs;
  /** Every occurrence up to this moment is settled: it was enqueued, or what became of it is recorded. */
  readonly placeAt: EpochMs;
  /** The occurrence after that; null = there is none, or it has not been worked out yet. */
  readonly nextAt: EpochMs | null;
  /** When somebody must look at it next; null = never again. */
  readonly lookAt: EpochMs | null;
  /** Occurrences up to this moment are passed over because somebody wanted that; null = none. */
  readonly skipUntil: EpochMs | null;
  readonly pausedAt: EpochMs | null;
  readonly pausedBy: string | null;
  readonly pausedWhy: string | null;
  readonly createdAt: EpochMs;
  readonly updatedAt: EpochMs;
}

/** A wish for a schedule. */
export interface ScheduleAsk extends ScheduleKey {
  /**
   * `add`: there must be none of that id. `register`: it may be there already, from the same origin. `update`: it must be
   * there, from the same origin. Its pause stays; its place and what is left to skip stay unless its times change.
   */
  readonly mode: "add" | "register" | "update";
  readonly origin: ScheduleOrigin;
  readonly times: JsonObject;
  readonly policy: JsonObject;
  readonly request: EnqueueRequest;
}

/** What became of a wish for a schedule. */
export type ScheduleAnswer =
  | { readonly status: "created" | "changed" | "unchanged"; readonly schedule: ScheduleRecord }
  /** It is there: from another origin, or to `add`. */
  | { readonly status: "taken"; readonly schedule: ScheduleRecord }
  | { readonly status: "not-found" };

/** A change by an operator. */
export type ScheduleChange = ScheduleKey &
  (
    | { readonly type: "pause"; readonly by: string | null; readonly why: string | null }
    | { readonly type: "resume" }
    /** Passes over every occurrence up to `until`. */
    | { readonly type: "skip"; readonly until: EpochMs }
    /** With the record of its occurrences; the tasks it made stay. */
    | { readonly type: "remove" }
  );

/** What became of a change: the schedule as it is after it, or was before it went. */
export type ScheduleChangeAnswer =
  | { readonly status: "changed" | "unchanged"; readonly schedule: ScheduleRecord }
  | { readonly status: "not-found" };

/** Schedules that somebody must look at now. */
export interface DueSchedules {
  /** As they are held. */
  readonly schedules: readonly ScheduleRecord[];
  /** The store's clock. */
  readonly now: EpochMs;
  /** As many as were asked for: there may be others. */
  readonly more: boolean;
  /** When the next that is not due yet falls due, as a delay by the store's clock; null = there is none. */
  readonly nextDueInMs: number | null;
}

/**
 * How an occurrence came out. `enqueued`: in time. `late`: enqueued, but after its time of grace. `missed`: nobody was there in
 * time, and it is not made up for. `skipped`: the schedule says so, or somebody. `refused`: the store took no task.
 */
export type OccurrenceOutcome = "enqueued" | "late" | "missed" | "skipped" | "refused";

/** Every outcome, in the order of its number in SQL. Append only. */
export const occurrenceOutcomes: readonly OccurrenceOutcome[] = ["enqueued", "late", "missed", "skipped", "refused"];

/**
 * Why an occurrence came out as it did. `catch-up`: a newer one stands for it. `overlap`: an earlier one's task was still open.
 * `paused`; `ended`: it was found after the schedule's end; `asked`: somebody wanted it (to be skipped, or to run now).
 */
export type OccurrenceReason = "catch-up" | "overlap" | "paused" | "ended" | "asked";

/** One occurrence, or a run of them that came out alike. */
export interface OccurrenceRecord extends ScheduleKey {
  readonly scheduledFor: EpochMs;
  /** The last of the run; of one alone, itself. */
  readonly until: EpochMs;
  readonly count: number;
  readonly outcome: OccurrenceOutcome;
  /** An `OccurrenceReason`, or the code of a refusal; null = nothing to say. */
  readonly reason: string | null;
  /** The task it made; of one skipped for overlap, the task that was still open. */
  readonly taskId: TaskId | null;
  readonly recordedAt: EpochMs;
}

/** What is to become of an occurrence. */
export type PlannedOccurrence =
  | {
      readonly type: "enqueue";
      readonly scheduledFor: EpochMs;
      readonly outcome: "enqueued" | "late";
      /** When its dedupe key is taken, the occurrence is skipped for overlap. */
      readonly request: EnqueueRequest;
    }
  | {
      readonly type: "pass";
      readonly scheduledFor: EpochMs;
      readonly until: EpochMs;
      readonly count: number;
      readonly outcome: "missed" | "skipped";
      readonly reason: OccurrenceReason;
    };

/** A step of a schedule: what becomes of the occurrences found due, and where that leaves it. */
export interface ScheduleStep extends ScheduleKey {
  /** As it was when it was taken. */
  readonly revision: number;
  /** The store's clock when it was taken: a step older than 10 minutes is not taken any more. */
  readonly takenAt: EpochMs;
  /** Its place when it was taken. A step that passes over anything must begin where the schedule stands. */
  readonly fromAt: EpochMs;
  /** In the order of their times. */
  readonly occurrences: readonly PlannedOccurrence[];
  readonly placeAt: EpochMs;
  readonly nextAt: EpochMs | null;
  readonly lookAt: EpochMs | null;
}

/** What became of a step. */
export type ScheduleStepAnswer =
  /** Those of its occurrences that nobody had recorded before. */
  | { readonly status: "stepped"; readonly occurrences: readonly OccurrenceRecord[] }
  /** It was changed since it was taken, or the step is too old: nothing happened, take it again. */
  | { readonly status: "outdated" }
  | { readonly status: "not-found" };

/** A wish to run a schedule now, beside its times. */
export interface ScheduleRunAsk extends ScheduleKey {
  readonly request: EnqueueRequest;
}

/** What became of it. */
export type ScheduleRunAnswer =
  | { readonly status: "run"; readonly occurrence: OccurrenceRecord }
  | { readonly status: "not-found" };

/** Which schedules to list, by tenant and id. */
export interface ScheduleQuery {
  readonly tenantId?: string;
  readonly scheduleIds?: readonly string[];
  readonly originType?: ScheduleOrigin["type"];
  /** @defaultValue 100 */
  readonly limit?: number;
  readonly after?: PageCursor;
}

/** A page of schedules. */
export interface SchedulePage {
  readonly schedules: readonly ScheduleRecord[];
  readonly next: PageCursor | null;
  /** The store's clock. */
  readonly now: EpochMs;
}

/** Which occurrences to list: the latest first, those of one moment backwards by tenant and schedule. */
export interface OccurrenceQuery {
  /** Of one schedule; absent = of all, and then only those that did not run, or not in time. */
  readonly schedule?: ScheduleKey;
  /** Without a schedule: only of this tenant. */
  readonly tenantId?: string;
  /** @defaultValue 100 */
  readonly limit?: number;
  /** `next` of the page before. */
  readonly after?: PageCursor;
}

/** A page of occurrences. */
export interface OccurrencePage {
  readonly occurrences: readonly OccurrenceRecord[];
  readonly next: PageCursor | null;
}

/**
 * Keeps schedules and what became of their occurrences. An occurrence is a row of its own, unique by schedule and time, and
 * is stored in the transaction that makes its task: any number of hosts may try, and there is no leader.
 */
export interface ScheduleStore {
  /** Makes or changes schedules; new times hold from now on. */
  put(asks: readonly ScheduleAsk[]): Promise<readonly ScheduleAnswer[]>;
  change(changes: readonly ScheduleChange[]): Promise<readonly ScheduleChangeAnswer[]>;
  /**
   * Up to `limit` schedules to be looked at, the longest waiting first; others do not get them for `holdMs`. The hold only
   * saves work: what keeps an occurrence from being enqueued twice is its row.
   */
  take(request: { readonly limit: number; readonly holdMs: number }): Promise<DueSchedules>;
  /** Takes steps, each whole or not at all: occurrences, their tasks, and the schedule's new place. */
  step(steps: readonly ScheduleStep[]): Promise<readonly ScheduleStepAnswer[]>;
  /** Enqueues now, and records it as an occurrence of this moment. */
  run(asks: readonly ScheduleRunAsk[]): Promise<readonly ScheduleRunAnswer[]>;
  read(query: ScheduleQuery): Promise<SchedulePage>;
  /** @throws `CURSOR_INVALID` */
  occurrences(query: OccurrenceQuery): Promise<OccurrencePage>;
  /** Forgets up to `limit` occurrences recorded more than `keepMs` (at least an hour) ago. Answers how many went. */
  prune(keepMs: number, limit: number): Promise<number>;
}
