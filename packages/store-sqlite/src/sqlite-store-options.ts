import { type Clock, type Random, systemClock, systemRandom } from "@millrace/models";
import { defaultTablePrefix, flagOption, invalidOption, wholeOption } from "@millrace/store-sql";
import { inMemory } from "./connection/open-connection.ts";
import { type TableNames, tableNames } from "./connection/table-names.ts";
import { type BetterSqlite3Database, isBetterSqlite3 } from "./driver/better-sqlite3-driver.ts";
import { chooseDriver } from "./driver/choose-driver.ts";
import type { SqliteDriver, SqliteDriverName } from "./driver/sqlite-database.ts";

/** How a SQLite store is made. Give `path` or `database`. */
export interface SqliteTaskStoreOptions {
  /** The database file; its directory is made when it is missing. `:memory:` keeps the tasks in this process only. */
  readonly path?: string;
  /**
   * A better-sqlite3 database that the caller has opened and goes on owning: the store neither changes its settings nor
   * closes it, and reads over it too.
   */
  readonly database?: BetterSqlite3Database;
  /** @defaultValue `bun:sqlite` in Bun, `better-sqlite3` elsewhere */
  readonly driver?: SqliteDriverName;
  /** What the name of each table begins with: lower-case letters, digits, underscores. @defaultValue "millrace_" */
  readonly tablePrefix?: string;
  /**
   * `synchronous=NORMAL`: faster, but a loss of power may take the last transactions with it (a crash of the process
   * does not). @defaultValue false: what was acknowledged stays
   */
  readonly relaxedDurability?: boolean;
  /** Makes and updates the schema when the store is first used. @defaultValue true */
  readonly migrate?: boolean;
  /** How long a write is tried again while another process holds the lock. Milliseconds. @defaultValue 10_000 */
  readonly busyTimeoutMs?: number;
  /** How much of the file each connection may keep in memory. @defaultValue 16_777_216 */
  readonly cacheBytes?: number;
  /** How long a list, an aggregate or another read that may be slow may take. Milliseconds. @defaultValue 10_000 */
  readonly readTimeoutMs?: number;
  /** The clock that decides. @defaultValue the clock of this machine */
  readonly clock?: Clock;
  /** Where lease tokens come from. @defaultValue the platform's own chance */
  readonly random?: Random;
}

/** Options with their defaults, checked. */
export interface ResolvedSqliteOptions {
  readonly path: string;
  readonly database: BetterSqlite3Database | null;
  readonly driver: SqliteDriver;
  readonly prefix: string;
  readonly names: TableNames;
  readonly relaxedDurability: boolean;
  readonly migrate: boolean;
  readonly busyTimeoutMs: number;
  readonly cacheBytes: number;
  readonly readTimeoutMs: number;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * Checks options and fills their defaults. No I/O.
 *
 * @throws `OPTION_INVALID` with `details.path`; `NAME_INVALID` for a prefix that is no identifier.
 */
export function resolveSqliteOptions(options: SqliteTaskStoreOptions): ResolvedSqliteOptions {
  const { path, database, tablePrefix: prefix = defaultTablePrefix } = options;
  if (database !== undefined && !isBetterSqlite3(database)) {
    throw invalidOption("database", "must be an open better-sqlite3 database");
  }
  if (database === undefined && (typeof path !== "string" || path === "")) {
    throw invalidOption("path", `must be the path of a file, or "${inMemory}"`);
  }
  if (typeof path === "string" && path.includes("\0")) throw invalidOption("path", "must not hold a zero character");
  if (database !== undefined && path !== undefined)
    throw invalidOption("path", "must be left out when `database` is given");
  return {
    path: path ?? "the given database",
    database: database ?? null,
    driver: chooseDriver(options.driver),
    prefix,
    names: tableNames(prefix),
    relaxedDurability: flagOption("relaxedDurability", options.relaxedDurability, false),
    migrate: flagOption("migrate", options.migrate, true),
    busyTimeoutMs: wholeOption("busyTimeoutMs", options.busyTimeoutMs, { least: 0, usual: 10_000 }),
    cacheBytes: wholeOption("cacheBytes", options.cacheBytes, { least: 65_536, usual: 16_777_216 }),
    readTimeoutMs: wholeOption("readTimeoutMs", options.readTimeoutMs, { least: 100, usual: 10_000 }),
    clock: options.clock ?? systemClock,
    random: options.random ?? systemRandom,
  };
}
