import { setTimeout as pause } from "node:timers/promises";
import { percentile } from "../harness/statistics.ts";
import type { Suite, Variant } from "../harness/suite.ts";
import { type SystemName, systems } from "../systems/all-systems.ts";

/** An idle queue: from the call that enqueues, on other connections than the worker's, to the first line of the handler. */
const idle =
  (name: SystemName): Variant =>
  async ({ folder, scale, postgresUrl }) => {
    const { address, remove } = await systems[name].prepare({ postgresUrl, folder });
    const [worker, caller] = [await systems[name].open(address), await systems[name].open(address)];
    let started = Promise.withResolvers<number>();
    await worker.work(10, () => started.resolve(performance.now()));
    // A service that has been at work for a moment: its code is compiled.
    for (let n = 0; n < 2_000; n += 1) await caller.enqueue(n);
    while (!(await caller.isDrained())) await pause(20);
    const times: number[] = [];
    const samples = Math.round(300 * scale);
    for (let sample = 0; sample < samples; sample += 1) {
      await pause(10 + (sample % 30));
      started = Promise.withResolvers<number>();
      const begun = performance.now();
      await caller.enqueue(sample);
      times.push((await started.promise) - begun);
    }
    await remove();
    return { p50Ms: percentile(times, 50), p99Ms: percentile(times, 99) };
  };

export const postgresLatencySuite: Suite = {
  name: "postgres-latency",
  title: "Postgres: idle enqueue to handler start",
  method:
    "300 samples, 10–39 ms apart, after 2,000 jobs so that code is compiled; worker and caller in one process that share nothing but the database, so that the worker hears of " +
    "the job by NOTIFY (or by what the peer has instead).",
  needsPostgres: true,
  variants: {
    millrace: idle("millrace"),
    graphile: idle("graphileDefault"),
    "pg-boss": idle("pgBossBatch"),
    "bullmq redis": idle("bullmqRedis"),
  },
  targets: [
    { label: "p50, ms", of: "millrace.p50Ms", atMost: 3 },
    { label: "p99, ms", of: "millrace.p99Ms", atMost: 10 },
  ],
};
