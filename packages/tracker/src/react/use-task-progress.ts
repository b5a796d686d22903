import type { TaskId, TaskProgressState } from "@millrace/models";
import { useTask } from "./use-task.ts";

/** How far a task is, with what belongs to a progress bar; null until it is known. Shares the view of `useTask`. */
export function useTaskProgress(taskId: TaskId): TaskProgressState | null {
  return useTask(taskId).task?.progress ?? null;
}
