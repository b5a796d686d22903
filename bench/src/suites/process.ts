import { copyFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { createTaskHost } from "@millrace/engine";
import { createInProcessTaskExecutor } from "@millrace/executor-in-process";
import { defineTask, type TaskStore } from "@millrace/models";
import { createSqliteTaskStore } from "@millrace/store-sqlite";
import { defineWorker, JobStatus } from "plainjob";
import type { Figures, Suite, Variant } from "../harness/suite.ts";
import { assertSucceeded, type Durability, fill, noop, openStore, payload } from "./millrace-parts.ts";
import { openPlainjob, quietLogger } from "./plainjob-parts.ts";
import { recordCalls, replayCalls } from "./recorded-database.ts";

const concurrency = 10;
/** As many for the raw loop: a table that outgrows the cache costs it as much. */
const backlog = 60_000;
/**
 * How many tasks are stored, and how many of them run before the clock does: as many as after it. Of the first thirty thousand a host's
 * thread needs twice the time for each, as long as compilers are at work.
 */
interface Amount {
  readonly all: number;
  readonly before: number;
}

function amountOf(measured: number): Amount {
  return { all: measured * 2, before: measured };
}

/**
 * Runs a stored backlog through a host; the clock runs from the start of the first handler after the warm-up until the store counts all
 * as succeeded.
 */
async function processBacklog(store: TaskStore, { all, before }: Amount, onBegin = (): void => {}): Promise<number> {
  let begun = 0;
  let ran = 0;
  const allRan = Promise.withResolvers<null>();
  const task = defineTask({
    kind: noop.kind,
    run: (_input: unknown) => {
      if (ran === before) {
        begun = performance.now();
        onBegin();
      }
      if (++ran === all) allRan.resolve(null);
      return null;
    },
  });
  const host = createTaskHost({
    store,
    executor: createInProcessTaskExecutor(),
    tasks: [task],
    runner: { concurrency },
  });
  await host.start();
  await allRan.promise;
  let stored = 0;
  while (stored < all) {
    await new Promise((resolve) => setImmediate(resolve));
    const { byStatus } = await store.aggregate({});
    stored = byStatus.succeeded.count;
  }
  const ended = performance.now();
  await assertSucceeded(store, all);
  await host.stop();
  return (ended - begun) / 1_000;
}

const millrace =
  (durability: Durability): Variant =>
  async ({ folder, scale }) => {
    const count = Math.round(backlog * scale);
    const amount = amountOf(count);
    const filling = openStore(folder, durability);
    await fill(filling, amount.all);
    await filling.close();
    const store = openStore(folder, durability);
    const seconds = await processBacklog(store, amount);
    await store.close();
    return perTask(count, seconds);
  };

const plainjob =
  (durability: Durability): Variant =>
  async ({ folder, scale }) => {
    const count = Math.round((durability === "full" ? 10_000 : 30_000) * scale);
    const { all, before } = amountOf(count);
    const queue = openPlainjob(folder, durability);
    queue.addMany(
      "noop",
      Array.from({ length: all }, (_, n) => payload(n)),
    );
    let begun = 0;
    let ran = 0;
    let done = 0;
    const drained = Promise.withResolvers<number>();
    const run = (): void => {
      if (ran++ === before) begun = performance.now();
    };
    const worker = defineWorker("noop", run, {
      queue,
      logger: quietLogger,
      onCompleted: () => {
        if (++done === all) drained.resolve(performance.now());
      },
    });
    void worker.start();
    const seconds = ((await drained.promise) - begun) / 1_000;
    await worker.stop();
    const stored = queue.countJobs({ status: JobStatus.Done });
    if (stored !== all) throw new Error(`plainjob stored ${stored} of ${all} jobs as done.`);
    return perTask(count, seconds);
  };

/** The same statements with the same values, without Millrace. */
const raw =
  (durability: Durability): Variant =>
  async ({ folder, scale }) => {
    const count = Math.round(backlog * scale);
    const amount = amountOf(count);
    const filling = openStore(folder, durability);
    await fill(filling, amount.all);
    await filling.close();
    const path = join(folder, "tasks.sqlite");
    const copy = join(folder, "copy.sqlite");
    copyFileSync(path, copy);
    const database = new Database(path);
    const calls = recordCalls(database);
    const store = createSqliteTaskStore({ database, relaxedDurability: durability === "normal" });
    await store.get([]);
    await store.kinds();
    calls.length = 0;
    let before = 0;
    await processBacklog(store, amount, () => (before = calls.length));
    await store.close();
    const bare = new Database(copy);
    bare.pragma("journal_mode = WAL");
    bare.pragma(`synchronous = ${durability === "full" ? "FULL" : "NORMAL"}`);
    bare.pragma("cache_size = -16384");
    bare.pragma("busy_timeout = 0");
    const seconds = replayCalls(bare, calls, before);
    return { ...perTask(count, seconds), statementsPerTask: (calls.length - before) / count };
  };

function perTask(count: number, seconds: number): Figures {
  return { perSecond: count / seconds, usPerTask: (seconds * 1e6) / count };
}

export const processSuite: Suite = {
  name: "process",
  title: "SQLite: a backlog of no-op tasks, claimed, run and settled",
  method:
    "Journal, counters and list indexes on; 60,000 tasks of about 110 bytes, concurrency 10, handlers in-process; after as many " +
    "to warm up in every variant, from a handler's start to the last success the store confirmed, and the store's own count is checked. plainjob runs one job at a time by " +
    "design, with its own settings (NORMAL) and with FULL. “raw” runs the very statements of a Millrace run with their values on bare better-sqlite3.",
  variants: {
    "plainjob FULL": plainjob("full"),
    "millrace FULL": millrace("full"),
    "raw FULL": raw("full"),
    "plainjob NORMAL": plainjob("normal"),
    "millrace NORMAL": millrace("normal"),
    "raw NORMAL": raw("normal"),
  },
  targets: [
    {
      label: "FULL against plainjob FULL",
      of: "millrace FULL.perSecond",
      per: "plainjob FULL.perSecond",
      atLeast: 12,
      goal: 20,
    },
    {
      label: "NORMAL against plainjob NORMAL",
      of: "millrace NORMAL.perSecond",
      per: "plainjob NORMAL.perSecond",
      atLeast: 3.5,
      goal: 6,
    },
    { label: "FULL against the raw loop", of: "millrace FULL.perSecond", per: "raw FULL.perSecond", atLeast: 0.6 },
    {
      label: "NORMAL against the raw loop",
      of: "millrace NORMAL.perSecond",
      per: "raw NORMAL.perSecond",
      atLeast: 0.6,
    },
  ],
};
