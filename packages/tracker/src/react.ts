export { TaskLiveProvider, type TaskLiveProviderProps } from "./react/task-live-provider.ts";
export { useTask, type TaskResult } from "./react/use-task.ts";
export { useTaskProgress } from "./react/use-task-progress.ts";
export { useTasks, type UseTasksOptions } from "./react/use-tasks.ts";
