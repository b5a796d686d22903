import type {
  ClaimedTask,
  ClaimRequest,
  EnqueueGroupResult,
  EnqueueRequest,
  EnqueueResult,
  JournalEvent,
  LeaseAnswer,
  ManualClock,
  Random,
  Settlement,
  TaskEvent,
  TaskId,
  TaskRecord,
  TaskStore,
} from "@millrace/models";

/** A fresh store with a clock that stands still, and short words for what most cases do first. */
export interface StoreBench {
  /** The store; another one after `reopen`. */
  readonly store: TaskStore;
  readonly clock: ManualClock;
  readonly random: Random;
  readonly canReopen: boolean;
  /** An id that sorts after those made before. */
  newId(): TaskId;
  request(change?: Partial<EnqueueRequest>): EnqueueRequest;
  /** One group of these. */
  group(...changes: readonly Partial<EnqueueRequest>[]): Promise<EnqueueGroupResult>;
  /** One group that must be stored. */
  stored(...changes: readonly Partial<EnqueueRequest>[]): Promise<readonly EnqueueResult[]>;
  /** One task that must be stored. */
  enqueue(change?: Partial<EnqueueRequest>): Promise<TaskRecord>;
  enqueueMany(count: number, change?: Partial<EnqueueRequest>): Promise<readonly TaskRecord[]>;
  /** Claims until the store has no more to give or the limit is reached. By default kind `work`, 1,000 slots, host `host-1`. */
  claim(change?: Partial<ClaimRequest>): Promise<readonly ClaimedTask[]>;
  /** The ids of a claim. */
  claimIds(change?: Partial<ClaimRequest>): Promise<readonly TaskId[]>;
  /** Enqueues one task of a kind of its own and claims it. */
  claimed(change?: Partial<EnqueueRequest>, claim?: Partial<ClaimRequest>): Promise<TaskRecord>;
  /** As `claimed`, with M3 reported. */
  running(change?: Partial<EnqueueRequest>, claim?: Partial<ClaimRequest>): Promise<TaskRecord>;
  /** Claims this very task, which must be due, and reports M3. */
  runAgain(task: TaskRecord): Promise<TaskRecord>;
  /** Settles by the lease of that record. */
  settle(task: TaskRecord, settlement: Settlement, started?: boolean): Promise<LeaseAnswer>;
  succeed(task: TaskRecord, output?: string): Promise<LeaseAnswer>;
  /** A failure without another attempt. */
  fail(task: TaskRecord): Promise<LeaseAnswer>;
  /** Renews the leases of these records. */
  extendAll(tasks: readonly TaskRecord[], leaseMs?: number): Promise<readonly LeaseAnswer[]>;
  cancel(taskId: TaskId, mode?: "request" | "terminate"): Promise<TaskRecord>;
  /** The record as it stands; there must be one. */
  record(taskId: TaskId): Promise<TaskRecord>;
  /** The whole journal. */
  journal(): Promise<readonly JournalEvent[]>;
  eventsOf(taskId: TaskId): Promise<readonly TaskEvent[]>;
  /** The types of a task's events, in order. */
  told(taskId: TaskId): Promise<readonly string[]>;
  reopen(): Promise<void>;
  /** Says that this case closes or cuts what the last check would read. */
  skipLastCheck(): void;
}
