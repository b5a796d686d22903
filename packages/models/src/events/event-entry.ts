import type { TaskId } from "../ids/task-id.ts";
import type { TaskState } from "../task/task-state.ts";
import type { StepLevel } from "../task/task-step.ts";
import type { TaskHostEvent } from "./host-event.ts";
import type { TaskLifecycleEvent } from "./lifecycle-event.ts";
import type { TaskEventType } from "./task-event.ts";

/** What an entry may be about. */
export type TaskEventEntryType = TaskEventType | "runner_started" | "runner_stopped" | "stale_requeued";

/** An event as a line of a timeline, log or notification: one flat shape for all of them. */
export interface TaskEventEntry {
  readonly type: TaskEventEntryType;
  readonly level: StepLevel;
  /** Plain English, for people. */
  readonly message: string;
  /** The step's, else the task's; null while unknown. */
  readonly percent: number | null;
  /** ISO 8601, UTC. */
  readonly timestamp: string;
  /** What there is of channels, disposition, error, output, result, progress, step and superseded ids; null for runners. */
  readonly metadata: Readonly<Record<string, unknown>> | null;
  readonly runnerId: string | null;
  readonly taskId: TaskId | null;
  readonly kind: string | null;
  readonly state: TaskState | null;
  readonly channels: readonly string[];
  readonly stepId: string | null;
}

/** Makes an entry of a lifecycle event. */
export function normalizeTaskLifecycleEventEntry(event: TaskLifecycleEvent): TaskEventEntry {
  const { snapshot, step } = event;
  const [level, message] = wording[event.event];
  return {
    type: event.event,
    level: step?.level ?? level,
    message: step !== null && step.message !== "" ? step.message : message,
    percent: step?.percent ?? snapshot?.progress.percent ?? null,
    timestamp: event.timestamp,
    metadata: metadataOf(event),
    runnerId: event.hostId,
    taskId: event.taskId,
    kind: event.kind,
    state: snapshot?.state ?? null,
    channels: channelsOf(event),
    stepId: step?.id ?? null,
  };
}

/** Makes an entry of a host event. */
export function normalizeTaskHostEventEntry(event: TaskHostEvent): TaskEventEntry {
  if ("event" in event) return { ...normalizeTaskLifecycleEventEntry(event.event), runnerId: event.runnerId };
  const { runnerId, timestamp } = event;
  switch (event.type) {
    case "runner:start":
      return { ...ofRunner, type: "runner_started", message: "Task runner started", runnerId, timestamp };
    case "runner:stop":
      return { ...ofRunner, type: "runner_stopped", message: "Task runner stopped", runnerId, timestamp };
    case "task:stale_requeued": {
      const metadata = { count: event.count };
      const type = "stale_requeued";
      return { ...ofRunner, type, level: "warn", message: "Stale tasks requeued", metadata, runnerId, timestamp };
    }
  }
}

/** Listens to lifecycle events and hands each on as an entry, with the event it was made of. */
export function createTaskLifecycleEventAdapter(
  sink: (entry: TaskEventEntry, event: TaskLifecycleEvent) => void,
): (event: TaskLifecycleEvent) => void {
  return (event) => sink(normalizeTaskLifecycleEventEntry(event), event);
}

/** Listens to host events and hands each on as an entry, with the event it was made of. */
export function createTaskHostEventAdapter(
  sink: (entry: TaskEventEntry, event: TaskHostEvent) => void,
): (event: TaskHostEvent) => void {
  return (event) => sink(normalizeTaskHostEventEntry(event), event);
}

const ofRunner = {
  level: "info",
  percent: null,
  metadata: null,
  taskId: null,
  kind: null,
  state: null,
  channels: [],
  stepId: null,
} as const;

/** How loud each event is, and what it says. */
const wording: Readonly<Record<TaskEventType, readonly [StepLevel, string]>> = {
  enqueued: ["info", "Task enqueued"],
  claimed: ["info", "Task claimed"],
  started: ["info", "Task started"],
  progress: ["info", "Task progress updated"],
  step: ["info", "Task step recorded"],
  retried: ["warn", "Task scheduled for retry"],
  released: ["info", "Task released"],
  snoozed: ["info", "Task snoozed"],
  suspended: ["info", "Task suspended"],
  resumed: ["info", "Task resumed"],
  paused: ["info", "Task paused"],
  rescheduled: ["info", "Task rescheduled"],
  succeeded: ["success", "Task succeeded"],
  failed: ["error", "Task failed"],
  cancelled: ["warn", "Task cancelled"],
  stale: ["warn", "Task marked stale"],
  lease_lost: ["error", "Task lease lost"],
  expired: ["warn", "Task expired"],
  quarantined: ["error", "Task quarantined"],
  cancel_requested: ["warn", "Task cancel requested"],
  signalled: ["info", "Task signalled"],
  checkpoint: ["info", "Task checkpoint recorded"],
  removed: ["info", "Task removed"],
};

/** The failure belongs to the events that tell it: a task that is tried again still carries the last one. */
const tellFailure: ReadonlySet<TaskEventType> = new Set([
  "retried",
  "failed",
  "quarantined",
  "cancelled",
  "lease_lost",
]);

function metadataOf(event: TaskLifecycleEvent): Readonly<Record<string, unknown>> {
  const { snapshot, step } = event;
  const all: Readonly<Record<string, unknown>> = {
    channels: channelsOf(event),
    disposition: event.disposition,
    error: tellFailure.has(event.event) ? snapshot?.failure : null,
    output: event.event === "succeeded" ? snapshot?.output : null,
    result: event.result,
    progressLabel: snapshot?.progress.label,
    progressMeta: snapshot?.progress.meta,
    stepKind: step?.kind,
    stepMeta: step?.meta,
    supersededTaskIds: event.supersededTaskIds,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => !isNothing(value)));
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}

function channelsOf(event: TaskLifecycleEvent): readonly string[] {
  return event.snapshot?.channels ?? event.channels;
}
