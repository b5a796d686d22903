import { type CallerQuery, hasMethods } from "./caller-query.ts";

/** A client of `pg` between BEGIN and COMMIT, or anything whose `query` does the same. */
export interface PgTransaction {
  query(text: string, values: unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
}

/** The statements of a client of `pg`. */
export function pgQuery(tx: object): CallerQuery | null {
  if (!hasMethods(tx, "query")) return null;
  const client = tx as PgTransaction;
  return async (text, values) => (await client.query(text, values)).rows;
}
