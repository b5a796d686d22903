import type { TaskId } from "../ids/task-id.ts";
import type { EpochMs } from "../time/clock.ts";
import type { Json } from "./json.ts";

/** How loud a step or an event entry is. */
export type StepLevel = "debug" | "info" | "success" | "warn" | "error";

/** One line of what a handler did, in order within its attempt. */
export interface TaskStep {
  /** `attempt.n`, unique within the task. */
  readonly id: string;
  readonly taskId: TaskId;
  readonly attempt: number;
  /** Its number within the attempt, from 1; a replayed report of the same number adds nothing. */
  readonly n: number;
  /** What sort of step: the user's own word. */
  readonly kind: string;
  readonly level: StepLevel;
  readonly message: string;
  readonly meta: Json;
  /** The progress this step stands for, 0 to 100. */
  readonly percent: number | null;
  readonly at: EpochMs;
}

/** A step on its way to the store; the store adds task, attempt and time. */
export interface NewStep {
  readonly n: number;
  readonly kind: string;
  readonly level: StepLevel;
  readonly message: string;
  readonly meta: Json;
  readonly percent: number | null;
}
