import { monitorEventLoopDelay } from "node:perf_hooks";
import type { TaskStore } from "@millrace/models";
import { percentile } from "../harness/statistics.ts";
import type { Figures, Suite, Variant } from "../harness/suite.ts";
import { claimAndSettle, fill, noop, openStore, plainRequest } from "./millrace-parts.ts";

const batch = 200;

/** Enqueue, claim and settle 200 at a time, on top of whatever the store holds already. */
async function costPerTask(store: TaskStore, rounds: number): Promise<Figures> {
  const enqueue: number[] = [];
  const process: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const begun = performance.now();
    await fill(store, batch, () => plainRequest(noop.kind, { priority: 1 }));
    const filled = performance.now();
    const done = await claimAndSettle(store, batch);
    if (done !== batch) throw new Error(`A claim of ${batch} brought ${done}.`);
    enqueue.push(((filled - begun) * 1_000) / batch);
    process.push(((performance.now() - filled) * 1_000) / batch);
  }
  const enqueueUs = percentile(enqueue, 50);
  const processUs = percentile(process, 50);
  return { enqueueUs, processUs, totalUs: enqueueUs + processUs };
}

const empty: Variant = async ({ folder }) => {
  const store = openStore(folder, "normal");
  await fill(store, 2_000);
  while ((await claimAndSettle(store, batch)) > 0);
  const figures = await costPerTask(store, 100);
  await store.close();
  return figures;
};

/** 700,000 due and 300,000 in the future, half of those of a higher priority than everything due. */
const queued: Variant = async ({ folder, scale }) => {
  const store = openStore(folder, "normal");
  const count = Math.round(1_000_000 * scale);
  await fill(store, count, (n) =>
    plainRequest(noop.kind, n % 10 < 3 ? { delayMs: 86_400_000, priority: n % 2 === 0 ? 5 : 0 } : {}),
  );
  await claimAndSettle(store, batch);
  const figures = { ...(await reads(store, "queued")), ...(await costPerTask(store, 100)) };
  await store.close();
  return figures;
};

const finished: Variant = async ({ folder, scale }) => {
  const store = openStore(folder, "normal");
  const count = Math.round(1_000_000 * scale);
  for (let made = 0; made < count; made += 10_000) {
    await fill(store, 10_000);
    while ((await claimAndSettle(store, 500)) > 0);
  }
  const figures = { ...(await reads(store, "succeeded")), ...(await costPerTask(store, 100)) };
  await store.close();
  return figures;
};

/** What a person's screen asks for, and how long the host's event loop stood still meanwhile. */
async function reads(store: TaskStore, status: "queued" | "succeeded"): Promise<Figures> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  await store.read({ limit: 60 });
  delay.enable();
  const listMs = await medianMs(() => store.read({ limit: 60 }));
  const filteredMs = await medianMs(() => store.read({ limit: 60, kinds: [noop.kind], statuses: [status] }));
  const aggregateMs = await medianMs(() => store.aggregate({}));
  let after: string | undefined;
  for (let page = 0; page < 50; page += 1) {
    await turn();
    const { next } = await store.read({ limit: 60, ...(after === undefined ? {} : { after }) });
    after = next ?? undefined;
  }
  const deep = after;
  const keysetMs = await medianMs(() => store.read({ limit: 60, ...(deep === undefined ? {} : { after: deep }) }));
  delay.disable();
  return { listMs, filteredMs, aggregateMs, keysetMs, longestBlockMs: delay.max / 1e6 };
}

async function medianMs(read: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let sample = 0; sample < 40; sample += 1) {
    // Each read in a turn of its own: how long the loop stands still is then told by the longest of them.
    await turn();
    const begun = performance.now();
    await read();
    times.push(performance.now() - begun);
  }
  return percentile(times, 50);
}

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}

const within = (variant: string) => ({
  label: `cost per task, ${variant}, against the empty store`,
  of: `${variant}.totalUs`,
  per: "empty.totalUs",
  atMost: 1.5,
});
const readTargets = (variant: string) =>
  (["listMs", "filteredMs", "aggregateMs", "keysetMs"] as const)
    .map((figure) => ({ label: `${variant}: ${figure}`, of: `${variant}.${figure}`, atMost: 5 }) as const)
    .concat([
      {
        label: `${variant}: longest block of the event loop, ms`,
        of: `${variant}.longestBlockMs`,
        atMost: 20,
      } as never,
    ]);

export const growthSuite: Suite = {
  name: "growth",
  title: "SQLite: cost per task and of reads as the store grows",
  method:
    "NORMAL, 200 a call, median of 100 calls, store alone: enqueue + claim + settle of tasks that come first in order, over an empty store, over " +
    "1,000,000 queued ones (300,000 of them in the future) and over 1,000,000 finished ones. Reads: median of 40, page of 60.",
  variants: { empty, "1M queued": queued, "1M finished": finished },
  targets: [within("1M queued"), within("1M finished"), ...readTargets("1M queued"), ...readTargets("1M finished")],
};
