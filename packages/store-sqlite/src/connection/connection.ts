import type { SqliteDatabase, SqliteStatement } from "../driver/sqlite-database.ts";
import type { TableNames } from "./table-names.ts";

/** A statement, written against the names of the tables. One constant each: the connection prepares it once. */
export type Sql = (names: TableNames) => string;

/** A database with everything that was prepared on it. */
export class Connection {
  readonly database: SqliteDatabase;
  readonly names: TableNames;
  readonly #prepared = new Map<Sql, SqliteStatement>();
  readonly #texts = new Map<string, SqliteStatement>();

  readonly #close: () => void;

  constructor(database: SqliteDatabase, names: TableNames, close: () => void = () => database.close()) {
    this.database = database;
    this.names = names;
    this.#close = close;
  }

  /** Lets go of the file, and of whatever was held with it. */
  close(): void {
    this.#close();
  }

  /** The prepared statement; never prepares the same twice. */
  use(sql: Sql): SqliteStatement {
    const found = this.#prepared.get(sql);
    if (found) return found;
    const statement = this.database.prepare(sql(this.names));
    this.#prepared.set(sql, statement);
    return statement;
  }

  /** The same for a statement whose text depends on a filter; the last 100 are kept. */
  useText(text: string): SqliteStatement {
    const found = this.#texts.get(text);
    if (found) return found;
    const statement = this.database.prepare(text);
    const [oldest] = this.#texts.keys();
    if (this.#texts.size >= 100 && oldest !== undefined) this.#texts.delete(oldest);
    this.#texts.set(text, statement);
    return statement;
  }
}
