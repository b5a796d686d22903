import { type Random, TaskError } from "@millrace/models";
import { planMigrations, type SchemaState, statementsOf, withTablePrefix } from "@millrace/store-sql";
import type { Session } from "../connection/session.ts";
import { isConnectionLost, isOfTheServer } from "../connection/store-error.ts";
import type { TableNames } from "../connection/table-names.ts";
import { migrations } from "./migrations.generated.ts";

/** What a migration needs. */
export interface MigrateOptions {
  readonly session: Session;
  readonly names: TableNames;
  readonly schema: string;
  readonly prefix: string;
  readonly random: Random;
}

/** The newest version this code knows. */
export const schemaVersion: number = migrations.length;

/**
 * Brings the schema up to date, in one transaction. Two that do so at once both succeed: the second waits and finds nothing
 * left.
 *
 * @throws `STORE_SCHEMA_NEWER`, `STORE_SCHEMA_FOREIGN`; `MIGRATION_FAILED` when a statement was refused; what `pg` throws when
 * the server could not be asked, or does not let this user, or anybody, write.
 */
export async function migrate(options: MigrateOptions): Promise<void> {
  // A look first, so that opening a store that is up to date takes no lock and needs no right to create.
  if (planMigrations(await schemaState(options), migrations).length === 0) return;
  const { session, schema, prefix, names } = options;
  await session.text("begin");
  try {
    await session.text("select pg_advisory_xact_lock(hashtextextended($1, 0))", [`millrace ${names.meta}`]);
    const [there] = await session.text("select 1 from pg_namespace where nspname = $1", [schema]);
    if (!there) await session.text(`create schema if not exists "${schema}"`);
    await session.text(`set local search_path to "${schema}"`);
    for (const migration of planMigrations(await schemaState(options), migrations)) {
      for (const statement of statementsOf(withTablePrefix(migration.sql, prefix))) await session.text(statement);
      await noteVersion(options, migration.version);
    }
    await session.text("commit");
  } catch (error) {
    if (!isConnectionLost(error)) await session.text("rollback").catch(() => null);
    // What says nothing against the migration: it may succeed elsewhere, as somebody else, or later.
    if (error instanceof TaskError || isOfTheServer(error)) throw error;
    throw new TaskError("MIGRATION_FAILED", "The schema of Millrace could not be made; nothing of it was kept.", {
      cause: error,
    });
  }
}

/** @throws `STORE_SCHEMA_OLDER` when there is something left to migrate, and what `migrate` throws. */
export async function checkSchema(options: MigrateOptions): Promise<void> {
  const state = await schemaState(options);
  const [missing] = planMigrations(state, migrations);
  if (!missing) return;
  throw new TaskError(
    "STORE_SCHEMA_OLDER",
    `The schema is of version ${state.version ?? 0}, this code needs ${schemaVersion}, and \`migrate\` is false.`,
    { details: { found: state.version ?? 0, needed: schemaVersion } },
  );
}

async function schemaState({ session, names, schema, prefix }: MigrateOptions): Promise<SchemaState> {
  const wanted = Object.keys(names).map((name) => `${prefix}${name}`);
  const rows = await session.text(
    `select c.relname from pg_class c join pg_namespace s on s.oid = c.relnamespace
     where s.nspname = $1 and c.relname = any($2::text[]) order by c.relname`,
    [schema, wanted],
  );
  const tables = rows.map(([name]) => String(name));
  return { version: tables.includes(`${prefix}meta`) ? await versionOf(session, names) : null, tables };
}

async function versionOf(session: Session, names: TableNames): Promise<number | null> {
  const [columns] = await session.text(
    `select count(*) from pg_attribute where attrelid = $1::regclass and attname in ('name', 'value') and attnum > 0`,
    [names.meta],
  );
  // A table of that name without our columns: somebody else's.
  if (Number(columns?.[0]) !== 2) return null;
  const [row] = await session.text(`select value::text from ${names.meta} where name::text = 'schema_version'`);
  const version = Number(row?.[0] ?? Number.NaN);
  return Number.isSafeInteger(version) ? version : null;
}

async function noteVersion({ session, names, random }: MigrateOptions, version: number): Promise<void> {
  await session.text(
    `insert into ${names.meta} (name, value) values ('schema_version', $1) on conflict (name) do update set value = excluded.value`,
    [String(version)],
  );
  await session.text(`insert into ${names.meta} (name, value) values ('epoch', $1) on conflict (name) do nothing`, [
    random.uuid(),
  ]);
}
