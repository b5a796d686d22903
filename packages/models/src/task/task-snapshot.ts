import type { EpochMs } from "../time/clock.ts";
import type { Json } from "./json.ts";
import type { TaskFailure } from "./task-failure.ts";
import type { TaskProgress } from "./task-progress.ts";
import type { TaskRecord } from "./task-record.ts";
import type { TaskState } from "./task-state.ts";
import type { TaskStep } from "./task-step.ts";

/** Fields of a record that never leave the server, or are shown decoded. */
export type HiddenField =
  | "leaseToken"
  | "lastLeaseToken"
  | "lastEndedBy"
  | "lastEndedAs"
  | "input"
  | "output"
  | "failure"
  | "state"
  | "wakePayload"
  | "progress"
  | "channels";

/** Progress together with the times that belong to a progress bar. */
export interface TaskProgressState extends TaskProgress {
  readonly state: TaskState;
  readonly startedAt: EpochMs | null;
  readonly finishedAt: EpochMs | null;
  readonly retryScheduledAt: EpochMs | null;
  readonly staleAt: EpochMs | null;
  readonly staleReason: string | null;
  readonly lastSignAt: EpochMs | null;
}

/** A value that could not be read: its codec is not known here, or it is no JSON. */
export interface Unreadable {
  readonly unreadable: true;
  readonly codecId: string | null;
}

/**
 * A task as people and clients see it: decoded, with its state, without its lease token. `channels` includes the derived
 * ones; `handlerState` is the record's `state` (`state` here being where the task stands).
 */
export interface TaskSnapshot extends Omit<TaskRecord, HiddenField> {
  readonly state: TaskState;
  /** Absent values are `undefined`; `null` is a value. */
  readonly input?: Json | Unreadable;
  readonly output?: Json | Unreadable;
  readonly failure: TaskFailure | null;
  readonly handlerState?: Json | Unreadable;
  readonly channels: readonly string[];
  readonly progress: TaskProgressState;
  /** Filled when they were asked for: the newest ones, oldest first. */
  readonly steps?: readonly TaskStep[];
}
