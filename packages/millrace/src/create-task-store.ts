import { TaskError, type TaskStore } from "@millrace/models";
import {
  createSqliteTaskStore,
  createSqliteTaskStoreSchema,
  prepareSqliteTaskStoreSchema,
  type SqliteTaskStoreOptions,
} from "@millrace/store-sqlite";

/** Which store, and its options. */
export interface TaskStoreFactoryOptions {
  readonly driver: "sqlite";
  readonly sqlite?: SqliteTaskStoreOptions;
}

/** A store by the name of its database. @throws `OPTION_INVALID` for a driver that is not installed here. */
export function createTaskStore(options: TaskStoreFactoryOptions): TaskStore<unknown> {
  return createSqliteTaskStore(sqliteOptions(options));
}

/** Makes or updates the tables; safe to call on every start, and by several processes at once. */
export async function prepareTaskStoreSchema(options: TaskStoreFactoryOptions): Promise<void> {
  await prepareSqliteTaskStoreSchema(sqliteOptions(options));
}

/** The schema as text, for people who run their migrations themselves. */
export function createTaskStoreSchema(options: TaskStoreFactoryOptions): string {
  return createSqliteTaskStoreSchema(sqliteOptions(options));
}

function sqliteOptions(options: TaskStoreFactoryOptions): SqliteTaskStoreOptions {
  const driver: unknown = options.driver;
  if (driver !== "sqlite") {
    throw new TaskError("OPTION_INVALID", `driver must be "sqlite", got ${JSON.stringify(driver)}.`, {
      details: { path: "driver", allowed: ["sqlite"] },
    });
  }
  return options.sqlite ?? {};
}
