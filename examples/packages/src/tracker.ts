import { createTaskLiveHub } from "@millrace/live";
import { createMemoryTaskStore } from "@millrace/store-memory";
import { createTaskLiveTracker } from "@millrace/tracker";

const hub = createTaskLiveHub(createMemoryTaskStore()); // here; elsewhere sseConnection or socketConnection brings the messages
const tracker = createTaskLiveTracker();
tracker.onChange(() =>
  console.log(tracker.getState().snapshots.map(({ state, progress }) => [state, progress.percent])),
);
const subscription = await hub.subscribe({ kinds: ["report.generate"] }, (message) => tracker.apply(message));
subscription.close();
await hub.close();
