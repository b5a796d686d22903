import { createTaskLiveHub } from "@millrace/live";
import { createMemoryTaskStore } from "@millrace/store-memory";

const store = createMemoryTaskStore(); // or a host, or a client
const hub = createTaskLiveHub(store);
const subscription = await hub.subscribe({ kinds: ["report.generate"] }, (message) => {
  if (message.type === "bootstrap") console.log(`${message.snapshots.length} reports`);
  if (message.type === "event") console.log(message.event.event, message.event.snapshot?.progress.percent);
});
subscription.close();
await hub.close();
