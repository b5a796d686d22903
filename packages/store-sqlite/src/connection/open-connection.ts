import { mkdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { type Random, TaskError } from "@millrace/models";
import type { SqliteDatabase, SqliteDriver } from "../driver/sqlite-database.ts";
import { checkSchema, migrate } from "../schema/migrate.ts";
import { Connection } from "./connection.ts";
import type { TableNames } from "./table-names.ts";
import { canShareWrites, holdWriterLock } from "./writer-lock.ts";

/** Where the database is and how it is to be used; everything is checked. */
export interface ConnectionOptions {
  readonly path: string;
  readonly driver: SqliteDriver;
  readonly names: TableNames;
  readonly prefix: string;
  readonly relaxedDurability: boolean;
  readonly cacheBytes: number;
  readonly migrate: boolean;
  readonly random: Random;
  /** Which SQLite the driver carries. */
  readonly version: string;
}

/** The path that means "in this process's memory only". */
export const inMemory = ":memory:";

/**
 * Opens the connection that writes. May throw "busy" as the driver says it: the caller tries again.
 *
 * @throws `STORE_PATH_INVALID`, `STORE_CORRUPT`, `STORE_READ_ONLY`, `STORE_SCHEMA_…`, `DRIVER_…`
 */
export function openWriter(options: ConnectionOptions): Connection {
  const { path, driver } = options;
  const file = path === inMemory ? path : resolve(path);
  if (path !== inMemory) makePlace(path);
  const isShared = path === inMemory || canShareWrites(options.version);
  const lock = isShared ? null : holdWriterLock(driver, file, options.version);
  const close = (database: SqliteDatabase | null): void => {
    database?.close();
    lock?.close();
  };
  let database: SqliteDatabase | null = null;
  try {
    const opened = driver.open({ path: file, readOnly: false });
    database = opened;
    for (const pragma of writerPragmas(options)) opened.exec(`pragma ${pragma}`);
    prepareSchema(opened, options);
    return new Connection(opened, options.names, () => close(opened));
  } catch (error) {
    close(database);
    throw error;
  }
}

/** A connection over a database that the caller has opened, and goes on owning. */
export function overGiven(database: SqliteDatabase, options: Omit<ConnectionOptions, "path">): Connection {
  prepareSchema(database, options);
  return new Connection(database, options.names, () => {});
}

function prepareSchema(database: SqliteDatabase, options: Omit<ConnectionOptions, "path">): void {
  const schema = { database, names: options.names, prefix: options.prefix, random: options.random };
  if (options.migrate) migrate(schema);
  else checkSchema(schema);
}

/** Opens a connection that can only read. */
export function openReader(options: Pick<ConnectionOptions, "path" | "driver" | "names" | "cacheBytes">): Connection {
  const database = options.driver.open({ path: resolve(options.path), readOnly: true });
  // Readers never wait for the writer in WAL; only a checkpoint that resets the log can make one wait, for a moment.
  for (const pragma of [
    "busy_timeout = 2000",
    cachePragma(options.cacheBytes),
    "temp_store = memory",
    "query_only = on",
  ]) {
    database.exec(`pragma ${pragma}`);
  }
  return new Connection(database, options.names);
}

function writerPragmas({ path, relaxedDurability, cacheBytes }: ConnectionOptions): readonly string[] {
  return [
    "busy_timeout = 0",
    ...(path === inMemory ? [] : ["journal_mode = wal"]),
    // FULL: what was acknowledged survives a loss of power. NORMAL may lose the last transactions, never their order.
    `synchronous = ${relaxedDurability ? "normal" : "full"}`,
    "wal_autocheckpoint = 1000",
    cachePragma(cacheBytes),
    "mmap_size = 0",
    "temp_store = memory",
    "foreign_keys = off",
  ];
}

function cachePragma(cacheBytes: number): string {
  return `cache_size = -${Math.ceil(cacheBytes / 1024)}`;
}

/** The file may not be there yet, nor its directory: `./.millrace/tasks.sqlite` should simply work. */
function makePlace(path: string): void {
  try {
    mkdirSync(dirname(resolve(path)), { recursive: true });
    if (!statSync(resolve(path), { throwIfNoEntry: false })?.isDirectory()) return;
  } catch (cause) {
    throw new TaskError("STORE_PATH_INVALID", `The directory of ${path} cannot be made.`, { cause, details: { path } });
  }
  throw new TaskError("STORE_PATH_INVALID", `${path} is a directory; the path of a file is needed.`, {
    details: { path },
  });
}
