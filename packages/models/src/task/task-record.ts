import type { TaskId } from "../ids/task-id.ts";
import type { EpochMs } from "../time/clock.ts";
import type { JsonObject } from "./json.ts";
import type { BackoffPolicy } from "./retry-policy.ts";
import type { StoredValue } from "./stored-value.ts";
import type { TaskProgress } from "./task-progress.ts";
import type { TaskReason, TaskStatus, WakeReason } from "./task-status.ts";

/** Who asked for a task. */
export interface TaskOrigin {
  readonly type: "client" | "schedule" | "trigger" | "flow" | "task" | "bulk";
  /** The schedule's, trigger's, flow's or parent task's id; null for a plain client. */
  readonly id: string | null;
}

/** A concurrency key of a task: at most `limit` tasks that carry it hold a lease at once, over the whole store. */
export interface ConcurrencyKey {
  readonly key: string;
  /** What this enqueue believes the limit to be; the key's own limit, once it exists, wins. @defaultValue 1 */
  readonly limit: number;
}

/** What was said of retries for this very task; an absent field leaves it to the kind, then to the host. */
export interface TaskRetry {
  /** How many failures end the task; null = unlimited. */
  readonly maxAttempts?: number | null;
  readonly backoff?: BackoffPolicy;
}

/** Who ended a task's last ended attempt. */
export type AttemptEndedBy = "owner" | "expire" | "terminate";

/**
 * A task as a store keeps it. Fields are never absent: null says "known to be absent". It never leaves the server as
 * it is (it holds the lease token); people see a `TaskSnapshot`.
 */
export interface TaskRecord {
  readonly id: TaskId;
  /** Part of every uniqueness, event and service query. @defaultValue "" */
  readonly tenantId: string;
  readonly kind: string;
  readonly kindVersion: number;
  readonly status: TaskStatus;
  readonly reason: TaskReason | null;
  /** Higher runs first. A whole number, −32,768 to 32,767. */
  readonly priority: number;
  readonly scheduledAt: EpochMs;
  /** A task that has not begun by then is cancelled `TASK_EXPIRED`. */
  readonly expiresAt: EpochMs | null;

  readonly input: StoredValue | null;
  readonly output: StoredValue | null;
  readonly failure: StoredValue | null;
  /** What the handler carries from one stage to the next. */
  readonly state: StoredValue | null;
  readonly failureFingerprint: string | null;
  readonly metadata: JsonObject;
  readonly context: Readonly<Record<string, string>>;
  readonly logContext: Readonly<Record<string, string>>;
  readonly traceParent: string | null;
  readonly summary: string | null;
  readonly tags: readonly string[];
  /** Stored channels only; `taskChannels(record)` adds the derived ones. */
  readonly channels: readonly string[];
  readonly origin: TaskOrigin;

  /** The top of the tree this task belongs to; its own id for a task without a parent. */
  readonly rootId: TaskId;
  readonly parentId: TaskId | null;
  readonly flowId: string | null;
  /** 0 at first; +1 each time the task goes on after a suspension. */
  readonly stage: number;

  readonly dedupeKey: string | null;
  /** How long the dedupe key stays taken counted from enqueue, even after the end; null = while open. */
  readonly dedupeUntil: EpochMs | null;
  readonly supersedeKey: string | null;
  /** Sorted by key, at most 4. */
  readonly concurrencyKeys: readonly ConcurrencyKey[];

  readonly retry: TaskRetry;
  readonly timeoutMs: number | null;
  readonly watchdogMs: number | null;
  /** 0 = removed at the end, −1 = kept for ever, null = as the retention policy says. */
  readonly retainForMs: number | null;
  readonly maxInterruptions: number | null;
  readonly afterCrash: "retry" | "fail";

  /** How often it was claimed. */
  readonly attempt: number;
  readonly failures: number;
  readonly interruptions: number;
  readonly releases: number;
  readonly snoozes: number;
  /** +1 for every event told of this task, without a gap. */
  readonly version: number;

  /** Who holds it; these three are set exactly while claimed or running. */
  readonly hostId: string | null;
  readonly leaseToken: string | null;
  readonly leaseExpiresAt: EpochMs | null;
  /** The token of the last ended attempt, and who ended it: how a replayed settlement is recognised. */
  readonly lastLeaseToken: string | null;
  readonly lastEndedBy: AttemptEndedBy | null;
  /** The host of the current attempt, else of the last one: who ran a task that is no longer leased. */
  readonly lastHostId: string | null;
  /** The status that the last ended attempt led to. */
  readonly lastEndedAs: TaskStatus | null;
  /** Its lease expired and no attempt has ended well since: it runs alone. */
  readonly suspect: boolean;
  /** Whether `started` was stored for the current attempt. */
  readonly started: boolean;

  readonly pausedFrom: "blocked" | "queued" | "suspended" | null;
  readonly pausedBy: string | null;
  readonly pausedWhy: string | null;

  /** How many of the tasks it waits for are still open. */
  readonly openDependencies: number;
  /** The signal a suspended task waits for. */
  readonly waitSignal: string | null;
  /** The deadline of a wait. */
  readonly wakeAt: EpochMs | null;
  /** What ended the wait that led to this stage; null at stage 0 of a task without dependencies. */
  readonly wakeReason: WakeReason | null;
  /** The payload of the signal that ended the wait. */
  readonly wakePayload: StoredValue | null;
  /** An `abort` edge released it before all it waited for had ended. */
  readonly waitAborted: boolean;

  /** The last sign of life the handler itself gave: its start, progress, a step or `heartbeat()`. */
  readonly lastSignAt: EpochMs | null;
  readonly staleAt: EpochMs | null;
  readonly staleReason: string | null;
  readonly cancelRequestedAt: EpochMs | null;
  readonly cancelReason: string | null;
  readonly cancelledBy: string | null;
  readonly progress: TaskProgress;

  readonly createdAt: EpochMs;
  readonly updatedAt: EpochMs;
  readonly claimedAt: EpochMs | null;
  /** When the handler of the current (or last) attempt started. */
  readonly startedAt: EpochMs | null;
  readonly finishedAt: EpochMs | null;
}

/** An ended attempt that is not the record's last one: a row of its own, kept as long as the task. */
export interface AttemptRecord {
  readonly taskId: TaskId;
  readonly attempt: number;
  readonly leaseToken: string;
  readonly hostId: string | null;
  readonly claimedAt: EpochMs | null;
  readonly startedAt: EpochMs | null;
  readonly endedAt: EpochMs;
  readonly endedBy: AttemptEndedBy;
  /** The event that ended it, such as `retried`, `released` or `lease_lost`. */
  readonly outcome: string;
  /** The status it led to. */
  readonly endedAs: TaskStatus;
  readonly failure: StoredValue | null;
}
