import { createRequire } from "node:module";
import { TaskError, type TaskStore } from "@millrace/models";
/** @ts-ignore An optional peer: for whoever has not installed it these types stand for anything. */
import type { PostgresTaskStoreOptions } from "@millrace/store-postgres";

export type { PostgresTaskStoreOptions };

/** Where the tables are in the database. */
export type PostgresTablePlace = Pick<PostgresTaskStoreOptions, "schema" | "tablePrefix">;

/** What of `@millrace/store-postgres` is used here. */
interface PostgresStorePackage {
  createPostgresTaskStore(options: PostgresTaskStoreOptions): TaskStore<unknown>;
  preparePostgresTaskStoreSchema(options: PostgresTaskStoreOptions): Promise<void>;
  createPostgresTaskStoreSchema(place: PostgresTablePlace): string;
}

/**
 * The package of the Postgres store, looked for when it is first asked for: whoever stays on SQLite installs neither it nor
 * `pg`.
 *
 * @throws `DRIVER_MISSING`
 */
export function loadPostgresStore(): PostgresStorePackage {
  try {
    return createRequire(import.meta.url)("@millrace/store-postgres") as PostgresStorePackage;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split("\n", 1)[0] : String(cause);
    throw new TaskError("DRIVER_MISSING", `The package @millrace/store-postgres cannot be loaded: ${why}.`, {
      cause,
      fix: "Run `npm install @millrace/store-postgres pg`.",
      details: { packages: ["@millrace/store-postgres", "pg"] },
    });
  }
}
