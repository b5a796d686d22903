import {
  type FailureReason,
  type Json,
  type RunWait,
  type TaskAbortReason,
  type TaskFailure,
  type TaskOutcome,
} from "@millrace/models";

/** What the owner knows of an attempt beside its outcome. */
export interface EndedAttempt {
  /** Why the owner aborted it; null = it did not. */
  readonly abortedFor: TaskAbortReason | null;
  /** The time limit it ran under, for the message. */
  readonly timeoutMs: number | null;
}

/** What is to be settled, before values are checked, written and encoded. */
export type PlannedEnd =
  | { readonly type: "succeed"; readonly output: Json | undefined }
  | {
      readonly type: "fail";
      readonly reason: FailureReason;
      readonly failure: TaskFailure;
      readonly permanent: boolean;
      /** A `RetryLaterError` asked for it. */
      readonly retryAfterMs: number | undefined;
    }
  | { readonly type: "cancelled"; readonly failure: TaskFailure | null }
  | { readonly type: "snooze"; readonly delayMs: number }
  | { readonly type: "release" }
  | { readonly type: "suspend"; readonly wait: RunWait; readonly state: Json | undefined }
  /** `completeInTx` has stored the outcome already. */
  | { readonly type: "stored" };

/**
 * What an outcome means. Success is success, also after an abort. Everything else that ends after an abort is the abort's: a time-out
 * is a failure like any other, a cancel ends cancelled, a shutdown or a lost lease gives the task back without spending anything. A
 * child that died is a failure, never a cancellation. Pure.
 */
export function settlementFor(outcome: TaskOutcome, attempt: EndedAttempt): PlannedEnd {
  switch (outcome.type) {
    case "succeeded":
      return { type: "succeed", output: outcome.output };
    case "completed-in-tx":
      return { type: "stored" };
    case "snoozed":
      return { type: "snooze", delayMs: outcome.forMs };
    case "suspended":
      return { type: "suspend", wait: outcome.wait, state: outcome.state };
    case "failed":
      return afterAbort(attempt, outcome.failure) ?? failed(outcome);
    case "crashed":
      return afterAbort(attempt, outcome.failure) ?? planFailure("TASK_FAILED", outcome.failure);
    case "aborted":
      return afterAbort(attempt, outcome.failure) ?? abortedByExecutor(outcome);
  }
}

const closedExecutorDelayMs = 1_000;

/** A failure that may be tried again. */
export function planFailure(
  reason: FailureReason,
  failure: TaskFailure,
  options: { readonly permanent?: boolean } = {},
): PlannedEnd {
  return { type: "fail", reason, failure, permanent: options.permanent === true, retryAfterMs: undefined };
}

function failed(outcome: Extract<TaskOutcome, { type: "failed" }>): PlannedEnd {
  return {
    type: "fail",
    reason: outcome.reason ?? "TASK_FAILED",
    failure: outcome.failure,
    permanent: outcome.permanent === true,
    retryAfterMs: outcome.retryAfterMs,
  };
}

function afterAbort(attempt: EndedAttempt, failure: TaskFailure | null): PlannedEnd | null {
  switch (attempt.abortedFor) {
    case null:
      return null;
    case "timeout":
      return planFailure("TASK_TIMED_OUT", timedOut(attempt.timeoutMs, failure));
    case "cancelled":
      return { type: "cancelled", failure };
    case "shutdown":
    case "lease-lost":
      return { type: "release" };
  }
}

function timedOut(timeoutMs: number | null, cause: TaskFailure | null): TaskFailure {
  const limit = timeoutMs === null ? "its time limit" : `${timeoutMs} ms`;
  const message = `The attempt ran longer than ${limit}.`;
  return { name: "TaskError", message, code: "TASK_TIMED_OUT", ...(cause === null ? {} : { cause }) };
}

/**
 * Nobody here asked for it. An executor that was closed under a host that goes on costs the task nothing but a moment: given back at
 * once, it would come straight back. An abort that the handler made up is a failure of its own.
 */
function abortedByExecutor(outcome: Extract<TaskOutcome, { type: "aborted" }>): PlannedEnd {
  if (outcome.why === "shutdown") return { type: "snooze", delayMs: closedExecutorDelayMs };
  const message = "The handler ended as aborted although nobody asked for it.";
  return planFailure("TASK_ABORTED", outcome.failure ?? { name: "AbortError", message });
}
