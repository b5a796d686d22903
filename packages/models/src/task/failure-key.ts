import type { TaskRecord } from "./task-record.ts";

/**
 * Names the failures that are alike: `fingerprint:…`, or `reason:…` where a task failed without a failure of its own, such
 * as by a lease that ran out.
 */
export function failureKey({ failureFingerprint, reason }: Pick<TaskRecord, "failureFingerprint" | "reason">): string {
  return failureFingerprint === null ? `reason:${reason ?? ""}` : `fingerprint:${failureFingerprint}`;
}

/** In UTF-16 units. A fingerprint has 16, unless whoever wrote an executor says another. */
export const longestFailureKey = 200;
