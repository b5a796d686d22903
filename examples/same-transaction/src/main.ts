import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import Database from "better-sqlite3";
import { createHost, defineTask, prepareTaskStoreSchema } from "millrace";

const sendReceipt = defineTask({ kind: "receipt.send", run: (input: { order: number }) => `sent for ${input.order}` });

// #region complete
// What it writes is there exactly when the task has succeeded: both are one transaction.
const countStock = defineTask({
  kind: "stock.count",
  async run(input: { item: string }, context) {
    shop.exec("begin immediate");
    try {
      shop.prepare("insert into stock (item) values (?)").run(input.item);
      await context.completeInTx(shop, { counted: input.item });
      shop.exec("commit");
    } catch (error) {
      shop.exec("rollback");
      throw error;
    }
  },
});
// #endregion

// #region setup
// Tasks live in the same file as your own tables.
const path = ".millrace/shop.sqlite";
mkdirSync(".millrace", { recursive: true });
await prepareTaskStoreSchema({ driver: "sqlite", sqlite: { path } });

const shop = new Database(path);
shop.exec("create table orders (id integer primary key, item text not null)");
shop.exec("create table stock (item text not null)");
await using host = createHost({ path, tasks: [sendReceipt, countStock] });
// #endregion

// #region transaction
const placeOrder = shop.transaction((item: string, isPaid: boolean) => {
  const { lastInsertRowid } = shop.prepare("insert into orders (item) values (?)").run(item);
  const { task } = host.withinSync(shop).enqueue(sendReceipt, { order: Number(lastInsertRowid) });
  if (!isPaid) throw new Error("the card was refused"); // takes back the order and the task
  return task.id;
});

const taskId = placeOrder.immediate("a lamp", true);
assert.throws(() => placeOrder.immediate("a chair", false));
// #endregion

await host.start();
console.log(await host.awaitResult<string>(taskId, { timeoutMs: 10_000 }));
const { total } = await host.readAggregate();
const orders = shop.prepare("select count(*) from orders").pluck().get();
console.log(`${String(orders)} order, ${total.count} task`);
assert.deepEqual([orders, total.count], [1, 1]);

const counted = await host.enqueue(countStock, { item: "a lamp" });
assert.deepEqual(await host.awaitResult(counted.task.id, { timeoutMs: 10_000 }), { counted: "a lamp" });
assert.equal(shop.prepare("select count(*) from stock").pluck().get(), 1);
shop.close();
