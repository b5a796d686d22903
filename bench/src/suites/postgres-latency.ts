import { setTimeout as pause } from "node:timers/promises";
import { percentile } from "../harness/statistics.ts";
import type { Figures, Suite, Variant } from "../harness/suite.ts";
import { type SystemName, systems } from "../systems/all-systems.ts";
import { payload } from "../systems/queue-system.ts";
import { openRawTransactions } from "./raw-postgres.ts";

const warmUpTasks = 2_000;
const samplesAt = (scale: number): number => Math.round(300 * scale);
const pauseMs = (sample: number): number => 10 + (sample % 30);

/** Does something now and again on an idle machine; `once` answers when it was over. */
async function measure(scale: number, once: (sample: number) => Promise<number>): Promise<Figures> {
  const times: number[] = [];
  for (let sample = 0; sample < samplesAt(scale); sample += 1) {
    await pause(pauseMs(sample));
    const begun = performance.now();
    times.push((await once(sample)) - begun);
  }
  return { p50Ms: percentile(times, 50), p99Ms: percentile(times, 99) };
}

/** An idle queue: from the call that enqueues, on other connections than the worker's, to the first line of the handler. */
const idle =
  (name: SystemName): Variant =>
  async ({ folder, scale, postgresUrl }) => {
    const { address, remove } = await systems[name].prepare({ postgresUrl, folder });
    const [worker, caller] = [await systems[name].open(address), await systems[name].open(address)];
    let started = Promise.withResolvers<number>();
    await worker.work(10, () => started.resolve(performance.now()));
    // A service that has been at work for a moment: its code is compiled.
    for (let n = 0; n < warmUpTasks; n += 1) await caller.enqueue(n);
    while (!(await caller.isDrained())) await pause(20);
    const figures = await measure(scale, async (sample) => {
      started = Promise.withResolvers<number>();
      await caller.enqueue(sample);
      return started.promise;
    });
    await remove();
    return figures;
  };

/** What an idle machine takes for a transaction that writes the rows of an enqueue. */
const idleTransaction: Variant = async ({ folder, scale, postgresUrl }) => {
  const { remove } = await systems.millrace.prepare({ postgresUrl, folder });
  const raw = await openRawTransactions(postgresUrl);
  for (let n = 0; n < warmUpTasks; n += 1) await raw.insert(payload(n));
  const figures = await measure(scale, async (sample) => {
    await raw.insert(payload(sample));
    return performance.now();
  });
  await raw.end();
  await remove();
  return figures;
};

export const postgresLatencySuite: Suite = {
  name: "postgres-latency",
  title: "Postgres: idle enqueue to handler start",
  method:
    "300 samples, 10–39 ms apart, after 2,000 jobs so that code is compiled; worker and caller in one process that share nothing but the database, so that the worker hears of " +
    "the job by NOTIFY (or by what the peer has instead). One raw transaction at the same pauses tells what the machine itself takes: a start is two durable ones, " +
    "one behind the other, and the word between them.",
  needsPostgres: true,
  variants: {
    millrace: idle("millrace"),
    "one raw transaction": idleTransaction,
    graphile: idle("graphileDefault"),
    "pg-boss": idle("pgBossBatch"),
    "bullmq redis": idle("bullmqRedis"),
  },
  targets: [
    { label: "p50, ms", of: "millrace.p50Ms", atMost: 3 },
    { label: "p99, ms", of: "millrace.p99Ms", atMost: 10 },
  ],
};
