import { TaskError } from "@millrace/models";
import { type CallerQuery, hasMethods } from "./caller-query.ts";
import type { PgTransaction } from "./pg-transaction.ts";

/** A transaction of Knex over `pg`. */
export interface KnexTransaction {
  isCompleted(): boolean;
  readonly client: {
    /** Of a transaction: the one connection that it is on. */
    acquireConnection(): Promise<PgTransaction>;
  };
}

/**
 * The statements of a transaction of Knex, on its own connection: `raw` would give a parameter that stands twice in a text
 * two numbers, and Postgres then knows the type of only one.
 */
export function knexQuery(tx: object): CallerQuery | null {
  if (!hasMethods(tx, "raw") || !hasMethods(Reflect.get(tx, "client"), "acquireConnection")) return null;
  const knex = tx as KnexTransaction;
  return async (text, values) => {
    // Its connection may be another's by now.
    if (!hasMethods(tx, "isCompleted") || knex.isCompleted()) {
      throw new TaskError("TX_UNSUPPORTED", "The given Knex is in no transaction, or in one that has ended.");
    }
    const connection = await knex.client.acquireConnection();
    return (await connection.query(text, values)).rows;
  };
}
