import type { TaskId, TaskSnapshot, TaskStep } from "@millrace/models";
import type { LastEvent } from "../view/reduce-view.ts";
import type { TaskLiveStatus } from "../create-task-live-tracker.ts";
import { useTasks, type UseTasksOptions } from "./use-tasks.ts";

/** One task as a component shows it. */
export interface TaskResult {
  /** Null until the first snapshot, and when there is no such task (any more). */
  readonly task: TaskSnapshot | null;
  /** The newest 50, oldest first, and those that came since. */
  readonly steps: readonly TaskStep[];
  readonly lastEvent: LastEvent | null;
  readonly status: TaskLiveStatus;
  /** Nothing is known yet. */
  readonly isLoading: boolean;
}

const recentSteps = 50;

/** One task with its steps, kept up to date. */
export function useTask(taskId: TaskId, options: UseTasksOptions = {}): TaskResult {
  const { snapshots, steps, lastEvents, status, updatedAt } = useTasks(
    { taskIds: [taskId], recentSteps, includeAggregate: false },
    options,
  );
  return {
    task: snapshots[0] ?? null,
    steps: steps[taskId] ?? [],
    lastEvent: lastEvents[taskId] ?? null,
    status,
    isLoading: updatedAt === null,
  };
}
