import { createRequire } from "node:module";
import { TaskError } from "@millrace/models";
import type { SqliteDatabase, SqliteDriver, SqliteRow, SqliteValue } from "./sqlite-database.ts";

interface BunStatement {
  run(...values: readonly SqliteValue[]): { readonly changes: number; readonly lastInsertRowid: number };
  values(...values: readonly SqliteValue[]): readonly SqliteRow[] | null;
}

interface BunDatabase {
  query(sql: string): BunStatement;
  exec(sql: string): void;
  close(): void;
}

type Constructor = new (path: string, options: Readonly<Record<string, boolean>>) => BunDatabase;

/** The SQLite that Bun carries. */
export const bunSqliteDriver: SqliteDriver = {
  name: "bun:sqlite",
  open: ({ path, readOnly }) => {
    const Database = load();
    return overBunSqlite(new Database(path, readOnly ? { readonly: true } : { readwrite: true, create: true }));
  },
};

/** The small interface over a `bun:sqlite` database. */
export function overBunSqlite(database: BunDatabase): SqliteDatabase {
  return {
    prepare(sql) {
      const statement = database.query(sql);
      const all = (...values: readonly SqliteValue[]): readonly SqliteRow[] => statement.values(...values) ?? [];
      return { run: (...values) => statement.run(...values), get: (...values) => all(...values)[0], all };
    },
    exec: (sql) => database.exec(sql),
    close: () => database.close(),
  };
}

function load(): Constructor {
  try {
    return (createRequire(import.meta.url)("bun:sqlite") as { readonly Database: Constructor }).Database;
  } catch (cause) {
    throw new TaskError("DRIVER_UNSUPPORTED", "bun:sqlite is only there when Bun runs the program.", {
      cause,
      fix: "Run with Bun, or install better-sqlite3 and leave `driver` out.",
    });
  }
}
