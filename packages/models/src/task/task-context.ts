import type { OnDependencyFailure } from "../contracts/enqueue.ts";
import type { TaskInvocation } from "../contracts/enqueue-options.ts";
import type { Logger } from "../contracts/logger.ts";
import type { TaskId } from "../ids/task-id.ts";
import type { EpochMs } from "../time/clock.ts";
import type { Json, JsonObject } from "./json.ts";
import type { TaskFailure } from "./task-failure.ts";
import type { ProgressPatch } from "./task-progress.ts";
import type { StepLevel } from "./task-step.ts";
import type { TaskReason, TaskStatus, WakeReason } from "./task-status.ts";

/** What a handler may know of its task. */
export interface RunningTask {
  readonly id: TaskId;
  readonly tenantId: string;
  readonly kind: string;
  readonly kindVersion: number;
  readonly attempt: number;
  /** Null = unlimited. */
  readonly maxAttempts: number | null;
  readonly failures: number;
  readonly stage: number;
  readonly priority: number;
  readonly metadata: JsonObject;
  readonly channels: readonly string[];
  readonly tags: readonly string[];
  readonly dedupeKey: string | null;
  readonly supersedeKey: string | null;
  readonly rootId: TaskId;
  readonly parentId: TaskId | null;
  readonly flowId: string | null;
  readonly createdAt: EpochMs;
  readonly scheduledAt: EpochMs;
  readonly traceParent: string | null;
}

/** How a task this one waited for ended, decoded. */
export interface WaitedTask {
  readonly taskId: TaskId;
  readonly kind: string;
  readonly status: TaskStatus;
  readonly reason: TaskReason | null;
  readonly output?: Json;
  readonly failure?: TaskFailure;
}

/** What ended the wait before this stage; kept over retries of the stage. */
export interface Wake {
  readonly reason: WakeReason;
  readonly payload?: Json;
  readonly timedOut: boolean;
  /** An `abort` edge released it early. */
  readonly aborted: boolean;
}

/** A step as a handler writes it. */
export interface StepInput {
  /** @defaultValue "step" */
  readonly kind?: string;
  /** @defaultValue "info" */
  readonly level?: StepLevel;
  readonly message?: string;
  /** Another word for `message`. */
  readonly label?: string;
  readonly meta?: Json;
  /** Also becomes the task's progress. */
  readonly percent?: number;
  /** Another word for `percent`. */
  readonly progressPercent?: number;
}

/** How children are waited for. */
export interface SpawnOptions {
  /** @defaultValue "continue" */
  readonly onFailure?: OnDependencyFailure;
  /** After it the parent goes on with what there is. @defaultValue null (for ever) */
  readonly timeoutMs?: number | null;
  /** Becomes `context.state` of the next stage. */
  readonly state?: Json;
}

/**
 * What a handler gets beside its input. Promises of progress, steps and heartbeats settle when the store has answered:
 * `true`, or `false` when the lease is lost; they never reject for that and need not be awaited.
 *
 * It may be taken apart (`const { setProgress, signal } = context`), but a copy by spread has its values only, not its
 * functions: they are made when they are asked for.
 */
export interface TaskContext {
  readonly task: RunningTask;
  /**
   * Aborts when the attempt must end. Its `reason` is a `TaskAbortReason`: `cancelled`, `timeout`, `lease-lost` or
   * `shutdown`.
   */
  readonly signal: AbortSignal;
  /** Named strings of the enqueuer (tenant, user, request …). */
  readonly context: Readonly<Record<string, string>>;
  /** Carries task id, kind and attempt, and the enqueuer's log context. */
  readonly log: Logger;
  /** What `spawn`, `sleep`, `waitForSignal` or `suspend` was given to carry to this stage; null at first. */
  readonly state: Json;
  /** Null at stage 0 of a task that waited for nothing. */
  readonly wake: Wake | null;
  /** The children of the last `spawn`, in order. */
  readonly children: readonly WaitedTask[];
  /** The dependencies given at enqueue, in order. */
  readonly dependencies: readonly WaitedTask[];
  /** When `timeoutMs` runs out, on this process's monotonic clock; null = never. */
  readonly deadlineInMs: () => number | null;

  setProgress(patch: ProgressPatch): Promise<boolean>;
  appendStep(step: StepInput): Promise<boolean>;
  /** Says "I am alive" to the watchdog. */
  heartbeat(): Promise<boolean>;
  /** Throws when the attempt's time is up or it was aborted: for loops that cannot use `signal`. */
  checkTimeout(): void;
  /** Runs `fn` once per task across attempts and stages, and remembers its JSON result. */
  once<Result>(key: string, fn: () => Result | Promise<Result>): Promise<Result>;
  /** Makes a task of its own life; this one does not wait. */
  enqueue(invocation: TaskInvocation): Promise<{ readonly taskId: TaskId }>;
  /** Sends a signal to another task. */
  signalTask(taskId: TaskId, name: string, payload?: Json): Promise<void>;
  /** Ends this run; it goes on at `stage + 1` once all children are final. */
  spawn(children: readonly TaskInvocation[], options?: SpawnOptions): Promise<never>;
  /** Ends this run; it goes on at `stage + 1` after `forMs`. */
  sleep(forMs: number, options?: { readonly state?: Json }): Promise<never>;
  /** Ends this run; it goes on at `stage + 1` when the signal comes, or the time is up. */
  waitForSignal(name: string, options?: { readonly timeoutMs?: number | null; readonly state?: Json }): Promise<never>;
  /** Ends this run; it goes on at `stage + 1` when somebody calls `host.resume(id)`. */
  suspend(options?: {
    readonly reason?: string;
    readonly timeoutMs?: number | null;
    readonly state?: Json;
  }): Promise<never>;
  /**
   * Stores the output inside the caller's own transaction, so that its effects exist exactly when the task has
   * succeeded. The transaction must be of the store's own database. In a child process or thread the store's package is loaded
   * there for it.
   */
  completeInTx(tx: unknown, output: Json): Promise<void>;
}

/** Why `context.signal` aborted. */
export type TaskAbortReason = "cancelled" | "timeout" | "lease-lost" | "shutdown";
