import { createRequire } from "node:module";
import { TaskError } from "@millrace/models";
import type { SqliteDatabase, SqliteDriver, SqliteStatement } from "./sqlite-database.ts";

interface NodeStatement {
  setReturnArrays?: (on: boolean) => void;
}

interface NodeDatabase {
  prepare(sql: string): NodeStatement;
  exec(sql: string): void;
  close(): void;
}

type Constructor = new (
  path: string,
  options: { readonly readOnly: boolean; readonly timeout: number },
) => NodeDatabase;

/** The SQLite that Node 24 and newer carry. */
export const nodeSqliteDriver: SqliteDriver = {
  name: "node:sqlite",
  open: ({ path, readOnly }) => {
    const DatabaseSync = load();
    return overNodeSqlite(new DatabaseSync(path, { readOnly, timeout: 0 }));
  },
};

function overNodeSqlite(database: NodeDatabase): SqliteDatabase {
  return {
    prepare(sql) {
      const statement = database.prepare(sql);
      if (!statement.setReturnArrays) throw unsupported();
      statement.setReturnArrays(true);
      return statement as unknown as SqliteStatement;
    },
    exec: (sql) => database.exec(sql),
    close: () => database.close(),
  };
}

function load(): Constructor {
  try {
    return (createRequire(import.meta.url)("node:sqlite") as { readonly DatabaseSync: Constructor }).DatabaseSync;
  } catch (cause) {
    throw unsupported(cause);
  }
}

function unsupported(cause?: unknown): TaskError {
  return new TaskError(
    "DRIVER_UNSUPPORTED",
    `node:sqlite of this runtime (${process.version}) is missing or too old.`,
    {
      cause,
      fix: "Use Node 24 or newer, or install better-sqlite3 and leave `driver` out.",
    },
  );
}
