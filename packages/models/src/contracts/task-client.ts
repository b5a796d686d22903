import type { PageCursor } from "../events/event-cursor.ts";
import type { TaskId } from "../ids/task-id.ts";
import type { TaskAggregateSnapshot } from "../query/task-aggregate.ts";
import type { StepQuery, TaskFilter, TaskQuery } from "../query/task-query.ts";
import type { Json } from "../task/json.ts";
import type { AnyTaskDefinition, TaskDefinition } from "../task/task-definition.ts";
import type { TaskFailure } from "../task/task-failure.ts";
import type { AttemptRecord } from "../task/task-record.ts";
import type { TaskSnapshot } from "../task/task-snapshot.ts";
import type { EpochMs } from "../time/clock.ts";
import type { ActivityAnswer, ActivityQuery, EndedQuery, EndedTimes, KindLoad } from "./activity.ts";
import type { EnqueueResult } from "./enqueue.ts";
import type { EnqueueOptions } from "./enqueue-options.ts";
import type { FailureMark, FailureMarkAnswer, FailureMarkRequest } from "./failure-marks.ts";
import type { LimitRecord, LimitScope } from "./facets.ts";
import type { LookOptions, StoreHealth } from "./health.ts";
import type { HostRecord, UnservedKind } from "./hosts.ts";
import type { KindRecord } from "./kind.ts";
import type { OutdatedCounts, RetentionSweep, TaskRetentionPolicy } from "./retention.ts";
import type { StorageReport } from "./storage.ts";
import type { ExplainOptions, TaskExplanation } from "./task-explanation.ts";
import type { StepPage } from "./task-store.ts";

/** What an enqueue brought. It may be taken apart and written as JSON; a copy by spread may have no `task`. */
export interface EnqueueOutcome {
  /** As it stands when this is first read. */
  readonly task: TaskSnapshot;
  readonly disposition: EnqueueResult["disposition"];
  readonly deduplicated: boolean;
  readonly reusedTaskId: TaskId | null;
  readonly supersededTaskIds: readonly TaskId[];
  readonly notReplaced?: true;
  readonly replayed?: true;
}

/** An ended attempt as people and clients see it: decoded, without its lease token. */
export interface TaskAttempt extends Omit<AttemptRecord, "leaseToken" | "failure"> {
  readonly failure: TaskFailure | null;
}

/** A page of snapshots. */
export interface SnapshotPage {
  readonly snapshots: readonly TaskSnapshot[];
  readonly next: PageCursor | null;
  readonly cursor: string;
}

/** Talks to a store about tasks; runs none. A host is one too. */
export interface TaskClient {
  enqueue<Sent, Input, Output>(
    task: TaskDefinition<Sent, Input, Output>,
    input: Sent,
    options?: EnqueueOptions,
  ): Promise<EnqueueOutcome>;
  enqueue(kind: string, input?: unknown, options?: EnqueueOptions): Promise<EnqueueOutcome>;
  /** All or none; at most 10,000. */
  enqueueMany(items: readonly EnqueueItem[]): Promise<readonly EnqueueOutcome[]>;
  /** Null when there is none. */
  getTask(taskId: TaskId): Promise<TaskSnapshot | null>;
  listTasks(query?: TaskQuery): Promise<SnapshotPage>;
  readSnapshot(taskId: TaskId, options?: { readonly includeSteps?: number | boolean }): Promise<TaskSnapshot | null>;
  listSnapshots(query?: TaskQuery & { readonly includeSteps?: number }): Promise<SnapshotPage>;
  listTaskSteps(taskId: TaskId, query?: Omit<StepQuery, "taskId">): Promise<StepPage>;
  /** Its ended attempts but for the last, oldest first. */
  listTaskAttempts(taskId: TaskId): Promise<readonly TaskAttempt[]>;
  readAggregate(filter?: TaskFilter): Promise<TaskAggregateSnapshot>;
  /** Every kind the store has heard of, by name. */
  listKinds(): Promise<readonly KindRecord[]>;
  /** Hosts heard of in the last 24 h, newest first. */
  listHosts(): Promise<readonly HostRecord[]>;
  /** Limits and rates in force, with what holds them; at most `limit` keys. @defaultValue 100 */
  listLimits(limit?: number): Promise<readonly LimitRecord[]>;
  /**
   * Sets how many tasks may be leased at once; null takes it back. It binds from the next claim. Of a kind's limit the store keeps `by`,
   * who set it, and when. @throws `OPTION_INVALID`
   */
  setLimit(scope: LimitScope, limit: number | null, options?: { readonly by?: string }): Promise<void>;
  /** Asks a host to take no more tasks, or to go on; false when there is no such host. @defaultValue drain true */
  drain(hostId: string, drain?: boolean): Promise<boolean>;
  /** Kinds whose tasks are due, but that no live host serves and nobody has paused. */
  listUnservedKinds(): Promise<readonly UnservedKind[]>;
  /** How many tasks of each kind wait and run, and since when the first of them is due. */
  listKindLoads(): Promise<readonly KindLoad[]>;
  /** How often tasks came and ended lately, by kind. @throws `QUERY_INVALID` */
  readActivity(query: ActivityQuery): Promise<ActivityAnswer>;
  /** When the newest tasks that have succeeded or failed could begin, began and ended. @throws `OPTION_INVALID` */
  listEndedTimes(query: EndedQuery): Promise<readonly EndedTimes[]>;
  /** What the store keeps its tasks in. @throws `FACET_MISSING` where it does not tell */
  readStorage(): Promise<StorageReport>;
  /** What operators say of failures, the newest first. @throws `FACET_MISSING` where the store keeps no marks */
  listFailureMarks(): Promise<readonly FailureMark[]>;
  /** Says of failures that are alike (`failureKey`) that they are resolved or ignored. @throws `OPTION_INVALID`, `FACET_MISSING` */
  markFailures(marks: readonly FailureMarkRequest[]): Promise<readonly FailureMarkAnswer[]>;
  /** Takes marks back; null where there was none. @throws `OPTION_INVALID`, `FACET_MISSING` */
  unmarkFailures(keys: readonly string[]): Promise<readonly (FailureMark | null)[]>;
  /** The last sweep with a policy that removes anything, by whichever process; null = none came to its end. @throws `FACET_MISSING` */
  readRetention(): Promise<RetentionSweep | null>;
  /** How many tasks such a sweep would take away now, without taking them. @throws `OPTION_INVALID`, `FACET_MISSING` */
  previewRetention(policy: TaskRetentionPolicy): Promise<OutdatedCounts>;
  /** How well the database under the store is. @throws `FACET_MISSING` where there is none that could be looked at; `STORE_BUSY` */
  readHealth(options?: LookOptions): Promise<StoreHealth>;
  /** Why a task does not run, or where it does; null when there is none. */
  explain(taskId: TaskId, options?: ExplainOptions): Promise<TaskExplanation | null>;
  /** Null when there is none. */
  cancel(taskId: TaskId, reason?: string, options?: CancelOptions): Promise<TaskSnapshot | null>;
  /** A final task runs again (M16); a waiting one is brought forward. Null when there is none. */
  retry(taskId: TaskId): Promise<TaskSnapshot | null>;
  /** Moves a queued task to another time or priority (M18). Null when there is none. @throws `WRONG_STATUS`, `OPTION_INVALID` */
  reschedule(taskId: TaskId, to: RescheduleOptions): Promise<TaskSnapshot | null>;
  /**
   * Gives a queued task another input (M18), which is checked as an enqueue would. Null when there is none.
   * @throws `WRONG_STATUS`, and what an enqueue of that input throws
   */
  replaceInput(taskId: TaskId, input: unknown): Promise<TaskSnapshot | null>;
  remove(taskId: TaskId): Promise<boolean>;
  signal(
    taskId: TaskId,
    name: string,
    payload?: Json,
    options?: { readonly signalId?: string },
  ): Promise<"woke" | "kept" | "repeated">;
  pause(target: PauseTarget, options?: { readonly by?: string; readonly why?: string }): Promise<void>;
  resume(target: PauseTarget): Promise<void>;
  /** The output once it has succeeded; rejects with its failure, or `WAIT_TIMED_OUT`. */
  awaitResult<Output = Json>(taskId: TaskId, options?: AwaitOptions): Promise<Output>;
}

/** One task of `enqueueMany`, by kind or by definition. */
export type EnqueueItem =
  | { readonly kind: string; readonly input?: unknown; readonly options?: EnqueueOptions }
  | { readonly task: AnyTaskDefinition; readonly input: unknown; readonly options?: EnqueueOptions };

/** How a task is to be cancelled, and by whom. */
export interface CancelOptions {
  /** `terminate` takes the lease away at once. @defaultValue "request" */
  readonly mode?: "request" | "terminate";
  readonly by?: string;
}

/** To when a task is moved: a moment, or so many ms from now. Neither is now. */
export interface RescheduleOptions {
  /** ISO text, a Date or epoch milliseconds. */
  readonly scheduledAt?: string | Date | EpochMs;
  readonly delayMs?: number;
  /** @defaultValue as it was */
  readonly priority?: number;
}

/** What is to be paused or resumed: one task, or a kind as a whole. */
export type PauseTarget = TaskId | { readonly taskId: TaskId } | { readonly kind: string };

/** How long a result is waited for. @defaultValue for ever */
export interface AwaitOptions {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}
