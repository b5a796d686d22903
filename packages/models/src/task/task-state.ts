import type { EpochMs } from "../time/clock.ts";
import type { TaskRecord } from "./task-record.ts";
import { isLeased, type TaskStatus } from "./task-status.ts";

/** Where a task stands as people see it: the status, with `queued` and the leased ones told apart further. */
export type TaskState = TaskStatus | "scheduled" | "retrying" | "stale";

/** Every state, in the order people read them. */
export const taskStates: readonly TaskState[] = [
  "blocked",
  "scheduled",
  "queued",
  "retrying",
  "claimed",
  "running",
  "stale",
  "suspended",
  "paused",
  "succeeded",
  "failed",
  "cancelled",
];

/** What `taskState` looks at. */
export type TaskStateFields = Pick<TaskRecord, "status" | "scheduledAt" | "failures" | "staleAt">;

/**
 * The state of a task at a moment: `retrying` (queued, not due, has failed), `scheduled` (queued, not due, has not),
 * `stale` (leased, and the watchdog found it silent), else its status.
 */
export function taskState(task: TaskStateFields, now: EpochMs): TaskState {
  if (task.status === "queued" && task.scheduledAt > now) return task.failures > 0 ? "retrying" : "scheduled";
  if (isLeased(task.status) && task.staleAt !== null) return "stale";
  return task.status;
}
