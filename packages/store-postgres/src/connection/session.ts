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

/** What of a client of `pg` a session needs. */
export interface QueryableClient {
  query(config: {
    readonly text: string;
    readonly name?: string;
    readonly values: unknown[];
    readonly rowMode: "array";
  }): Promise<{ readonly rows: unknown[][] }>;
}

/** The text and the name of each statement, shared by the connections of a store. */
export class Statements {
  readonly names: TableNames;
  readonly isNamed: boolean;
  readonly #known = new Map<Sql, { readonly name: string; readonly text: string }>();

  constructor(names: TableNames, isNamed: boolean) {
    this.names = names;
    this.isNamed = isNamed;
  }

  of(sql: Sql): { readonly name: string; readonly text: string } {
    const known = this.#known.get(sql);
    if (known) return known;
    const made = { name: `m${this.#known.size + 1}`, text: sql(this.names) };
    this.#known.set(sql, made);
    return made;
  }
}

/** A session over a client of our own, which sends a statement without waiting for the answer to the one before. */
export function clientSession(client: QueryableClient, statements: Statements): Session {
  const send = async (text: string, values: readonly unknown[], name?: string): Promise<readonly Row[]> => {
    const result = await client.query({
      text,
      values: values.map((value) => (isArrayOfElements(value) ? arrayText(value) : value)),
      rowMode: "array",
      ...(name === undefined ? {} : { name }),
    });
    return result.rows;
  };
  return {
    names: statements.names,
    run(sql, values = []) {
      const { name, text } = statements.of(sql);
      return send(text, values, statements.isNamed ? name : undefined);
    },
    text: (text, values = []) => send(text, values),
  };
}
