/** What SQLite keeps in a column. */
export type SqliteValue = null | number | bigint | string | Uint8Array;

/** One row, column by column: rows without names are the cheapest form every driver has. */
export type SqliteRow = readonly SqliteValue[];

/** A prepared statement. Parameters are bound in order; `?` is the only kind of placeholder. */
export interface SqliteStatement {
  run(...values: readonly SqliteValue[]): {
    readonly changes: number | bigint;
    readonly lastInsertRowid: number | bigint;
  };
  get(...values: readonly SqliteValue[]): SqliteRow | undefined;
  all(...values: readonly SqliteValue[]): readonly SqliteRow[];
}

/** The small part of a SQLite driver this store needs. Everything is synchronous. */
export interface SqliteDatabase {
  prepare(sql: string): SqliteStatement;
  /** Runs statements that need no parameters and answer nothing. */
  exec(sql: string): void;
  close(): void;
}

/** How a connection is to be opened. */
export interface OpenOptions {
  /** A file, or `:memory:`. */
  readonly path: string;
  readonly readOnly: boolean;
}

/** A SQLite driver by name. */
export type SqliteDriverName = "better-sqlite3" | "node:sqlite" | "bun:sqlite";

/** Opens a connection with one driver. */
export interface SqliteDriver {
  readonly name: SqliteDriverName;
  open(options: OpenOptions): SqliteDatabase;
}
