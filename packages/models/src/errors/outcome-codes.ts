import type { ErrorCodeEntry } from "./error-code-entry.ts";

/** The code of a task's own end. */
export type OutcomeCode =
  | "TASK_FAILED"
  | "TASK_TIMED_OUT"
  | "TASK_LEASE_EXPIRED"
  | "TASK_QUARANTINED"
  | "TASK_INPUT_INVALID"
  | "TASK_OUTPUT_INVALID"
  | "TASK_NO_OUTCOME"
  | "TASK_ABORTED"
  | "TASK_DEPENDENCY_FAILED"
  | "TASK_CANCELLED"
  | "TASK_SUPERSEDED"
  | "TASK_EXPIRED";

/** A task's own ends; the same words as its `reason`. */
export const outcomeCodes: Readonly<Record<OutcomeCode, ErrorCodeEntry>> = {
  TASK_FAILED: {
    status: 500,
    retryable: false,
    summary: "The handler threw.",
    fix: "See the failure of the task.",
  },
  TASK_TIMED_OUT: {
    status: 504,
    retryable: false,
    summary: "An attempt ran longer than `timeoutMs`.",
    fix: "Raise the timeout, or make the handler faster and heed `context.signal`.",
  },
  TASK_LEASE_EXPIRED: {
    status: 500,
    retryable: false,
    summary: "The task's host was not heard of for the length of its lease, and the kind says `afterCrash: fail`.",
    fix: "Look for a crash or a long pause of the host.",
  },
  TASK_QUARANTINED: {
    status: 500,
    retryable: false,
    summary: "Its host died under it too often.",
    fix: "Look for a crash that this input causes; retry by hand after the fix.",
  },
  TASK_INPUT_INVALID: {
    status: 400,
    retryable: false,
    summary: "The stored input does not fit the schema of the code that was to run it.",
    fix: "Deploy code that accepts it, or replace the input and retry.",
  },
  TASK_OUTPUT_INVALID: {
    status: 500,
    retryable: false,
    summary: "The output does not fit its schema, cannot be written as JSON, or is too large.",
    fix: "Correct the handler, or raise `maxPayloadBytes`.",
  },
  TASK_NO_OUTCOME: {
    status: 500,
    retryable: false,
    summary: "A batch handler left this task without an outcome.",
    fix: "Return one outcome for each task.",
  },
  TASK_ABORTED: {
    status: 500,
    retryable: false,
    summary: "The handler ended as aborted although nobody asked for it.",
    fix: "Throw another error, or let `context.signal` decide.",
  },
  TASK_DEPENDENCY_FAILED: {
    status: 500,
    retryable: false,
    summary: "A task it needed failed.",
    fix: "Retry that task first, then this one.",
  },
  TASK_CANCELLED: {
    status: 409,
    retryable: false,
    summary: "Somebody cancelled it.",
    fix: "Retry it by hand if that was a mistake.",
  },
  TASK_SUPERSEDED: {
    status: 409,
    retryable: false,
    summary: "A newer task of the same supersede key replaced it.",
    fix: "Nothing to do.",
  },
  TASK_EXPIRED: {
    status: 410,
    retryable: false,
    summary: "It did not begin before `expiresAt`.",
    fix: "Enqueue it again, or give it more time.",
  },
};
