import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import Database from "better-sqlite3";
import { createTaskHost } from "@millrace/engine";
import { createInProcessTaskExecutor } from "@millrace/executor-in-process";
import { defineTask } from "@millrace/models";
import { percentile } from "../harness/statistics.ts";
import type { Suite, Variant } from "../harness/suite.ts";
import { type Durability, openStore, payload } from "./millrace-parts.ts";

/** An idle host in this process: from the call of `enqueue` to the first line of the handler. */
const millrace =
  (durability: Durability): Variant =>
  async ({ folder, scale }) => {
    const store = openStore(folder, durability);
    let started = Promise.withResolvers<number>();
    const task = defineTask({
      kind: "bench.idle",
      run: (_input: unknown) => {
        started.resolve(performance.now());
        return null;
      },
    });
    const host = createTaskHost({ store, executor: createInProcessTaskExecutor(), tasks: [task] });
    await host.start();
    // A service that has been at work for a moment: its code is compiled.
    await Promise.all(Array.from({ length: 500 }, (_, n) => host.enqueue(task, payload(n))));
    await pause(500);
    const times: number[] = [];
    const samples = Math.round(150 * scale) + 20;
    for (let sample = 0; sample < samples; sample += 1) {
      await pause(10 + (sample % 30));
      started = Promise.withResolvers<number>();
      const begun = performance.now();
      await host.enqueue(task, payload(sample));
      const ms = (await started.promise) - begun;
      if (sample >= 20) times.push(ms);
    }
    await host.stop();
    await store.close();
    return { p50Ms: percentile(times, 50), p99Ms: percentile(times, 99) };
  };

/** What one commit of one row costs here, on the same file settings. */
const rawCommit =
  (durability: Durability): Variant =>
  async ({ folder }) => {
    const database = new Database(join(folder, "raw.sqlite"));
    database.pragma("journal_mode = WAL");
    database.pragma(`synchronous = ${durability === "full" ? "FULL" : "NORMAL"}`);
    database.exec("create table t (id integer primary key, text text)");
    const insert = database.prepare("insert into t (text) values (?)");
    const times: number[] = [];
    for (let sample = 0; sample < 170; sample += 1) {
      await pause(10 + (sample % 30));
      const begun = performance.now();
      insert.run("x".repeat(400));
      if (sample >= 20) times.push(performance.now() - begun);
    }
    return { commitMs: percentile(times, 50) };
  };

export const latencySuite: Suite = {
  name: "latency",
  title: "SQLite: idle enqueue to handler start",
  method:
    "150 samples, 10–39 ms apart, host and caller in one process that has run 500 tasks before; beside it the median of a bare commit of one row with the same pauses.",
  variants: {
    "raw FULL": rawCommit("full"),
    "millrace FULL": millrace("full"),
    "millrace NORMAL": millrace("normal"),
  },
  targets: [
    {
      label: "p50 FULL: two raw commits + 1 ms",
      of: "millrace FULL.p50Ms",
      atMost: 1,
      plus: { figure: "raw FULL.commitMs", times: 2 },
    },
    { label: "p50 NORMAL", of: "millrace NORMAL.p50Ms", atMost: 1 },
  ],
};
