import type { EventCursor } from "../events/event-cursor.ts";
import type { TaskState } from "../task/task-state.ts";
import type { TaskStatus } from "../task/task-status.ts";
import type { EpochMs } from "../time/clock.ts";

/** How many; beyond a store's cap `exact` is false and `count` is the cap. */
export interface TaskCount {
  readonly count: number;
  readonly exact: boolean;
}

/** How many tasks of a filter stand where. */
export interface TaskAggregateSnapshot {
  readonly total: TaskCount;
  readonly byStatus: Readonly<Record<TaskStatus, TaskCount>>;
  readonly byState: Readonly<Record<TaskState, TaskCount>>;
  /** Kinds of the filter that have any task. */
  readonly byKind: Readonly<Record<string, TaskCount>>;
  readonly updatedAt: EpochMs;
  /** The place in the journal at which these numbers are true. */
  readonly cursor: EventCursor;
}
