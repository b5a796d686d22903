import assert from "node:assert/strict";
import { createTaskLiveHub, type TaskLiveMessage, type TaskSnapshot } from "millrace";
import { openResizingHost, resize } from "./resizing-host.ts";

await using opened = await openResizingHost();
const { host } = opened;

// #region hub
const hub = createTaskLiveHub(host); // or on a store, in a process that runs no tasks
const view = new Map<string, TaskSnapshot>();
const subscription = await hub.subscribe({ kinds: ["image.resize"] }, (message) => {
  show(message);
});
// #endregion

// #region show
/** Brings the view up to what a message tells. */
function show(message: TaskLiveMessage): void {
  if (message.type === "bootstrap") {
    view.clear();
    for (const snapshot of message.snapshots) view.set(snapshot.id, snapshot);
  } else if (message.type === "event") {
    const { taskId, snapshot } = message.event;
    if (!message.matches || !snapshot) view.delete(taskId);
    else if (snapshot.version > (view.get(taskId)?.version ?? 0)) view.set(taskId, snapshot);
  }
}
// #endregion

await host.start();
const third = await host.enqueue(resize, { n: 3 });
const ids = [...view.keys(), third.task.id];
await Promise.all(ids.map((id) => host.awaitResult(id, { timeoutMs: 10_000 })));
const isShown = (): boolean => ids.every((id) => view.get(id)?.state === "succeeded");
for (const end = Date.now() + 10_000; !isShown() && Date.now() < end;)
  await new Promise((next) => setTimeout(next, 10));
assert(isShown(), "the view shows what has happened");
// A snapshot may be ahead of the event it came with: what is shown may still have to be told.
const end = await hub.bootstrap({ kinds: ["image.resize"] });
while (subscription.cursor !== end.cursor) await new Promise((next) => setTimeout(next, 10));

// #region resume
// A reader that was away names its place and gets what it missed, here or at another process.
const { cursor } = subscription;
subscription.close();
await host.enqueue(resize, { n: 4 });
const missed: string[] = [];
if (cursor !== null) {
  await hub.subscribe(
    { kinds: ["image.resize"] },
    (message) => {
      if (message.type === "event") missed.push(message.event.event);
    },
    { after: cursor },
  );
}
// #endregion
assert.equal(missed[0], "enqueued");

// #region authorize
interface Person {
  readonly company: string;
  readonly sessionEndsAt: number;
}
const guarded = createTaskLiveHub<Person>(host, {
  authorize: ({ principal }) => ({ scope: { tenantId: principal.company }, expiresAt: principal.sessionEndsAt }),
});
const principal: Person = { company: "acme", sessionEndsAt: Date.now() + 3_600_000 };
const { snapshots } = await guarded.bootstrap({}, { principal });
console.log(snapshots.length); // 0: the tasks above are nobody's
// #endregion
assert.equal(snapshots.length, 0);
await guarded.close();
await hub.close();
