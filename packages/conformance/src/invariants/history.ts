import type { AttemptRecord, EpochMs, JournalEvent, Lease, TaskId, TaskRecord } from "@millrace/models";

/** An accepted or refused write of a worker, as the worker saw it. */
export interface ObservedWrite extends Lease {
  /** Whether the store answered `held` or `cancel-requested`; a reply that was lost is `unknown`. */
  readonly answer: "held" | "lost" | "unknown";
  /** The task's version after it, when the answer told one. */
  readonly version: number | null;
  /** The answer said that it had been stored before. */
  readonly replayed?: boolean;
}

/** A time in which a worker believed to hold a task: after the claim's reply, until it sent the settlement, cut where its lease lapsed. */
export interface Holding {
  readonly taskId: TaskId;
  readonly attempt: number;
  /** What limits bind it: `kind:…`, `key:…`, `store`, as the test names them. */
  readonly limits: readonly string[];
  readonly from: number;
  readonly to: number;
}

/** How many may hold a name of `Holding.limits` at once. */
export interface KeyLimit {
  readonly name: string;
  readonly limit: number;
}

/** A task that waited for others, made by the test. */
export interface FlowOfHistory {
  readonly waiterId: TaskId;
  readonly dependencyIds: readonly TaskId[];
  /** The waiter may go on before all are final: an `abort` edge, a deadline or a cancel. */
  readonly mayGoOnEarly: boolean;
}

/** What a subscriber believed at the end, after a resync. */
export interface SubscriberView {
  readonly name: string;
  readonly versions: ReadonlyMap<TaskId, number>;
}

/** Everything that is known of a run: what the store says of itself, and what those who used it saw. */
export interface History {
  /** Every record in the store. */
  readonly records: readonly TaskRecord[];
  /** The journal, in its order. */
  readonly events: readonly JournalEvent[];
  /** Earlier attempts, by task. */
  readonly attempts?: ReadonlyMap<TaskId, readonly AttemptRecord[]>;
  /** Retention removed entries, so that a task's first events may be missing. */
  readonly journalIsCut?: boolean;
  /** All work was drained after all faults healed: every task must be final. */
  readonly isQuiet?: boolean;
  /** Ids whose enqueue was acknowledged. */
  readonly acknowledged?: readonly TaskId[];
  readonly writes?: readonly ObservedWrite[];
  readonly holdings?: readonly Holding[];
  readonly limits?: readonly KeyLimit[];
  readonly flows?: readonly FlowOfHistory[];
  readonly views?: readonly SubscriberView[];
  /** Tasks of schedule occurrences and triggers, by what they were made for: each name once. */
  readonly occurrences?: readonly { readonly name: string; readonly taskId: TaskId }[];
  /** Effects written in the transaction that completed the task, by task. */
  readonly effects?: readonly TaskId[];
  /** Tasks that are due and claimable, with the moment since when, beside an idle host; and how long that may last. */
  readonly waiting?: {
    readonly at: EpochMs;
    readonly longestMs: number;
    readonly since: readonly { readonly taskId: TaskId; readonly at: EpochMs }[];
  };
}

/** A promise that was broken. */
export interface Violation {
  /** The number of the invariant, `I1` to `I15`. */
  readonly invariant: string;
  readonly taskId: TaskId | null;
  readonly message: string;
}
