import type { TaskStore } from "@millrace/models";
import { createPostgresTaskStore, preparePostgresTaskStoreSchema } from "@millrace/store-postgres";
import { createSqliteTaskStore, prepareSqliteTaskStoreSchema } from "@millrace/store-sqlite";

/** Where a process finds the tasks. Plain data. */
export type DatabaseAddress =
  | { readonly driver: "sqlite"; readonly path: string }
  | { readonly driver: "postgres"; readonly connectionString: string; readonly schema: string };

/** The variable that tells a process its database. */
const addressName = "MILLRACE_CHAOS_DATABASE";

// Leases last one second here: whoever waits for much longer than that has lost its own.
const patience = { connectTimeoutMs: 2_000, queryTimeoutMs: 3_000, lockTimeoutMs: 1_000, readTimeoutMs: 5_000 };

/** Opens the store of an address. */
export function openStore(address: DatabaseAddress): TaskStore {
  if (address.driver === "sqlite") return createSqliteTaskStore({ path: address.path });
  const { connectionString, schema } = address;
  return createPostgresTaskStore({ connectionString, schema, ...patience });
}

/** Makes the tables at an address. */
export function prepareSchema(address: DatabaseAddress): Promise<void> {
  if (address.driver === "sqlite") return prepareSqliteTaskStoreSchema({ path: address.path });
  const { connectionString, schema } = address;
  return preparePostgresTaskStoreSchema({ connectionString, schema });
}

/** The environment of a process that is to use this database. */
export function environmentOf(address: DatabaseAddress): Readonly<Record<string, string>> {
  return { [addressName]: JSON.stringify(address) };
}

/** The database that this process was told to use. */
export function ownAddress(): DatabaseAddress {
  const told = process.env[addressName];
  if (told === undefined) throw new Error(`${addressName} must say where the database is`);
  return JSON.parse(told) as DatabaseAddress;
}
