import { fork } from "node:child_process";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { createTaskLiveHub, type TaskLiveHub, type TaskLiveListener } from "@millrace/live";
import type { Suite, Variant } from "../harness/suite.ts";
import { channelOf, createLiveCount, openLiveStore } from "./live-parts.ts";

const eventsPerSecond = 2_000;
const seconds = 60;
const warmUpSeconds = 15;
const ownViews = 780;
const wholeViews = 20;
const stalledViews = 200;

interface Written {
  readonly tasks: number;
  readonly events: number;
  readonly seconds: number;
}

/** A hub in this process, which runs no tasks, and a writer in another. */
const hubOn =
  (where: "sqlite" | "postgres"): Variant =>
  async ({ folder, scale, postgresUrl }) => {
    const place = where === "postgres" ? postgresUrl : join(folder, "tasks.sqlite");
    const store = openLiveStore(place);
    const hub = createTaskLiveHub(store, { pollIntervalMs: 50 });
    const [own, whole] = [createLiveCount(), createLiveCount()];
    const query = { includeAggregate: false, limit: 10 };
    for (let n = 0; n < ownViews; n += 1) await hub.subscribe({ ...query, channels: [channelOf(n)] }, own.listener());
    for (let n = 0; n < wholeViews; n += 1) await hub.subscribe({ ...query, kinds: ["live"] }, whole.listener());

    const writing = write(place, warmUpSeconds + Math.max(5, seconds * scale));
    await pause(warmUpSeconds * 1_000);
    const before = residentBytes();
    await addStalled(hub);
    const written = await writing;
    for (let waited = 0; waited < 100 && whole.events < written.events * wholeViews; waited += 1) await pause(100);
    const after = residentBytes();
    await hub.close();
    await store.close();
    return {
      eventsPerSecond: written.events / written.seconds,
      told: own.events + whole.events,
      lost: written.events * (1 + wholeViews) - own.events - whole.events,
      outOfOrder: own.outOfOrder + whole.outOfOrder,
      resyncs: own.resyncs + whole.resyncs,
      ownP50Ms: own.delayMs(50),
      ownP99Ms: own.delayMs(99),
      wholeP50Ms: whole.delayMs(50),
      wholeP99Ms: whole.delayMs(99),
      perStalledMiB: Math.max(0, after - before) / stalledViews / 2 ** 20,
    };
  };

/** Half of them take not even their snapshot; the others take that, and then no more. */
async function addStalled(hub: TaskLiveHub): Promise<void> {
  const never = (): Promise<void> => new Promise(() => {});
  for (let n = 0; n < stalledViews; n += 1) {
    const listener: TaskLiveListener = (message) => (n % 2 === 0 && message.type === "bootstrap" ? undefined : never());
    await hub.subscribe({ kinds: ["live"], includeAggregate: false }, listener);
  }
}

function write(place: string, forSeconds: number): Promise<Written> {
  const child = fork(new URL("./live-writer.entry.ts", import.meta.url), [
    place,
    String(eventsPerSecond),
    String(forSeconds),
    String(ownViews),
  ]);
  return new Promise((resolve, reject) => {
    child.once("message", (message) => resolve(message as Written));
    child.once("exit", (code) => reject(new Error(`the writer ended with ${code}`)));
  });
}

function residentBytes(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().rss;
}

const targets = (variant: string): Suite["targets"] => [
  { label: `${variant}: events lost`, of: `${variant}.lost`, atMost: 0 },
  { label: `${variant}: out of order`, of: `${variant}.outOfOrder`, atMost: 0 },
  { label: `${variant}: p99 of own views, ms`, of: `${variant}.ownP99Ms`, atMost: 250 },
  { label: `${variant}: p99 of whole views, ms`, of: `${variant}.wholeP99Ms`, atMost: 250 },
  { label: `${variant}: growth per stalled reader, MiB`, of: `${variant}.perStalledMiB`, atMost: 1 },
  { label: `${variant}: events a second`, of: `${variant}.eventsPerSecond`, atLeast: 1_900 },
];

export const liveSuite: Suite = {
  name: "live",
  title: "Live hub: 1,000 readers of which 200 never read, 2,000 events a second",
  method:
    "The hub stands in a process that runs no tasks; a writer in another lets 400 tasks a second live, five events each, for 75 s. 780 readers " +
    "follow a channel of their own, 20 follow everything, and after 15 s 200 more subscribe to everything and never read: half of them " +
    "not even the snapshot. Delay is from the store's time of the event to the reader's listener. Growth is the resident size, after forced collections, " +
    "before the 200 came and at the end, over 200; it counts whatever else the process has grown by.",
  variants: { sqlite: hubOn("sqlite"), postgres: hubOn("postgres") },
  targets: [...targets("sqlite"), ...targets("postgres")],
  rounds: 1,
  needsPostgres: true,
};
