import type { SqliteDatabase, SqliteStatement } from "../driver/sqlite-database.ts";
import type { TableNames } from "./table-names.ts";

/** A statement, written against the names of the tables. One constant each: the connection prepares it once. */
export type Sql = (names: TableNames) => string;

/** What a look at a plan found, and how often that was asked for since. */
interface PlanLook {
  readonly findsTasks: boolean;
  asked: number;
}

// A look costs as much as ten of the statements it is about.
const askedForALook = 1_000;

/** A database with everything that was prepared on it. */
export class Connection {
  readonly database: SqliteDatabase;
  readonly names: TableNames;
  readonly #prepared = new Map<Sql, SqliteStatement>();
  readonly #texts = new Map<string, SqliteStatement>();
  readonly #looks = new Map<Sql, PlanLook>();
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
    let look = this.#looks.get(sql);
    if (look === undefined || look.asked >= askedForALook) {
      look = {
        findsTasks: this.#planOf(sql).includes(`SEARCH ${this.names.task} USING INTEGER PRIMARY KEY`),
        asked: 0,
      };
      this.#looks.set(sql, look);
    }
    look.asked += 1;
    return look.findsTasks;
  }

  #planOf(sql: Sql): string {
    const text = stable(sql(this.names));
    const values = Array.from(text.matchAll(/\?/g), () => null);
    const rows = this.database.prepare(`explain query plan ${text}`).all(...values);
    return rows.map(([, , , detail]) => detail).join("\n");
  }

  /** The same for a statement whose text depends on a filter; the last 100 are kept. */
  useText(text: string): SqliteStatement {
    const found = this.#texts.get(text);
    if (found) return found;
    const statement = this.database.prepare(stable(text));
    const [oldest] = this.#texts.keys();
    if (this.#texts.size >= 100 && oldest !== undefined) this.#texts.delete(oldest);
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
