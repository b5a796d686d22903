import { arrayText, isArrayOfElements } from "./array-text.ts";
import type { TableNames } from "./table-names.ts";

/** A statement, written against the names of the tables. One constant each: a connection prepares it once. */
export type Sql = (names: TableNames) => string;

/** A row, column by column. */
export type Row = readonly unknown[];

/** Something statements are run on, one after the other in the order they are given. */
export interface Session {
  readonly names: TableNames;
  /** Runs a constant statement; never prepares the same twice. */
  run(sql: Sql, values?: readonly unknown[]): Promise<readonly Row[]>;
  /** Runs a statement whose text depends on a filter. */
  text(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
}

/** What of a client of `pg` a session needs. It is called back, because a promise of its own costs it two more. */
export interface QueryableClient {
  query(
    statement: SentStatement,
    values: unknown[],
    answer: (error: Error, result: { readonly rows: unknown[][] }) => void,
  ): void;
}

/** What a client is told of a statement besides its values. */
interface SentStatement {
  readonly text: string;
  /** By which each connection prepares it once. */
  readonly name?: string;
  readonly rowMode: "array";
}

/** The statements of a store, shared by its connections. */
export class Statements {
  readonly names: TableNames;
  readonly #isNamed: boolean;
  readonly #known = new Map<Sql, SentStatement>();

  constructor(names: TableNames, isNamed: boolean) {
    this.names = names;
    this.#isNamed = isNamed;
  }

  of(sql: Sql): SentStatement {
    const known = this.#known.get(sql);
    if (known) return known;
    const text = sql(this.names);
    const name = this.#isNamed ? { name: `m${this.#known.size + 1}` } : {};
    // `pg` copies the fields of its own that an object has, in a slow way, for every call; what it inherits stays where it is.
    const made: SentStatement = Object.create({ text, rowMode: "array", ...name });
    this.#known.set(sql, made);
    return made;
  }
}

/** A session over a client of our own, which sends a statement without waiting for the answer to the one before. */
export function clientSession(client: QueryableClient, statements: Statements): Session {
  const send = (statement: SentStatement, values: readonly unknown[]): Promise<readonly Row[]> =>
    new Promise((resolve, reject) => {
      const written = values.map((value) => (isArrayOfElements(value) ? arrayText(value) : value));
      client.query(statement, written, (error: Error | null, result) => {
        if (error) reject(error);
        else resolve(result.rows);
      });
    });
  return {
    names: statements.names,
    run: (sql, values = []) => send(statements.of(sql), values),
    text: (text, values = []) => send({ text, rowMode: "array" }, values),
  };
}
