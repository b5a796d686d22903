export { createInProcessTaskExecutor, type InProcessTaskExecutorOptions } from "./create-in-process-task-executor.ts";
