export { type ChildProcessTaskExecutorOptions } from "./child-process-options.ts";
export { createChildProcessTaskExecutor } from "./create-child-process-task-executor.ts";
