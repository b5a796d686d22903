import { TaskError } from "@millrace/models";

/** One step of a schema, up only. */
export interface Migration {
  /** From 1, without a gap. */
  readonly version: number;
  readonly name: string;
  /** Written with the default table prefix. */
  readonly sql: string;
}

/** What a database says of itself before a migration. */
export interface SchemaState {
  /** The version noted in our own table; null when that table is not there. */
  readonly version: number | null;
  /** Tables that bear one of our names. */
  readonly tables: readonly string[];
}

/**
 * Which migrations are still to be applied, oldest first; empty when the schema is as new as this code.
 *
 * @throws `STORE_SCHEMA_NEWER` when the schema knows more than this code; `STORE_SCHEMA_FOREIGN` when tables with our
 * names stand there without our note of a version.
 */
export function planMigrations(state: SchemaState, migrations: readonly Migration[]): readonly Migration[] {
  const newest = migrations.at(-1)?.version ?? 0;
  if (state.version === null) {
    const [foreign] = state.tables;
    if (foreign === undefined) return migrations;
    throw new TaskError(
      "STORE_SCHEMA_FOREIGN",
      `The table ${foreign} exists, but the schema of Millrace was never made in this database: it belongs to another program.`,
      { details: { tables: state.tables } },
    );
  }
  if (state.version > newest) {
    throw new TaskError(
      "STORE_SCHEMA_NEWER",
      `The schema is of version ${state.version}, this code knows versions up to ${newest}.`,
      { details: { found: state.version, known: newest } },
    );
  }
  return migrations.filter((migration) => migration.version > (state.version ?? 0));
}
