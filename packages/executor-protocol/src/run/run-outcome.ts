import {
  isPermanentError,
  isTaskError,
  retryLaterMs,
  snoozeMs,
  toTaskFailure,
  type TaskAbortReason,
  type TaskOutcome,
} from "@millrace/models";
import { problemText, toPlainJson } from "./plain-json.ts";
import type { RunAbort } from "./abort-switch.ts";

/** What a handler's return value makes of its run: `undefined` is "no output", `null` is one. */
export function outcomeOfOutput(output: unknown): TaskOutcome {
  if (output === undefined) return { type: "succeeded", output: undefined };
  const plain = toPlainJson(output, "output");
  if (plain.ok) return { type: "succeeded", output: plain.json };
  const message = `The output cannot be stored: ${problemText(plain.problem)}.`;
  const details = { path: plain.problem.path };
  return {
    type: "failed",
    reason: "TASK_OUTPUT_INVALID",
    permanent: true,
    failure: { name: "TaskError", message, code: "TASK_OUTPUT_INVALID", details },
  };
}

/** What a value thrown by a handler makes of its run. */
export function outcomeOfThrown(thrown: unknown, abort: RunAbort): TaskOutcome {
  const aborted = abort.reason();
  if (thrown instanceof TimeUp) return { type: "aborted", why: "timeout", failure: toTaskFailure(thrown) };
  if (aborted && isAbortLike(thrown, aborted.value)) {
    const failure = thrown === aborted.value ? null : toTaskFailure(thrown);
    return { type: "aborted", why: abortReasonOf(aborted.value), failure };
  }
  const forMs = snoozeMs(thrown);
  if (forMs !== null) return { type: "snoozed", forMs };
  const afterMs = retryLaterMs(thrown);
  return {
    type: "failed",
    failure: toTaskFailure(thrown),
    ...(afterMs === null ? {} : { retryAfterMs: afterMs }),
    ...(isPermanent(thrown) ? { permanent: true } : {}),
  };
}

/** The outcome of a run that was aborted before its handler was called. */
export function outcomeOfAbort(reason: unknown): TaskOutcome {
  return { type: "aborted", why: abortReasonOf(reason), failure: null };
}

/** The outcome of a batch's task that its handler said nothing of. */
export function noOutcome(detail: string): TaskOutcome {
  const message = `The batch handler left this task without an outcome: ${detail}.`;
  return {
    type: "failed",
    reason: "TASK_NO_OUTCOME",
    failure: { name: "TaskError", message, code: "TASK_NO_OUTCOME" },
  };
}

/** Thrown by `checkTimeout` when the time is up and the host's own abort has not come yet. */
export class TimeUp extends Error {
  override readonly name = "AbortError";
  readonly code = "TASK_TIMED_OUT";
}

/** Null for anything that is not one of the four reasons: a signal can be aborted with whatever value. */
function abortReasonOf(reason: unknown): TaskAbortReason | null {
  switch (reason) {
    case "cancelled":
    case "timeout":
    case "lease-lost":
    case "shutdown":
      return reason;
    default:
      return null;
  }
}

const maxCauses = 8;

/** Libraries wrap the abort they met; a few causes deep is far enough. */
function isAbortLike(thrown: unknown, reason: unknown): boolean {
  let error: unknown = thrown;
  for (let depth = 0; depth < maxCauses; depth += 1) {
    if (error === reason) return true;
    if (typeof error !== "object" || error === null) return false;
    if (read(error, "name") === "AbortError" || read(error, "code") === "ABORT_ERR") return true;
    error = read(error, "cause");
  }
  return false;
}

function isPermanent(thrown: unknown): boolean {
  if (isPermanentError(thrown)) return true;
  // The same value would fail the same way next time.
  return isTaskError(thrown, "SERIALIZATION_ERROR") || isTaskError(thrown, "INPUT_NOT_SERIALISABLE");
}

function read(from: object, key: string): unknown {
  try {
    return Reflect.get(from, key);
  } catch {
    return undefined;
  }
}
