import { drizzle } from "drizzle-orm/node-postgres";
import { pgSchema, serial, text } from "drizzle-orm/pg-core";
import { Pool } from "pg";
import type { CallerLibrary } from "./caller-library.ts";

/** Drizzle over `pg`. */
export const drizzleLibrary: CallerLibrary = {
  name: "Drizzle",
  open(connectionString, schema) {
    const pool = new Pool({ connectionString, max: 2 });
    const database = drizzle({ client: pool });
    const orders = pgSchema(schema).table("orders", { id: serial(), item: text().notNull() });
    return {
      transaction: (work) =>
        database.transaction((tx) => work(tx, async (item) => void (await tx.insert(orders).values({ item })))),
      outside: database,
      close: () => pool.end(),
    };
  },
};
