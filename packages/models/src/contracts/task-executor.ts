import type { Json } from "../task/json.ts";
import type { RunningTask, TaskAbortReason, WaitedTask, Wake } from "../task/task-context.ts";
import type { HandlerEntrypoint, RunTask, RunTaskBatch } from "../task/task-definition.ts";
import type { TaskFailure } from "../task/task-failure.ts";
import type { ProgressPatch } from "../task/task-progress.ts";
import type { NewStep } from "../task/task-step.ts";
import type { OnDependencyFailure } from "./enqueue.ts";
import type { TaskInvocation } from "./enqueue-options.ts";
import type { TxFenceFacet } from "./facets.ts";
import type { LeasedSettlement } from "./settlement.ts";

/** The code of a kind, as an executor gets it. */
export type HandlerRef =
  | {
      readonly type: "function";
      readonly kind: string;
      readonly run?: RunTask<never, unknown>;
      readonly runBatch?: RunTaskBatch<never, unknown>;
    }
  | { readonly type: "module"; readonly kind: string; readonly entrypoint: HandlerEntrypoint };

/** One task to be run. Everything but `handler` is plain data that survives a structured clone. */
export interface TaskRun {
  readonly handler: HandlerRef;
  readonly task: RunningTask;
  /** Decoded and validated; `undefined` when the task has none. */
  readonly input: Json | undefined;
  readonly state: Json;
  readonly wake: Wake | null;
  readonly children: readonly WaitedTask[];
  readonly dependencies: readonly WaitedTask[];
  readonly context: Readonly<Record<string, string>>;
  readonly logContext: Readonly<Record<string, string>>;
  /** For `checkTimeout`; the host enforces it. Null = none. */
  readonly timeoutMs: number | null;
  /** It must not share a process with other runs: an attempt of it has crashed before. */
  readonly alone: boolean;
  /** Whether any earlier attempt or stage may have stored memos: else `once` need not ask before its first run. */
  readonly mayHaveMemos: boolean;
}

/** What a handler says while it runs. */
export interface RunReport {
  /** The handler has started: said first, once. */
  readonly started?: true;
  readonly progress?: ProgressPatch;
  readonly steps?: readonly NewStep[];
  readonly alive?: true;
}

/** What a handler asks while it runs; the answer comes after the store's. */
export type RunQuestion =
  | { readonly type: "memo-get"; readonly key: string }
  | { readonly type: "memo-put"; readonly key: string; readonly value: Json | undefined }
  | { readonly type: "enqueue"; readonly invocation: TaskInvocation }
  | { readonly type: "signal"; readonly taskId: string; readonly name: string; readonly payload: Json | undefined }
  /** Not for isolated executors: `tx` is a live object. */
  | { readonly type: "complete-in-tx"; readonly tx: unknown; readonly output: Json }
  /** For isolated executors: how to do it where `tx` lives. */
  | { readonly type: "tx-fence"; readonly output: Json };

/** The answer to a question; a refusal rejects the handler's call with a `TaskError` of that code. */
export type RunAnswer =
  | { readonly type: "memo"; readonly found: boolean; readonly value?: Json }
  | { readonly type: "enqueued"; readonly taskId: string }
  | { readonly type: "done" }
  /** The settlement is for the store's `TxFence`, to be opened and asked where the transaction is. */
  | { readonly type: "tx-fence"; readonly fence: TxFenceFacet; readonly settlement: LeasedSettlement }
  | { readonly type: "refused"; readonly code: string; readonly message: string };

/** What the host gives an executor for the runs of one call; `i` is the position of the run. */
export interface RunIo {
  /** Aborts with a `TaskAbortReason` as its reason. Made when somebody looks at it: most handlers never do. */
  signal(i: number): AbortSignal;
  /** What that signal has aborted with; null while it has not. An io without this is asked for its signal. */
  abortReason?(i: number): TaskAbortReason | null;
  /** `false`: the lease is lost. Never rejects. */
  report(i: number, report: RunReport): Promise<boolean>;
  /** Never rejects. */
  ask(i: number, question: RunQuestion): Promise<RunAnswer>;
  /** A line the handler logged. */
  log(i: number, line: LogLine): void;
}

/** What a handler wrote to `context.log`. */
export interface LogLine {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly message: string;
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** What became of one run, as the executor saw it. */
export type TaskOutcome =
  | { readonly type: "succeeded"; readonly output: Json | undefined }
  | {
      readonly type: "failed";
      readonly failure: TaskFailure;
      /** Never try again (`PermanentError`, validation, serialisation). */
      readonly permanent?: boolean;
      /** `RetryLaterError`: the delay it asked for. */
      readonly retryAfterMs?: number;
      readonly reason?: "TASK_OUTPUT_INVALID" | "TASK_NO_OUTCOME" | "TASK_INPUT_INVALID";
    }
  | { readonly type: "snoozed"; readonly forMs: number }
  /** It ended because its signal aborted. */
  | { readonly type: "aborted"; readonly why: TaskAbortReason | null; readonly failure: TaskFailure | null }
  | { readonly type: "suspended"; readonly wait: RunWait; readonly state: Json | undefined }
  /** The process or thread under it died. */
  | {
      readonly type: "crashed";
      readonly failure: TaskFailure;
      readonly exitCode: number | null;
      readonly signal: string | null;
    }
  /** `completeInTx` stored the outcome. */
  | { readonly type: "completed-in-tx" };

/** What a run wants to wait for. */
export type RunWait =
  | {
      readonly reason: "children";
      readonly children: readonly TaskInvocation[];
      readonly onFailure: OnDependencyFailure;
      readonly timeoutMs: number | null;
    }
  | { readonly reason: "sleep"; readonly forMs: number }
  | { readonly reason: "signal"; readonly name: string; readonly timeoutMs: number | null }
  | { readonly reason: "manual"; readonly note: string | null; readonly timeoutMs: number | null };

/** Runs handlers. Prove an implementation with `testTaskExecutor` of `@millrace/conformance`. */
export interface TaskExecutor {
  readonly name: string;
  /** Whether a run has a process or thread of its own: a crash or a kill then harms no other. */
  readonly isolated: boolean;
  /** How many runs it can hold at once; null = as many as asked. Beyond it a host prefetches at most one per place. */
  readonly capacity: number | null;
  /** Asked when the host is made; a sentence when this handler cannot be run here ("needs a module, got a function"). */
  refuses(handler: HandlerRef): string | null;
  /**
   * Runs one task, or several of a batch kind, to their outcomes, aligned. Never rejects. When a signal aborts, an isolated executor
   * waits `abortGraceMs`, then kills; an in-process one can only wait.
   */
  execute(runs: readonly [TaskRun, ...TaskRun[]], io: RunIo, options: ExecuteOptions): Promise<readonly TaskOutcome[]>;
  /** Ends everything that still runs. */
  close(): Promise<void>;
}

/** How runs are to be ended. */
export interface ExecuteOptions {
  /** How long an aborted run may take to end by itself. */
  readonly abortGraceMs: number;
}
