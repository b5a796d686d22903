import type { SqliteDatabase, SqliteStatement } from "../driver/sqlite-database.ts";
import type { TableNames } from "./table-names.ts";

/** A statement, written against the names of the tables. One constant each: the connection prepares it once. */
export type Sql = (names: TableNames) => string;

// A look takes 0.15 ms, about as long as the statement for 64 rows.
const questionsForALook = 1_000;

/** A database with everything that was prepared on it. */
export class Connection {
  readonly database: SqliteDatabase;
  readonly names: TableNames;
  readonly #prepared = new Map<Sql, SqliteStatement>();
  readonly #texts = new Map<string, SqliteStatement>();
  readonly #findsTasks = new Map<Sql, boolean>();
  #questions = 0;
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
    const statement = this.database.prepare(stable(sql(this.names)));
    this.#prepared.set(sql, statement);
    return statement;
  }

  /**
   * Whether a statement about several tasks finds each by its number. SQLite reads the whole table instead when statistics say that
   * it is nearly empty, however full it has become since. They may be taken at any time: so this is looked at anew now and then.
   */
  findsTasks(sql: Sql): boolean {
    this.#questions += 1;
    if (this.#questions % questionsForALook === 0) this.#findsTasks.clear();
    const known = this.#findsTasks.get(sql);
    if (known !== undefined) return known;
    const text = stable(`explain query plan ${sql(this.names)}`);
    const plan = this.database.prepare(text).all(...Array.from(text.matchAll(/\?/g), () => null));
    const finds = plan.join().includes(`SEARCH ${this.names.task} USING INTEGER PRIMARY KEY`);
    this.#findsTasks.set(sql, finds);
    return finds;
  }

  /** The same for a statement whose text depends on a filter; the last 100 are kept. */
  useText(text: string): SqliteStatement {
    const found = this.#texts.get(text);
    if (found) return found;
    const statement = this.database.prepare(stable(text));
    const [oldest = ""] = this.#texts.keys();
    if (this.#texts.size >= 100) this.#texts.delete(oldest);
    this.#texts.set(text, statement);
    return statement;
  }
}

/**
 * A SQLite with STAT4 (better-sqlite3's is one) parses and plans a statement anew whenever a parameter is bound that the
 * plan looked at: a `limit`, or an equality under an `order by`. That costs 20 times as much as a short claim itself. A
 * unary plus, which changes no value, keeps the plan from looking.
 */
function stable(sql: string): string {
  return sql.replaceAll(/(=|\blimit|\boffset)\s+\?/g, "$1 +?");
}
