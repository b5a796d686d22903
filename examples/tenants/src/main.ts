import assert from "node:assert/strict";
import { createHost, defineTask } from "millrace";

const order: string[] = [];
// #region define
const exportData = defineTask({
  kind: "data.export",
  fairness: "key", // what a host claims at once is shared by the keys, however much one of them has enqueued
  run(input: { part: number }, context) {
    order.push(context.task.tenantId);
    return `${context.task.tenantId} ${input.part}`;
  },
});
// #endregion

await using host = createHost({ tasks: [exportData] });
await host.start();
await host.pause(); // this host claims nothing until both tenants have enqueued

// #region enqueue
/** Every task of a tenant is made here: its tenant, and a key that lets at most two of its tasks run at once. */
const exportFor = (tenantId: string, part: number) => ({
  task: exportData,
  input: { part },
  options: { tenantId, dedupeKey: `part-${part}`, concurrencyKeys: [{ key: `export:${tenantId}`, limit: 2 }] },
});
const acme = await host.enqueueMany([1, 2, 3, 4, 5, 6].map((part) => exportFor("acme", part)));
const zest = await host.enqueueMany([1, 2].map((part) => exportFor("zest", part))); // the same dedupe keys: no clash
// #endregion
assert(zest.every(({ disposition }) => disposition === "created"));

await host.resume();
await Promise.all([...acme, ...zest].map(({ task }) => host.awaitResult(task.id, { timeoutMs: 20_000 })));
console.log(order.join(" "));
assert(order.lastIndexOf("zest") < order.lastIndexOf("acme"), "the small tenant must not wait for the big one");

// #region read
const { snapshots } = await host.listTasks({ tenantId: "zest" });
const { total } = await host.readAggregate({ tenantId: "acme" });
console.log(snapshots.length, total.count); // 2 6
// #endregion
assert.deepEqual([snapshots.length, total.count], [2, 6]);
