import assert from "node:assert/strict";
import { isTaskEvent, type TaskSnapshot } from "millrace";
import { openResizingHost, resize } from "./resizing-host.ts";

await using opened = await openResizingHost();
const { host, store } = opened;

// #region snapshot
// Where everything stands, and the place in the journal at which that is true.
const view = new Map<string, TaskSnapshot>();
const start = await host.bootstrap({ kinds: ["image.resize"] });
for (const snapshot of start.snapshots) view.set(snapshot.id, snapshot);
let cursor = start.cursor;
// #endregion

// #region follow
// Reads what happened since, and brings the view up to it. Doing that twice does no harm: the higher version wins.
async function follow(): Promise<void> {
  for (;;) {
    const page = await store.events(cursor, 500, { kinds: ["image.resize"] });
    cursor = page.cursor;
    if (page.status === "reset") throw new Error(`take a new snapshot: ${page.why}`);
    for (const event of page.events) {
      if (!isTaskEvent(event)) continue;
      if (event.type === "removed") view.delete(event.taskId);
      else if ((view.get(event.taskId)?.version ?? 0) < event.version) {
        const snapshot = await host.getTask(event.taskId);
        if (snapshot) view.set(snapshot.id, snapshot);
      }
    }
    if (!page.more) return;
  }
}
// #endregion

// #region watch
// `watch` is only a hint that there may be more; a slow timer beside it makes sure.
let following = Promise.resolve();
const next = (): void => {
  following = following.then(follow);
};
const unwatch = store.watch(next);
const timer = setInterval(next, 1_000);
// #endregion

await host.start();
const third = await host.enqueue(resize, { n: 3 });
await Promise.all([...view.keys(), third.task.id].map((id) => host.awaitResult(id, { timeoutMs: 10_000 })));
next();
await following;
unwatch();
clearInterval(timer);

console.log([...view.values()].map(({ id, state, version }) => `${id} ${state} v${version}`));
const { snapshots } = await host.listTasks();
const byId = (tasks: readonly TaskSnapshot[]): unknown => tasks.map(({ id, version }) => `${id} ${version}`).toSorted();
assert.deepEqual(byId([...view.values()]), byId(snapshots));
