import type { Row, Session, Statements } from "./session.ts";
import type { Sql } from "./session.ts";

/** A transaction that the caller has begun: a client of `pg`, or something that looks like one. */
export interface CallerTransaction {
  query(text: string, values: unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
}

/**
 * A session over a caller's connection: one statement at a time, none prepared by name, and rows as the caller's driver
 * gives them. Every column of ours has a name of its own, so that a row given as an object has all of them in order.
 */
export function callerSession(tx: CallerTransaction, statements: Statements): Session {
  let last: Promise<unknown> = Promise.resolve();
  const send = (text: string, values: readonly unknown[]): Promise<readonly Row[]> => {
    const sent = last.then(async () => (await tx.query(text, values as unknown[])).rows.map(rowOf));
    last = sent.catch(() => null);
    return sent;
  };
  return {
    names: statements.names,
    run: (sql: Sql, values = []) => send(statements.of(sql).text, values),
    text: (text, values = []) => send(text, values),
  };
}

function rowOf(row: unknown): Row {
  return Array.isArray(row) ? (row as Row) : Object.values(row as Readonly<Record<string, unknown>>);
}
