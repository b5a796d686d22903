import type { ResolvedSqliteOptions } from "../sqlite-store-options.ts";
import { inMemory } from "./open-connection.ts";
import { canShareWrites, sqliteVersion } from "./writer-lock.ts";

/**
 * Whether a thread may write over a connection of its own: not to a database in memory, nor to one that the caller has opened, nor
 * with a SQLite that must have one writer only.
 */
export function mayConnectAgain({ path, database, driver }: ResolvedSqliteOptions): boolean {
  return database === null && path !== inMemory && canShareWrites(sqliteVersion(driver));
}
