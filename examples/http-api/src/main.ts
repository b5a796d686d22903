import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createTaskHttpHandler } from "@millrace/http";
import { toNodeListener } from "@millrace/http/node";
import { createHost, defineTask, scheduler } from "millrace";

const charge = defineTask({
  kind: "billing.charge",
  run({ customer }: { customer: string }) {
    if (customer === "cus_7") throw new Error("card declined");
    return "charged";
  },
});
const schedules = scheduler();
await using host = createHost({ tasks: [charge], services: [schedules] });
await host.start();

// #region mount
const handler = createTaskHttpHandler({
  host,
  schedules,
  authorize(request) {
    if (request.headers.get("authorization") !== "Bearer s3cret") return null; // 401
    return { user: "ops@example.com", can: ["read", "enqueue", "retry", "cancel", "add-schedule", "pause-schedule"] };
  },
});
const server = createServer(toNodeListener(handler)).listen(0);
// #endregion
await once(server, "listening");
const url = `http://localhost:${(server.address() as AddressInfo).port}`;

// #region ask
const headers = { authorization: "Bearer s3cret", "content-type": "application/json" };
const body = JSON.stringify({ kind: "billing.charge", input: { customer: "cus_7" } });
const response = await fetch(`${url}/v1/tasks`, { method: "POST", headers, body });
const { task } = (await response.json()) as { task: { id: string } };
// #endregion
await assert.rejects(host.awaitResult(task.id));

// #region find
const query = encodeURIComponent("kind:billing.* state:failed payload.customer:cus_7 age:<24h");
const found = await fetch(`${url}/v1/tasks?q=${query}`, { headers });
const { tasks } = (await found.json()) as { tasks: { id: string; can: string[]; failure: { message: string } }[] };
console.log(tasks[0]?.failure.message, tasks[0]?.can); // card declined [ 'retry' ]
// #endregion
assert.deepEqual([tasks.length, tasks[0]?.can], [1, ["retry"]]);

// #region schedules
const nightly = { id: "nightly", task: "billing.charge", times: { cron: "30 2 * * *" }, timeZone: "Europe/Berlin" };
await fetch(`${url}/v1/schedules`, { method: "POST", headers, body: JSON.stringify(nightly) });
const pause = { method: "POST", headers, body: JSON.stringify({ why: "end of the month" }) };
const paused = await fetch(`${url}/v1/schedules/nightly/pause`, pause);
// #endregion
const schedule = (await paused.json()) as { paused: { by: string; why: string }; nextRuns: number[] };
assert.deepEqual([schedule.paused.by, schedule.nextRuns.length], ["ops@example.com", 5]);

const refused = await fetch(`${url}/v1/tasks/${task.id}`, { method: "DELETE", headers });
assert.equal(refused.status, 403);
assert.equal((await fetch(`${url}/v1/tasks`)).status, 401);
server.close();
server.closeAllConnections();
