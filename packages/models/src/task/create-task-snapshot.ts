import type { EpochMs } from "../time/clock.ts";
import { fromJsonText } from "./from-json-text.ts";
import type { Json } from "./json.ts";
import type { StoredValue } from "./stored-value.ts";
import { shownFields } from "./shown-fields.ts";
import { taskChannels } from "./task-channel.ts";
import type { TaskFailure } from "./task-failure.ts";
import type { TaskRecord } from "./task-record.ts";
import type { TaskProgressState, TaskSnapshot, Unreadable } from "./task-snapshot.ts";
import { taskState } from "./task-state.ts";
import type { TaskStep } from "./task-step.ts";
import { toTaskFailure } from "./to-task-failure.ts";

/** The stored values of a task, decoded; an absent one is left out. */
export interface DecodedValues {
  readonly input?: Json | Unreadable;
  readonly output?: Json | Unreadable;
  readonly failure: TaskFailure | null;
  readonly handlerState?: Json | Unreadable;
}

/** What a snapshot is made at and with. */
export interface SnapshotOptions {
  /** `state` depends on it. */
  readonly now: EpochMs;
  /** The newest ones, oldest first. Left out: the snapshot has none. */
  readonly steps?: readonly TaskStep[];
}

/** A task as people and clients see it: without its lease token and the traces of earlier ones, with its state and all its channels. */
export function createTaskSnapshot(task: TaskRecord, decoded: DecodedValues, options: SnapshotOptions): TaskSnapshot {
  return {
    ...shownFields(task),
    ...decoded,
    state: taskState(task, options.now),
    channels: taskChannels(task),
    progress: createTaskProgressState(task, options.now),
    ...(options.steps === undefined ? {} : { steps: options.steps }),
  };
}

/** The progress of a task with the times that belong to a progress bar. */
export function createTaskProgressState(task: TaskRecord, now: EpochMs): TaskProgressState {
  return {
    ...task.progress,
    state: taskState(task, now),
    startedAt: task.startedAt,
    finishedAt: task.finishedAt,
    retryScheduledAt: task.status === "queued" && task.failures > 0 ? task.scheduledAt : null,
    staleAt: task.staleAt,
    staleReason: task.staleReason,
    lastSignAt: task.lastSignAt,
  };
}

/** Another name of `taskState`: where a task stands as people see it. */
export const resolveTaskLifecycleState: typeof taskState = taskState;

/** Decodes the values of a task that need no codec; those that do are `Unreadable`. */
export function readPlainValues(task: Pick<TaskRecord, "input" | "output" | "failure" | "state">): DecodedValues {
  const input = readPlainValue(task.input);
  const output = readPlainValue(task.output);
  const handlerState = readPlainValue(task.state);
  return {
    ...(input === undefined ? {} : { input }),
    ...(output === undefined ? {} : { output }),
    failure: readPlainFailure(task.failure),
    ...(handlerState === undefined ? {} : { handlerState }),
  };
}

/** Reads a stored value that is JSON text; `undefined` when absent. */
export function readPlainValue(value: StoredValue | null): Json | Unreadable | undefined {
  if (value === null) return undefined;
  if (typeof value !== "string") return { unreadable: true, codecId: value.codecId };
  const answer = fromJsonText(value, { path: "" });
  return "value" in answer ? answer.value : { unreadable: true, codecId: null };
}

/** Reads a stored failure; one that cannot be read says so. */
export function readPlainFailure(value: StoredValue | null): TaskFailure | null {
  if (value === null) return null;
  if (typeof value !== "string") {
    return { name: "Unreadable", message: `the failure is encoded by the codec ${value.codecId}` };
  }
  const answer = fromJsonText(value, { path: "" });
  return "value" in answer ? toTaskFailure(answer.value) : { name: "Unreadable", message: "the failure is no JSON" };
}
