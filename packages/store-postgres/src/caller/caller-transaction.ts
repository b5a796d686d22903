import { TaskError } from "@millrace/models";
import type { CallerQuery, QueryOfLibrary } from "./caller-query.ts";
import { type DrizzleTransaction, drizzleQuery } from "./drizzle-transaction.ts";
import { knexQuery, type KnexTransaction } from "./knex-transaction.ts";
import { kyselyQuery, type KyselyTransaction } from "./kysely-transaction.ts";
import { pgQuery, type PgTransaction } from "./pg-transaction.ts";
import { prismaQuery, type PrismaTransaction } from "./prisma-transaction.ts";

/** A transaction that the caller has begun. Each is known by its shape: none of these libraries is needed here. */
export type CallerTransaction =
  | PgTransaction
  | KyselyTransaction
  | DrizzleTransaction
  | KnexTransaction
  | PrismaTransaction;

// `pg` is the last: a transaction of Knex has a `query` too, which is another.
const libraries: readonly QueryOfLibrary[] = [kyselyQuery, drizzleQuery, knexQuery, prismaQuery, pgQuery];

const accepted: readonly string[] = [
  "a client of `pg` between BEGIN and COMMIT",
  "a transaction of Kysely, Drizzle or Knex over Postgres",
  "the client of an interactive `$transaction` of Prisma",
];

/**
 * The statements of a caller's transaction.
 *
 * @throws `OPTION_INVALID` for what is none; whether it has begun shows the first statement
 */
export function callerQuery(tx: unknown): CallerQuery {
  if ((typeof tx === "object" && tx !== null) || typeof tx === "function") {
    for (const library of libraries) {
      const query = library(tx);
      if (query) return query;
    }
  }
  const given = tx === null ? "null" : Array.isArray(tx) ? "a list" : `something of type ${typeof tx}`;
  throw new TaskError("OPTION_INVALID", `tx must be a transaction on Postgres, got ${given}.`, {
    fix: `Pass ${accepted.join(", ")}, or an object whose \`query(text, values)\` answers \`{ rows }\`.`,
    details: { path: "tx", accepted },
  });
}
