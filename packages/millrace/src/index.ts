// One install for newcomers: everything of the packages underneath, and the host with its defaults.
export * from "@millrace/engine";
export { createChildProcessTaskExecutor } from "@millrace/executor-child-process";
export { createInProcessTaskExecutor } from "@millrace/executor-in-process";
export * from "@millrace/live";
export * from "@millrace/maintenance";
export * from "@millrace/models";
export * from "@millrace/scheduler";
export {
  createSqliteTaskStore,
  createSqliteTaskStoreSchema,
  prepareSqliteTaskStoreSchema,
  type SqliteTaskStoreOptions,
} from "@millrace/store-sqlite";
export { createHost, defaultStorePath, type HostOptions } from "./create-host.ts";
export {
  createTaskStore,
  createTaskStoreSchema,
  prepareTaskStoreSchema,
  type TaskStoreFactoryOptions,
  type TaskStoreSchemaOptions,
} from "./create-task-store.ts";
export { type PostgresTaskStoreOptions } from "./load-postgres-store.ts";
