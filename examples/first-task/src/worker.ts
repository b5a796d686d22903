import assert from "node:assert/strict";
import { createHost } from "millrace";
import { confirmOrder } from "./tasks.ts";

await using host = createHost({
  tasks: [confirmOrder],
  onLifecycleEvent: ({ event, attempt }) => console.log(`attempt ${attempt}: ${event}`),
});
const task = await host.findTaskByDedupeKey("order.confirm", "o-1");
assert(task, "run enqueue.ts first");

await host.start();
const output = await host.awaitResult(task.id, { timeoutMs: 20_000 });
console.log(output);

const done = await host.readSnapshot(task.id, { includeSteps: true });
console.log(`${done?.state} after ${done?.attempt} attempts, ${done?.failures} of them failed`);
assert.deepEqual(output, { receipt: "receipt of o-1" });
assert.equal(done?.attempt, 2);
