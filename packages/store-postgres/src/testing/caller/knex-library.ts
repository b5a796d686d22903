import knex from "knex";
import type { CallerLibrary } from "./caller-library.ts";

/** Knex over `pg`. */
export const knexLibrary: CallerLibrary = {
  name: "Knex",
  open(connectionString, schema) {
    const database = knex({ client: "pg", connection: connectionString, pool: { min: 0, max: 2 } });
    return {
      transaction: (work) =>
        database.transaction((tx) =>
          work(tx, async (item) => void (await tx.withSchema(schema).insert({ item }).into("orders"))),
        ),
      outside: database,
      close: () => database.destroy(),
    };
  },
};
