import type { Row, Session, Sql, Statements } from "../connection/session.ts";
import type { CallerQuery } from "./caller-query.ts";

/**
 * A session over a caller's connection: one statement at a time, none prepared by name, and rows as the caller's library
 * gives them. Every column of ours has a name of its own, so that a row given as an object has all of them in order.
 */
export function callerSession(query: CallerQuery, statements: Statements): Session {
  let last: Promise<unknown> = Promise.resolve();
  const send = (text: string, values: readonly unknown[]): Promise<readonly Row[]> => {
    const sent = last.then(async () => (await query(text, [...values])).map(rowOf));
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
