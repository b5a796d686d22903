import { createRequire } from "node:module";
import { TaskError } from "@millrace/models";
import type { SqliteDatabase, SqliteDriver, SqliteStatement } from "./sqlite-database.ts";

/** What of a better-sqlite3 database is used: an instance that the caller made fits as it is. */
export interface BetterSqlite3Database {
  readonly inTransaction: boolean;
  readonly open: boolean;
  prepare(sql: string): BetterSqlite3Statement;
  exec(sql: string): unknown;
  close(): unknown;
}

interface BetterSqlite3Statement {
  readonly reader: boolean;
  raw(on: boolean): unknown;
}

type Constructor = new (
  path: string,
  options: { readonly readonly: boolean; readonly fileMustExist: boolean; readonly timeout: number },
) => BetterSqlite3Database;

/** better-sqlite3, the default: an optional peer, looked for when the first connection is opened. */
export const betterSqlite3Driver: SqliteDriver = {
  name: "better-sqlite3",
  open: ({ path, readOnly }) => {
    const Database = load();
    // No waiting inside the driver: it would block the event loop, and two writers starve each other that way.
    return overBetterSqlite3(new Database(path, { readonly: readOnly, fileMustExist: readOnly, timeout: 0 }));
  },
};

/** The small interface over a better-sqlite3 database. */
export function overBetterSqlite3(database: BetterSqlite3Database): SqliteDatabase {
  return {
    prepare(sql) {
      const statement = database.prepare(sql);
      if (statement.reader) statement.raw(true);
      return statement as unknown as SqliteStatement;
    },
    exec: (sql) => void database.exec(sql),
    close: () => void database.close(),
  };
}

/** Whether a value is a better-sqlite3 database. */
export function isBetterSqlite3(value: unknown): value is BetterSqlite3Database {
  return (
    typeof value === "object" &&
    value !== null &&
    "inTransaction" in value &&
    "prepare" in value &&
    typeof value.prepare === "function"
  );
}

let constructor: Constructor | null = null;

function load(): Constructor {
  if (constructor) return constructor;
  try {
    constructor = createRequire(import.meta.url)("better-sqlite3") as Constructor;
    return constructor;
  } catch (cause) {
    throw new TaskError("DRIVER_MISSING", "The package better-sqlite3 cannot be loaded.", {
      cause,
      fix: 'Run `npm install better-sqlite3`, or pass `driver: "node:sqlite"` (Node 24 or newer) or `"bun:sqlite"`.',
    });
  }
}
