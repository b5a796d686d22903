import type { Random } from "@millrace/models";
import { TaskError } from "@millrace/models";
import { planMigrations, type SchemaState, withTablePrefix } from "@millrace/store-sql";
import { isBusy } from "../connection/store-error.ts";
import type { TableNames } from "../connection/table-names.ts";
import type { SqliteDatabase } from "../driver/sqlite-database.ts";
import { migrations } from "./migrations.generated.ts";

/** What a migration needs. */
export interface MigrateOptions {
  readonly database: SqliteDatabase;
  readonly names: TableNames;
  readonly prefix: string;
  readonly random: Random;
}

/** The newest version this code knows. */
export const schemaVersion: number = migrations.length;

/**
 * Brings the schema up to date, in one transaction. Two that do so at once both succeed: the second finds nothing left.
 *
 * @throws `STORE_SCHEMA_NEWER`, `STORE_SCHEMA_FOREIGN`; `MIGRATION_FAILED` when a statement was refused.
 */
export function migrate(options: MigrateOptions): void {
  const { database } = options;
  // A look first, so that opening a store that is up to date takes no lock.
  if (planMigrations(schemaState(options), migrations).length === 0) return;
  database.exec("begin immediate");
  try {
    for (const migration of planMigrations(schemaState(options), migrations)) {
      database.exec(withTablePrefix(migration.sql, options.prefix));
      noteVersion(options, migration.version);
    }
    database.exec("commit");
  } catch (error) {
    rollback(database);
    if (isBusy(error) || error instanceof TaskError) throw error;
    throw new TaskError("MIGRATION_FAILED", "The schema of Millrace could not be made; nothing of it was kept.", {
      cause: error,
    });
  }
}

/** @throws `STORE_SCHEMA_OLDER` when there is something left to migrate, and what `migrate` throws. */
export function checkSchema(options: MigrateOptions): void {
  const state = schemaState(options);
  const [missing] = planMigrations(state, migrations);
  if (!missing) return;
  throw new TaskError(
    "STORE_SCHEMA_OLDER",
    `The schema is of version ${state.version ?? 0}, this code needs ${schemaVersion}, and \`migrate\` is false.`,
    { details: { found: state.version ?? 0, needed: schemaVersion } },
  );
}

function schemaState({ database, names }: MigrateOptions): SchemaState {
  const wanted = new Set<string>(Object.values(names));
  const tables = database
    .prepare("select name from sqlite_schema where type = 'table'")
    .all()
    .map(([name]) => String(name))
    .filter((name) => wanted.has(name));
  return { version: tables.includes(names.meta) ? versionOf(database, names) : null, tables };
}

function versionOf(database: SqliteDatabase, names: TableNames): number | null {
  try {
    const row = database.prepare(`select value from ${names.meta} where name = 'schema_version'`).get();
    return typeof row?.[0] === "number" ? row[0] : null;
  } catch (error) {
    // A table of that name without our columns: somebody else's.
    if (isBusy(error)) throw error;
    return null;
  }
}

function noteVersion({ database, names, random }: MigrateOptions, version: number): void {
  database.prepare(`insert or replace into ${names.meta} (name, value) values ('schema_version', ?)`).run(version);
  database.prepare(`insert or ignore into ${names.meta} (name, value) values ('epoch', ?)`).run(random.uuid());
}

function rollback(database: SqliteDatabase): void {
  try {
    database.exec("rollback");
  } catch {
    // SQLite has rolled back by itself.
  }
}
