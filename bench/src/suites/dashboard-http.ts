import { fork } from "node:child_process";
import { once } from "node:events";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { Worker } from "node:worker_threads";
import { calmest, calmPercent } from "../harness/calmest.ts";
import { percentile } from "../harness/statistics.ts";
import type { Figures, Suite, Variant, VariantPlace } from "../harness/suite.ts";
import { openDashboard, openShop, type DashboardPlace } from "./dashboard-http-parts.ts";

const samples = 100;
const blockResolutionMs = 1;
/** A question is asked anew while neighbours of the machine are busy: filling takes too long for that. */
const triesOfQuestion = 6;
/** What was filled is written out, vacuumed, and no news any more before anybody looks. */
const restMs = 130_000;

const millionTasks: Variant = async ({ folder, postgresUrl, scale }: VariantPlace) => {
  await fill([folder, postgresUrl, String(Math.round(1_000_000 * scale))]);
  await pause(restMs);
  const store = openShop(folder, postgresUrl);
  const place = await openDashboard(store);
  const idle = new Worker(new URL("./idle-loop.entry.ts", import.meta.url), { workerData: blockResolutionMs });
  const figures: Record<string, number> = {};
  for (const [name, path] of Object.entries(place.questions)) {
    const { value, takenPercent } = await calmest(
      async () => {
        await blockOf(idle);
        return { ...(await asked(place, name, path)), [`${name}IdleBlockMs`]: await blockOf(idle) };
      },
      { tries: triesOfQuestion },
    );
    Object.assign(figures, value, { [`${name}TakenPercent`]: takenPercent ?? 0 });
  }
  await idle.terminate();
  await store.close();
  return figures;
};

/** Fills in a process of its own, so that what filling leaves behind does not count. */
async function fill(args: readonly string[]): Promise<void> {
  const child = fork(new URL("./fill-shop.entry.ts", import.meta.url), [...args]);
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error(`filling ended with ${code}`);
}

/** Each question in a turn of its own: how long the loop stands still is then told by the longest of them. */
async function asked({ handler }: DashboardPlace, name: string, path: string): Promise<Figures> {
  const times: number[] = [];
  const ask = async (): Promise<void> => {
    const from = performance.now();
    const answer = await handler(new Request(`http://bench.local${path}`));
    const text = await answer.text();
    times.push(performance.now() - from);
    if (answer.status !== 200) throw new Error(`${path} was answered with ${answer.status}: ${text.slice(0, 500)}`);
  };
  for (let n = 0; n < 3; n += 1) await ask();
  times.length = 0;
  const block = monitorEventLoopDelay({ resolution: blockResolutionMs });
  block.enable();
  const busiest = busiestTurn();
  for (let n = 0; n < samples; n += 1) {
    await pause(5);
    await ask();
  }
  block.disable();
  return {
    [`${name}P50Ms`]: percentile(times, 50),
    [`${name}P95Ms`]: percentile(times, 95),
    [`${name}BlockMs`]: block.max / 1e6,
    [`${name}BusyMs`]: busiest(),
  };
}

/** The longest that the loop of the idle thread was held up since it was last asked. */
async function blockOf(idle: Worker): Promise<number> {
  idle.postMessage(null);
  const [blockMs] = (await once(idle, "message")) as [number];
  return blockMs;
}

/** How much of a core the thread has used, at most, from one turn of its loop to the next: a block that is not the machine's. */
function busiestTurn(): () => number {
  let before = process.threadCpuUsage();
  let most = 0;
  const timer = setInterval(() => {
    const { user, system } = process.threadCpuUsage(before);
    before = process.threadCpuUsage();
    most = Math.max(most, (user + system) / 1_000);
  }, blockResolutionMs);
  return () => {
    clearInterval(timer);
    return most;
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

const judged = {
  first: "first page",
  filtered: "filtered page",
  byId: "search by id",
  byTag: "search by indexed tag",
  overview: "overview",
} as const;
const variants = { "1M tasks": millionTasks };
const targets = Object.entries(judged).flatMap(([name, what]) => [
  { label: `${what}, p95 at the server, ms`, of: `1M tasks.${name}P95Ms`, atMost: 50 },
  { label: `${what}, longest block of the event loop, ms`, of: `1M tasks.${name}BlockMs`, atMost: 20 },
  { label: `${what}, longest turn of the event loop, ms of a core`, of: `1M tasks.${name}BusyMs`, atMost: 20 },
]);
const method =
  "1,000,000 tasks of ten kinds, 950,000 of them ended (one in twenty failed), every tenth with a tag. Over the handler of @millrace/http in a process that has just opened the " +
  "store, two minutes after it was filled, from the request to the last byte of the answer: pages of 60, 100 requests each; the overview of 24 h by a clock that stands a second later at every look, so that none comes from its cache. Block: the " +
  "longest that the process's event loop stood still meanwhile. Busy: the most of a core that its thread used in one turn of the loop; what a block has " +
  "beyond that was spent waiting, for the disk or for a core. Idle block: the longest that a thread which does nothing was held up at the same time, " +
  `which is the machine's own. Taken: what neighbours had of the machine meanwhile; a question with more than ${calmPercent} % was asked anew, up to ` +
  `${triesOfQuestion} times, and the calmest counts.`;

export const dashboardHttpSuite: Suite = {
  name: "dashboard-http",
  title: "What a dashboard asks, over SQLite",
  method,
  variants,
  targets,
};

export const postgresDashboardHttpSuite: Suite = {
  name: "postgres-dashboard-http",
  title: "What a dashboard asks, over Postgres",
  method,
  variants,
  targets,
  needsPostgres: true,
};
