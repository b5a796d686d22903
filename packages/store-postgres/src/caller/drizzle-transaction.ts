import { type CallerQuery, hasMethods } from "./caller-query.ts";

/** What Drizzle asks of SQL that it executes: it takes anything that can say its text and its parameters. */
interface DrizzleQuery {
  getSQL(): { toQuery(): { readonly sql: string; readonly params: unknown[] } };
}

/** A transaction of Drizzle over Postgres, whichever driver it is on. */
export interface DrizzleTransaction {
  // Drizzle's own type names its class `SQL`, which this package does not import.
  execute(query: never): PromiseLike<unknown>;
  rollback(): never;
}

/** The statements of a transaction of Drizzle. */
export function drizzleQuery(tx: object): CallerQuery | null {
  if (!hasMethods(tx, "execute", "transaction", "select")) return null;
  const drizzle = tx as { execute(query: DrizzleQuery): PromiseLike<unknown> };
  return async (sql, params) => {
    try {
      const result = await drizzle.execute({ getSQL: () => ({ toQuery: () => ({ sql, params }) }) });
      return rowsOf(result);
    } catch (error) {
      throw error instanceof Error && error.cause !== undefined ? error.cause : error;
    }
  };
}

/** `pg` and others answer with `rows`, postgres.js with the rows themselves. */
function rowsOf(result: unknown): readonly unknown[] {
  return Array.isArray(result) ? result : (result as { readonly rows: readonly unknown[] }).rows;
}
