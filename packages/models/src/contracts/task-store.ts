import type { EventCursor, PageCursor } from "../events/event-cursor.ts";
import type { JournalEvent } from "../events/task-event.ts";
import type { TaskId } from "../ids/task-id.ts";
import type { TaskAggregateSnapshot } from "../query/task-aggregate.ts";
import type { EventFilter, StepQuery, TaskFilter, TaskQuery } from "../query/task-query.ts";
import type { StoredValue } from "../task/stored-value.ts";
import type { ProgressPatch } from "../task/task-progress.ts";
import type { AttemptRecord, TaskRecord } from "../task/task-record.ts";
import type { TaskReason, TaskStatus } from "../task/task-status.ts";
import type { NewStep, TaskStep } from "../task/task-step.ts";
import type { EpochMs } from "../time/clock.ts";
import type { EnqueueGroup, EnqueueGroupResult } from "./enqueue.ts";
import type { Facet, FacetName } from "./facets.ts";
import type { KindAsk, KindRecord } from "./kind.ts";
import type { Lease, LeaseAnswer } from "./lease.ts";
import type { LeasedSettlement } from "./settlement.ts";

/**
 * Makes moves durable, in batches, and tells each one as an event of its journal.
 *
 * Rules for every method: `answers[i]` answers `asks[i]`; an empty ask is an empty answer without a round trip; what
 * may normally happen is an answer, never an exception; one item's refusal never harms its neighbours; no method
 * takes the time; reads return frozen plain data. Prove an implementation with `@millrace/conformance`.
 */
export interface TaskStore<Tx = never> {
  /** M1. Groups do not affect each other. */
  enqueue(groups: readonly EnqueueGroup[]): Promise<readonly EnqueueGroupResult[]>;
  /** M2: at most `limit`, at most `slots` of each kind; limits, keys, rates, pauses and expiry respected. */
  claim(request: ClaimRequest): Promise<ClaimAnswer>;
  /** M4: `leaseMs` from now. An expired lease that nobody took may still be extended. */
  extend(leases: readonly Lease[], leaseMs: number): Promise<readonly LeaseAnswer[]>;
  /** M3 and M5: started, progress, steps, a sign of life. */
  report(reports: readonly LeasedReport[]): Promise<readonly LeaseAnswer[]>;
  /** M6–M10, with waiters released, keys freed and children made in the same transaction. */
  settle(settlements: readonly LeasedSettlement[]): Promise<readonly LeaseAnswer[]>;
  /** M11 by deadline, M12, M20 and cascades: up to `limit` of each, as they now stand. Any host may call it any time. */
  expire(limit: number): Promise<readonly TaskRecord[]>;
  /** M13, M14, M15. */
  cancel(asks: readonly CancelAsk[]): Promise<readonly CancelAnswer[]>;
  /** M17, M18, and `resume` of a manual wait. */
  change(asks: readonly ChangeAsk[]): Promise<readonly ChangeAnswer[]>;
  /** M16. */
  retry(taskIds: readonly TaskId[]): Promise<readonly RetryAnswer[]>;
  /** M11 by signal; else kept for the next wait. */
  signal(asks: readonly SignalAsk[]): Promise<readonly SignalAnswer[]>;
  /** What `context.once` remembers: looks a key up, or writes it if it is free. */
  memo(asks: readonly LeasedMemo[]): Promise<readonly MemoAnswer[]>;
  /** Labels leased tasks that gave no sign for their `watchdogMs`, else `silentForMs` (0 = only those with their own). */
  markStale(silentForMs: number, limit: number): Promise<readonly TaskRecord[]>;
  remove(asks: readonly RemoveAsk[]): Promise<readonly RemoveAnswer[]>;
  /** Registers, pauses, resumes or limits kinds. */
  setKind(asks: readonly KindAsk[]): Promise<void>;
  kinds(): Promise<readonly KindRecord[]>;
  read(query: TaskQuery): Promise<TaskPage>;
  /** One call for many ids, aligned; null where there is none. */
  get(taskIds: readonly TaskId[]): Promise<readonly (TaskRecord | null)[]>;
  steps(query: StepQuery): Promise<StepPage>;
  /** Ended attempts of a task but for the last, oldest first. */
  attempts(taskId: TaskId): Promise<readonly AttemptRecord[]>;
  aggregate(filter: TaskFilter): Promise<TaskAggregateSnapshot>;
  /** Entries after a cursor, in the journal's order. */
  events(after: EventCursor, limit: number, filter?: EventFilter): Promise<EventPage>;
  /** Calls `wake` when something may have become claimable or told: a hint, which may come late, twice or never. */
  watch(wake: () => void): () => void;
  /**
   * How many tasks a host claims ahead of its free places at most, and settles in one call; from 1 to 1,000, absent = 200. More are cheaper
   * by the task where each call is a journey; fewer keep a store short that works in the caller's own thread.
   */
  readonly batchSize?: number;
  /** The same operations inside the caller's own transaction. */
  within(tx: Tx): TaskStoreWithin;
  /** The synchronous twin, for a database that is itself synchronous (better-sqlite3); absent elsewhere. */
  withinSync?(tx: Tx): TaskStoreWithinSync;
  facet<Name extends FacetName>(name: Name): Facet<Name> | null;
  close(): Promise<void>;
}

/** What may be done inside a caller's transaction. */
export type TaskStoreWithin = Pick<TaskStore, "enqueue" | "settle">;

/** What may be done inside a caller's synchronous transaction. */
export interface TaskStoreWithinSync {
  enqueue(groups: readonly EnqueueGroup[]): readonly EnqueueGroupResult[];
  settle(settlements: readonly LeasedSettlement[]): readonly LeaseAnswer[];
}

/** How many tasks of a kind a host can take now. */
export interface KindSlots {
  readonly kind: string;
  readonly slots: number;
}

/** What a host asks for. */
export interface ClaimRequest {
  readonly hostId: string;
  readonly kinds: readonly KindSlots[];
  readonly limit: number;
  readonly leaseMs: number;
  /**
   * What to do with suspects, which must run alone. `include`: the executor isolates each. `exclude`: leave them, and
   * say so in the answer. `alone`: this host is idle; a suspect that comes first in order is the whole answer, else none.
   */
  readonly suspects: "include" | "exclude" | "alone";
  /**
   * A single task is expected, and wanted soon: a store may answer with the first alone, and `more` when it left others.
   *
   * @defaultValue false
   */
  readonly expectsOne?: boolean;
}

/** A task that was claimed. */
export interface ClaimedTask {
  /** As it stands after the claim; `leaseToken` is set. A suspect comes as `running`, every other as `claimed`. */
  readonly task: TaskRecord;
  /** What it waited for, by position: filled for tasks that had dependencies or children at this stage. */
  readonly results: readonly DependencyResult[];
}

/** How a task that another waited for ended; `open` ones stand in the list of an aborted or timed out wait. */
export interface DependencyResult {
  readonly taskId: TaskId;
  readonly kind: string;
  readonly status: TaskStatus;
  readonly reason: TaskReason | null;
  readonly output: StoredValue | null;
  readonly failure: StoredValue | null;
}

/** What a claim brought. */
export interface ClaimAnswer {
  readonly tasks: readonly ClaimedTask[];
  /** The store stopped short of what it could give (a bounded round, the first task alone): claim again at once. */
  readonly more: boolean;
  /** A due suspect was left by `suspects: "exclude"`, or by `alone` because others stood before it. */
  readonly suspectsWaiting: boolean;
  /** When the next not-due task of these kinds falls due, by the store's clock, as a delay; null = none known. */
  readonly nextDueInMs: number | null;
}

/** What an owner tells of a running task. */
export interface LeasedReport extends Lease {
  /** M3, once an attempt. */
  readonly started?: true;
  readonly progress?: ProgressPatch;
  /** In order of `n`; those stored before are skipped. */
  readonly steps?: readonly NewStep[];
  /** The handler is alive and has nothing to say. Tells no event. */
  readonly alive?: true;
}

/** A wish to stop a task. */
export interface CancelAsk {
  readonly taskId: TaskId;
  /** `request`: a leased task is asked to stop (M14). `terminate`: its lease is taken away at once (M15). */
  readonly mode: "request" | "terminate";
  readonly reason: string | null;
  readonly by: string | null;
}

/** What became of a wish to stop a task. */
export type CancelAnswer =
  | { readonly status: "cancelled" | "cancel-requested" | "already-final"; readonly task: TaskRecord }
  | { readonly status: "not-found" };

/** A change by an operator or client. */
export type ChangeAsk =
  | { readonly type: "pause"; readonly taskId: TaskId; readonly by: string | null; readonly why: string | null }
  /** Ends a pause, or a `manual` wait. */
  | { readonly type: "resume"; readonly taskId: TaskId; readonly payload?: StoredValue | null }
  /** To `scheduledAt`, or to now + `delayMs`. */
  | {
      readonly type: "reschedule";
      readonly taskId: TaskId;
      readonly scheduledAt: EpochMs | null;
      readonly delayMs: number;
      readonly priority?: number;
    }
  | { readonly type: "replace-input"; readonly taskId: TaskId; readonly input: StoredValue | null };

/** What became of a change. */
export type ChangeAnswer =
  | { readonly status: "changed"; readonly task: TaskRecord }
  | { readonly status: "refused"; readonly why: "not-found" }
  | { readonly status: "refused"; readonly why: "wrong-status"; readonly task: TaskRecord };

/** What became of a retry by hand (M16). */
export type RetryAnswer =
  | { readonly status: "retried"; readonly task: TaskRecord }
  | { readonly status: "conflict"; readonly why: "dedupe-key-taken" | "flow-has-gone-on"; readonly task: TaskRecord }
  | { readonly status: "not-final"; readonly task: TaskRecord }
  | { readonly status: "not-found" };

/** A message to a task. */
export interface SignalAsk {
  readonly taskId: TaskId;
  /** Made by the sender; a repeated id is ignored. */
  readonly signalId: string;
  readonly name: string;
  readonly payload: StoredValue | null;
}

/** What became of a message to a task. */
export type SignalAnswer =
  /** `woke`: it was waiting for this. `kept`: for its next wait. `repeated`: this id was seen before. */
  | { readonly status: "woke" | "kept" | "repeated" }
  /** `closed`: the task is final. `full`: 100 are waiting. */
  | { readonly status: "closed" | "full" | "not-found" };

/** A look-up (`value` absent) or a write-if-free of what `once` remembers. */
export interface LeasedMemo extends Lease {
  readonly key: string;
  readonly value?: StoredValue;
}

/** What stands under a memo key, or that the lease is lost. */
export type MemoAnswer =
  /** What stands under the key now; null = nothing. */
  { readonly status: "held"; readonly value: StoredValue | null } | Extract<LeaseAnswer, { status: "lost" }>;

/** A wish to remove a task with all that belongs to it. */
export interface RemoveAsk {
  readonly taskId: TaskId;
}

/** What became of a wish to remove a task. */
export type RemoveAnswer =
  | { readonly status: "removed" | "not-found" }
  /** A waiter, flow or parent still needs its result. */
  | { readonly status: "needed"; readonly by: TaskId };

/** A page of tasks, and the place in the journal at which it is true. */
export interface TaskPage {
  readonly tasks: readonly TaskRecord[];
  readonly next: PageCursor | null;
  readonly cursor: EventCursor;
}

/** A page of steps. */
export interface StepPage {
  readonly steps: readonly TaskStep[];
  readonly next: PageCursor | null;
}

/** A page of the journal, or the word that the reader must start anew. */
export type EventPage =
  | {
      readonly status: "events";
      readonly events: readonly JournalEvent[];
      /** After the last entry looked at, also those the filter left out. */
      readonly cursor: EventCursor;
      /** There is more behind it. */
      readonly more: boolean;
    }
  /** The cursor is of another epoch, ahead of the journal, or retention has passed it: take a snapshot, go on here. */
  | { readonly status: "reset"; readonly why: "epoch" | "ahead" | "retention"; readonly cursor: EventCursor };
