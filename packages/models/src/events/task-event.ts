import type { TaskId } from "../ids/task-id.ts";
import type { TaskReason, TaskStatus } from "../task/task-status.ts";
import type { EpochMs } from "../time/clock.ts";

/** What may happen to a task, in the words of the journal. */
export type TaskEventType =
  | "enqueued"
  | "claimed"
  | "started"
  | "progress"
  | "step"
  | "retried"
  | "released"
  | "snoozed"
  | "suspended"
  | "resumed"
  | "paused"
  | "rescheduled"
  | "succeeded"
  | "failed"
  | "cancelled"
  | "stale"
  | "lease_lost"
  | "expired"
  | "quarantined"
  | "cancel_requested"
  | "signalled"
  | "checkpoint"
  | "removed";

/** Every task event type, in the order of its number in SQL (0–22). Append only. */
export const taskEventTypes: readonly TaskEventType[] = [
  "enqueued",
  "claimed",
  "started",
  "progress",
  "step",
  "retried",
  "released",
  "snoozed",
  "suspended",
  "resumed",
  "paused",
  "rescheduled",
  "succeeded",
  "failed",
  "cancelled",
  "stale",
  "lease_lost",
  "expired",
  "quarantined",
  "cancel_requested",
  "signalled",
  "checkpoint",
  "removed",
];

/** What may happen to a host, a kind, a limit or a schedule. */
export type ControlEventType =
  | "host_started"
  | "host_draining"
  | "host_stopped"
  | "host_lost"
  | "kind_paused"
  | "kind_resumed"
  | "limit_changed"
  | "host_superseded"
  | "kind_unserved"
  | "kind_served"
  | "schedule_added"
  | "schedule_changed"
  | "schedule_removed"
  | "schedule_paused"
  | "schedule_resumed"
  | "occurrence_late"
  | "occurrence_missed"
  | "occurrence_skipped"
  | "occurrence_refused";

/** Every control event type, in the order of its number in SQL (from 100). Append only. */
export const controlEventTypes: readonly ControlEventType[] = [
  "host_started",
  "host_draining",
  "host_stopped",
  "host_lost",
  "kind_paused",
  "kind_resumed",
  "limit_changed",
  "host_superseded",
  "kind_unserved",
  "kind_served",
  "schedule_added",
  "schedule_changed",
  "schedule_removed",
  "schedule_paused",
  "schedule_resumed",
  "occurrence_late",
  "occurrence_missed",
  "occurrence_skipped",
  "occurrence_refused",
];

/** Something that happened to a task: ids, codes and numbers only, never input or output. */
export interface TaskEvent {
  readonly type: TaskEventType;
  readonly taskId: TaskId;
  readonly tenantId: string;
  readonly kind: string;
  /** The task's version after this event; per task there is no gap. */
  readonly version: number;
  readonly attempt: number;
  readonly at: EpochMs;
  /** Null on `enqueued`. */
  readonly statusBefore: TaskStatus | null;
  /** Null on `removed`. */
  readonly statusAfter: TaskStatus | null;
  readonly reason: TaskReason | null;
  readonly hostId: string | null;
  /** Stored channels as they are when the event is read; empty on `removed`. */
  readonly channels: readonly string[];
  /** A percent, a step number, a signal name, a wake reason: one short word or number, as the type needs. */
  readonly data: string | number | null;
}

/** Something that happened to a host, a kind, a limit or a schedule. */
export interface ControlEvent {
  readonly type: ControlEventType;
  readonly taskId: null;
  readonly at: EpochMs;
  /** The kind, key or schedule it is about; null for hosts. */
  readonly name: string | null;
  readonly hostId: string | null;
  readonly data: string | number | null;
}

/** One entry of a store's journal. */
export type JournalEvent = TaskEvent | ControlEvent;

/** Whether an entry is about a task. */
export function isTaskEvent(event: JournalEvent): event is TaskEvent {
  return event.taskId !== null;
}
