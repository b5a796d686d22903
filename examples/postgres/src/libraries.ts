import assert from "node:assert/strict";
import { createPostgresTaskStore } from "@millrace/store-postgres";
import { drizzle } from "drizzle-orm/node-postgres";
import { pgSchema, serial, text } from "drizzle-orm/pg-core";
import knex from "knex";
import { type Generated, Kysely, PostgresDialect } from "kysely";
import { createHost, defineTask } from "millrace";
import { Pool } from "pg";

interface Database {
  readonly orders: { readonly id: Generated<number>; readonly item: string };
}

const sendReceipt = defineTask({
  kind: "library.receipt",
  run: (input: { order: number }) => `sent for ${input.order}`,
});

/** The same transaction in the words of other libraries, over the tables that `shop.ts` has made. */
export async function runLibraries(connectionString: string): Promise<void> {
  const schema = "example_tasks";
  await using host = createHost({ store: createPostgresTaskStore({ connectionString, schema }), tasks: [sendReceipt] });
  await host.start();
  const pool = new Pool({ connectionString });
  await pool.query(`create table ${schema}.orders (id serial, item text)`);

  const kysely = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) }).withSchema(schema);
  // #region kysely
  const first = await kysely.transaction().execute(async (tx) => {
    const order = await tx.insertInto("orders").values({ item: "a lamp" }).returning("id").executeTakeFirstOrThrow();
    return host.within(tx).enqueue(sendReceipt, { order: order.id });
  });
  // #endregion

  const orders = pgSchema(schema).table("orders", { id: serial(), item: text().notNull() });
  const database = drizzle({ client: pool });
  // #region drizzle
  const second = await database.transaction(async (tx) => {
    const [order] = await tx.insert(orders).values({ item: "a chair" }).returning();
    return host.within(tx).enqueue(sendReceipt, { order: order?.id ?? 0 });
  });
  // #endregion

  const knexPool = knex({ client: "pg", connection: connectionString });
  // #region knex
  const third = await knexPool.transaction(async (tx) => {
    const [order] = await tx.withSchema(schema).insert({ item: "a desk" }, ["id"]).into("orders");
    return host.within(tx).enqueue(sendReceipt, { order: order.id });
  });
  // #endregion
  for (const [index, { task }] of [first, second, third].entries()) {
    assert.equal(await host.awaitResult(task.id, { timeoutMs: 10_000 }), `sent for ${index + 1}`);
  }
  await knexPool.destroy();
  await kysely.destroy();
}
