/**
 * Where a task stands, as stored.
 * - `blocked`: never ran; waits for other tasks
 * - `queued`: may be claimed once `scheduledAt` has come
 * - `claimed`: a host holds its lease, its handler has not started
 * - `running`: its handler runs
 * - `suspended`: ran, gave its slot back, waits for children, a time, a signal or a person
 * - `paused`: an operator set it aside
 * - `succeeded`, `failed`, `cancelled`: final
 */
export type TaskStatus =
  | "blocked"
  | "queued"
  | "claimed"
  | "running"
  | "suspended"
  | "paused"
  | "succeeded"
  | "failed"
  | "cancelled";

/** Every status, in the order of its number in SQL (0–8). */
export const taskStatuses: readonly TaskStatus[] = [
  "blocked",
  "queued",
  "claimed",
  "running",
  "suspended",
  "paused",
  "succeeded",
  "failed",
  "cancelled",
];

/** A status that only a retry by hand (M16) or removal can leave. */
export type FinalStatus = "succeeded" | "failed" | "cancelled";

/** Whether a status is final. */
export function isFinal(status: TaskStatus): status is FinalStatus {
  return status === "succeeded" || status === "failed" || status === "cancelled";
}

/** Whether a task of this status has an owner: leased exactly when claimed or running. */
export function isLeased(status: TaskStatus): status is "claimed" | "running" {
  return status === "claimed" || status === "running";
}

/** Why a task stands where it stands; a code beside the status. */
export type TaskReason =
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
  | "TASK_EXPIRED"
  | WaitReason;

/** What a blocked or suspended task waits for. */
export type WaitReason = "dependencies" | "children" | "sleep" | "signal" | "manual";

/** What ended a wait. */
export type WakeReason = "dependencies" | "children" | "signal" | "timeout" | "manual";

/** Why a task failed. */
export type FailureReason =
  | "TASK_FAILED"
  | "TASK_TIMED_OUT"
  | "TASK_INPUT_INVALID"
  | "TASK_OUTPUT_INVALID"
  | "TASK_NO_OUTCOME"
  | "TASK_ABORTED";
