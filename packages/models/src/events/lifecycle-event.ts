import type { TaskId } from "../ids/task-id.ts";
import type { TaskSnapshot } from "../task/task-snapshot.ts";
import type { TaskStep } from "../task/task-step.ts";
import type { TaskEvent, TaskEventType } from "./task-event.ts";

/** How an attempt or task ended, for programs that switch on it. */
export interface TaskEventResult {
  /** `ok`: done. `internal`: the handler or its host failed. `noop`: ended on purpose. `conflict`: another owner has it. */
  readonly status: "ok" | "internal" | "noop" | "conflict";
  readonly code:
    | "task-execution-succeeded"
    | "task-failed"
    | "task-cancelled"
    | "task-retry-scheduled"
    | "task-lease-lost";
}

/** How an enqueue ended, on `enqueued`. */
export type EnqueueDisposition = "created" | "reused" | "superseded";

/** Something that happened to a task, with the task as it then stood. */
export interface TaskLifecycleEvent {
  readonly event: TaskEventType;
  readonly taskId: TaskId;
  readonly tenantId: string;
  readonly kind: string;
  /** The task's version after it. */
  readonly version: number;
  readonly attempt: number;
  readonly hostId: string | null;
  /** ISO 8601, UTC. */
  readonly timestamp: string;
  /** Null when the task is gone or could not be read. It may be newer than the event; its `version` says so. */
  readonly snapshot: TaskSnapshot | null;
  /** On `step`. */
  readonly step: TaskStep | null;
  /** On events that end an attempt or a task. */
  readonly result: TaskEventResult | null;
  readonly disposition: EnqueueDisposition | null;
  readonly supersededTaskIds: readonly TaskId[];
  /** Stored channels at the time of reading; the snapshot has the derived ones too. */
  readonly channels: readonly string[];
  readonly data: string | number | null;
}

/** What a reader knows beside the journal entry. */
export interface LifecycleDetails {
  readonly snapshot?: TaskSnapshot | null;
  readonly step?: TaskStep | null;
  readonly disposition?: EnqueueDisposition;
  readonly supersededTaskIds?: readonly TaskId[];
}

/** Makes a lifecycle event of a journal entry and what is known beside it. */
export function toTaskLifecycleEvent(event: TaskEvent, details: LifecycleDetails = {}): TaskLifecycleEvent {
  return {
    event: event.type,
    taskId: event.taskId,
    tenantId: event.tenantId,
    kind: event.kind,
    version: event.version,
    attempt: event.attempt,
    hostId: event.hostId,
    timestamp: new Date(event.at).toISOString(),
    snapshot: details.snapshot ?? null,
    step: details.step ?? null,
    result: taskEventResult(event.type),
    disposition: details.disposition ?? null,
    supersededTaskIds: details.supersededTaskIds ?? [],
    channels: event.channels,
    data: event.data,
  };
}

const failed: TaskEventResult = { status: "internal", code: "task-failed" };
const cancelled: TaskEventResult = { status: "noop", code: "task-cancelled" };

const results: Readonly<Partial<Record<TaskEventType, TaskEventResult>>> = {
  succeeded: { status: "ok", code: "task-execution-succeeded" },
  failed,
  quarantined: failed,
  cancelled,
  expired: cancelled,
  retried: { status: "internal", code: "task-retry-scheduled" },
  lease_lost: { status: "conflict", code: "task-lease-lost" },
};

/** The result an event of this type carries; null for those that end nothing. */
export function taskEventResult(type: TaskEventType): TaskEventResult | null {
  return results[type] ?? null;
}
