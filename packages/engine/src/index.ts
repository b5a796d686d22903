export { createTaskHost } from "./host/create-task-host.ts";
export { type TaskHost, type TaskInfo } from "./host/task-host.ts";
export { type HostLogLine, type RunnerOptions, type TaskHostOptions } from "./host/host-options.ts";
export { type StopOptions, type TaskHostState } from "./host/lifecycle.ts";
export { type HostEventListener, type LifecycleEventListener } from "./host/host-events.ts";
export {
  createTaskClient,
  type StoreTaskClient,
  type TaskClientOptions,
  type TaskList,
} from "./client/create-task-client.ts";
export { type EnqueueWithin, type EnqueueWithinSync } from "./client/enqueue-side.ts";
export { type BootstrapQuery, type TaskBootstrap } from "./client/read-side.ts";
export { type RemoveManyOptions, type RemoveManyResult } from "./client/control-side.ts";
