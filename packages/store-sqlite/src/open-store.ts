import type { Connection } from "./connection/connection.ts";
import { type ConnectionOptions, openWriter, overGiven } from "./connection/open-connection.ts";
import { sqliteVersion } from "./connection/writer-lock.ts";
import { overBetterSqlite3 } from "./driver/better-sqlite3-driver.ts";
import type { ResolvedSqliteOptions } from "./sqlite-store-options.ts";

/** Opens what the options name. */
export function openStore(options: ResolvedSqliteOptions): Connection {
  const { database } = options;
  return database ? overGiven(overBetterSqlite3(database), connectionOf(options)) : openWriter(connectionOf(options));
}

function connectionOf(options: ResolvedSqliteOptions): ConnectionOptions {
  return { ...options, version: sqliteVersion(options.driver) };
}
