import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { createTaskClient, createTaskStore, defineTask } from "millrace";
import { createRenderHost, render } from "./render-host.ts";

const store = createTaskStore({ driver: "sqlite", sqlite: { path: ".millrace/tasks.sqlite" } });
const print = defineTask({ kind: "page.print", run: () => "printed" });
const client = createTaskClient({ store, tasks: [render, print] });
const { task } = await client.enqueue(render, { page: 1 });

// A process that dies in the middle of its task.
const killed = fork(new URL("./killed-host.entry.ts", import.meta.url));
await new Promise((resolve) => killed.once("message", resolve));
killed.kill("SIGKILL");
await new Promise((resolve) => killed.once("exit", resolve));

// #region next
const killedAt = performance.now();
await using host = createRenderHost();
await host.start(); // takes what the host before it held, whose leases would have lasted half a minute
console.log(await host.awaitResult(task.id)); // page 1, attempt 2
const tookMs = performance.now() - killedAt;
// #endregion
assert.ok(tookMs < 28_000, `it took ${tookMs} ms`);

// #region list
for (const { hostId, podId, version, supersededBy } of await host.listHosts()) {
  console.log(hostId === host.id, podId, version, supersededBy === host.id);
}
// true render-0 2.4.0 false
// false render-0 2.4.0 true
// #endregion
const hosts = await host.listHosts();
assert.deepEqual(
  hosts.map(({ supersededBy }) => supersededBy),
  [null, host.id],
);

// #region unserved
await client.enqueue(print, undefined); // no host has this task
const [kind] = await client.listUnservedKinds();
console.log(kind?.kind, kind?.queued); // page.print 1
// #endregion
assert.deepEqual([kind?.kind, kind?.queued], ["page.print", 1]);
await store.close();
