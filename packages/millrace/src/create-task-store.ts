import { TaskError, type TaskStore } from "@millrace/models";
import {
  createSqliteTaskStore,
  createSqliteTaskStoreSchema,
  prepareSqliteTaskStoreSchema,
  type SqliteTaskStoreOptions,
} from "@millrace/store-sqlite";
import { loadPostgresStore, type PostgresTablePlace, type PostgresTaskStoreOptions } from "./load-postgres-store.ts";

/** Which store, and its options. `postgres` needs the packages `@millrace/store-postgres` and `pg`. */
export type TaskStoreFactoryOptions =
  | { readonly driver: "sqlite"; readonly sqlite: SqliteTaskStoreOptions }
  | { readonly driver: "postgres"; readonly postgres: PostgresTaskStoreOptions };

/** Whose schema, and what its tables are called. */
export type TaskStoreSchemaOptions =
  | { readonly driver: "sqlite"; readonly sqlite?: Pick<SqliteTaskStoreOptions, "tablePrefix"> }
  | { readonly driver: "postgres"; readonly postgres?: PostgresTablePlace };

/** What is done for each driver; the options as they came, unchecked. */
interface ByDriver<Result> {
  readonly sqlite: (options: object) => Result;
  readonly postgres: (options: object) => Result;
}

/**
 * A store by the name of its database.
 *
 * @throws `OPTION_INVALID`; `DRIVER_MISSING` when the packages of a driver are not installed
 */
export function createTaskStore(options: TaskStoreFactoryOptions): TaskStore<unknown> {
  return byDriver<TaskStore<unknown>>(options, {
    sqlite: (sqlite) => createSqliteTaskStore(sqlite),
    postgres: (postgres) => loadPostgresStore().createPostgresTaskStore(postgres as PostgresTaskStoreOptions),
  });
}

/**
 * Makes or updates the tables; safe to call on every start, and by several processes at once.
 *
 * @throws as `createTaskStore`, and what connecting and migrating throws
 */
export async function prepareTaskStoreSchema(options: TaskStoreFactoryOptions): Promise<void> {
  await byDriver<Promise<void>>(options, {
    sqlite: (sqlite) => prepareSqliteTaskStoreSchema(sqlite),
    postgres: (postgres) => loadPostgresStore().preparePostgresTaskStoreSchema(postgres as PostgresTaskStoreOptions),
  });
}

/**
 * The schema as text, for people who run their migrations themselves.
 *
 * @throws as `createTaskStore`; `NAME_INVALID` for a schema or prefix that is no plain identifier
 */
export function createTaskStoreSchema(options: TaskStoreSchemaOptions): string {
  return byDriver<string>(options, {
    sqlite: (sqlite) => createSqliteTaskStoreSchema(sqlite),
    postgres: (postgres) => loadPostgresStore().createPostgresTaskStoreSchema(postgres),
  });
}

function byDriver<Result>(options: TaskStoreSchemaOptions, drivers: ByDriver<Result>): Result {
  switch (options.driver) {
    case "sqlite":
      return drivers.sqlite(options.sqlite ?? {});
    case "postgres":
      return drivers.postgres(options.postgres ?? {});
    default: {
      const { driver } = options as { readonly driver: unknown };
      throw new TaskError("OPTION_INVALID", `driver must be "sqlite" or "postgres", got ${JSON.stringify(driver)}.`, {
        details: { path: "driver", allowed: ["sqlite", "postgres"] },
      });
    }
  }
}
