import type { Settlement, TaskFailure } from "@millrace/models";

/** What a handler threw. */
export function aFailure(change: Partial<TaskFailure> = {}): TaskFailure {
  return { name: "Error", message: "it broke", ...change };
}

/** A failure on its way to the store: not permanent, at most 3 failures, tried again after 1 s. */
export function aFailSettlement(
  change: Partial<Extract<Settlement, { type: "fail" }>> = {},
): Extract<Settlement, { type: "fail" }> {
  return {
    type: "fail",
    reason: "TASK_FAILED",
    failure: JSON.stringify(aFailure()),
    fingerprint: "Error",
    permanent: false,
    maxAttempts: 3,
    delayMs: 1_000,
    ...change,
  };
}
