import { arrayText, isArrayOfElements } from "./array-text.ts";
import { type Row, type Statement, StatementQuery } from "./statement-query.ts";
import type { TableNames } from "./table-names.ts";

/** A statement, written against the names of the tables. One constant each: a connection prepares it once. */
export type Sql = (names: TableNames) => string;

export type { Row } from "./statement-query.ts";

/** Something statements are run on, one after the other in the order they are given. */
export interface Session {
  readonly names: TableNames;
  /** Runs a constant statement; never prepares the same twice. */
  run(sql: Sql, values?: readonly unknown[]): Promise<readonly Row[]>;
  /** Runs a statement whose text depends on a filter. */
  text(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
}

/** What of a client of `pg` a session needs. */
export interface QueryableClient {
  query(query: StatementQuery): unknown;
}

/** The statements of a store, shared by its connections. */
export class Statements {
  readonly names: TableNames;
  readonly #isNamed: boolean;
  readonly #known = new Map<Sql, Statement>();

  constructor(names: TableNames, isNamed: boolean) {
    this.names = names;
    this.#isNamed = isNamed;
  }

  of(sql: Sql): Statement {
    const known = this.#known.get(sql);
    if (known) return known;
    const name = this.#isNamed ? `m${this.#known.size + 1}` : null;
    const made: Statement = { text: sql(this.names), name, readers: null };
    this.#known.set(sql, made);
    return made;
  }
}

/** A session over a client of our own, which sends a statement without waiting for the answer to the one before. */
export function clientSession(client: QueryableClient, statements: Statements): Session {
  const send = (statement: Statement, values: readonly unknown[]): Promise<readonly Row[]> =>
    new Promise((resolve, reject) => {
      const written = values.map((value) => (isArrayOfElements(value) ? arrayText(value) : value));
      client.query(new StatementQuery(statement, written, { resolve, reject }));
    });
  return {
    names: statements.names,
    run: (sql, values = []) => send(statements.of(sql), values),
    text: (text, values = []) => send({ text, name: null, readers: null }, values),
  };
}
