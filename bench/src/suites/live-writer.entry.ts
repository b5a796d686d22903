// Makes so many events a second in a process of its own, in the life of tasks: each is enqueued, claimed, started, told of once
// and ended, which is five events. Then says how many there were.
import type { LeasedReport, LeasedSettlement, TaskRecord, TaskStore } from "@millrace/models";
import { channelOf, openLiveStore } from "./live-parts.ts";
import { plainRequest } from "./millrace-parts.ts";

const [place = "", perSecond = "0", seconds = "0", channels = "1"] = process.argv.slice(2);
const eventsPerTask = 5;
const beatMs = 100;

const store = openLiveStore(place);
await run(store, Math.round((Number(perSecond) * beatMs) / 1_000 / eventsPerTask), (Number(seconds) * 1_000) / beatMs);
await store.close();

async function run(to: TaskStore, perBeat: number, beats: number): Promise<void> {
  let made = 0;
  const begun = performance.now();
  for (let beat = 0; beat < beats; beat += 1) {
    const requests = Array.from({ length: perBeat }, () =>
      plainRequest("live", { channels: [channelOf(made++ % Number(channels))] }),
    );
    await to.enqueue(requests.map((request) => ({ tasks: [request] })));
    await work(to, perBeat);
    const nextAt = begun + (beat + 1) * beatMs;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, nextAt - performance.now())));
  }
  process.send?.({ tasks: made, events: made * eventsPerTask, seconds: (performance.now() - begun) / 1_000 });
}

async function work(to: TaskStore, count: number): Promise<void> {
  const kinds = [{ kind: "live", slots: count }];
  const { tasks } = await to.claim({ hostId: "writer", kinds, limit: count, leaseMs: 60_000, suspects: "include" });
  if (tasks.length !== count) throw new Error(`${tasks.length} of ${count} tasks were claimed.`);
  const leases = tasks.map(({ task }) => leaseOf(task));
  await to.report(leases.map((lease): LeasedReport => ({ ...lease, started: true, progress: { percent: 50 } })));
  await to.settle(
    leases.map((lease): LeasedSettlement => ({
      ...lease,
      started: true,
      settlement: { type: "succeed", output: "1" },
    })),
  );
}

function leaseOf({ id, attempt, leaseToken }: TaskRecord) {
  return { taskId: id, attempt, leaseToken: leaseToken ?? "" };
}
