import assert from "node:assert/strict";
// #region imports
import { createHost, createTaskClient, createTaskStore, defineTask, prepareTaskStoreSchema } from "millrace";
import { Client, type ClientBase } from "pg";
// #endregion

const sendReceipt = defineTask({ kind: "receipt.send", run: (input: { order: number }) => `sent for ${input.order}` });

// #region complete
// What it writes is there exactly when the task has succeeded: both are one transaction.
const countStock = (shop: ClientBase) =>
  defineTask({
    kind: "stock.count",
    async run(input: { item: string }, context) {
      await shop.query("begin");
      try {
        await shop.query("insert into stock (item) values ($1)", [input.item]);
        await context.completeInTx(shop, { counted: input.item });
        await shop.query("commit");
      } catch (error) {
        await shop.query("rollback");
        throw error;
      }
    },
  });
// #endregion

export async function run(connectionString: string): Promise<void> {
  // #region open
  // In a schema of its own; without `schema` the tables are in "public". They are made when the store is first used.
  const place = { connectionString, schema: "example_tasks" };
  await using host = createHost({ postgres: place, tasks: [sendReceipt] });
  await host.start();
  // #endregion

  // #region many
  // Anywhere else, on any machine: more hosts of the same kinds, or a client that enqueues and reads but runs nothing.
  await using other = createHost({ postgres: place, tasks: [sendReceipt] });
  await other.start();
  const { task } = await other.enqueue(sendReceipt, { order: 1 });
  console.log(await host.awaitResult(task.id)); // sent for 1
  // #endregion
  assert.equal((await host.getTask(task.id))?.status, "succeeded");

  const shop = new Client({ connectionString });
  await shop.connect();
  await shop.query("create temporary table orders (id int generated always as identity, item text not null)");
  // #region transaction
  const placeOrder = async (item: string, isPaid: boolean): Promise<string> => {
    await shop.query("begin");
    try {
      const { rows } = await shop.query("insert into orders (item) values ($1) returning id", [item]);
      const { task: receipt } = await host.within(shop).enqueue(sendReceipt, { order: rows[0].id });
      if (!isPaid) throw new Error("the card was refused"); // takes back the order and the task
      await shop.query("commit");
      return receipt.id;
    } catch (error) {
      await shop.query("rollback");
      throw error;
    }
  };
  // #endregion
  const receiptId = await placeOrder("a lamp", true);
  await assert.rejects(placeOrder("a chair", false), /refused/);
  assert.match(await host.awaitResult<string>(receiptId, { timeoutMs: 10_000 }), /^sent for/);
  assert.equal((await host.readAggregate()).total.count, 2);

  // #region prepare
  // In a deployment that migrates before it starts; hosts then leave the schema as it is.
  await prepareTaskStoreSchema({ driver: "postgres", postgres: place });
  const prepared = createTaskStore({ driver: "postgres", postgres: { ...place, migrate: false } });
  // #endregion
  const client = createTaskClient({ store: prepared, tasks: [sendReceipt] });
  assert.equal((await client.getTask(task.id))?.status, "succeeded");
  await prepared.close();
  await shop.query("create temporary table stock (item text not null)");
  await using counter = createHost({ postgres: place, tasks: [countStock(shop)] });
  await counter.start();
  const counted = await counter.enqueue("stock.count", { item: "a lamp" });
  assert.deepEqual(await counter.awaitResult(counted.task.id, { timeoutMs: 10_000 }), { counted: "a lamp" });
  assert.equal((await shop.query("select from stock")).rowCount, 1);
  await shop.end();
}
