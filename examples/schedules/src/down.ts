import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { createMemoryTaskStore } from "@millrace/store-memory";
import { createHost, defineTask, scheduler } from "millrace";

const store = createMemoryTaskStore();
const sync = defineTask({ kind: "sync", run: () => null });

// #region policies
const schedules = () =>
  scheduler({
    graceMs: 100, // a minute unless you say otherwise: later than this is late
    schedules: [
      { id: "skipped", task: sync, times: { every: { ms: 150 } }, catchUp: "skip" },
      { id: "latest", task: sync, times: { every: { ms: 150 } }, catchUp: "latest" },
      { id: "all", task: sync, times: { every: { ms: 150 } }, catchUp: "all", overlap: "queue" },
    ],
  });
// #endregion

const first = createHost({ store, tasks: [sync], services: [schedules()] });
await first.start();
await first.stop();
await sleep(1_000); // nobody is there

// #region look
const own = schedules();
await using host = createHost({ store, tasks: [sync], services: [own] });
await host.start();
await sleep(500);
const { occurrences: unmet } = await own.unmet({ limit: 100 });
for (const { scheduleId, outcome, reason, count } of unmet) console.log(scheduleId, outcome, reason, count);
// #endregion
const outcomes = (id: string): readonly string[] =>
  unmet.filter(({ scheduleId }) => scheduleId === id).map(({ outcome }) => outcome);
assert.ok(outcomes("skipped").includes("missed"));
assert.ok(outcomes("latest").includes("missed"));
assert.ok(outcomes("all").includes("late"));
assert.ok(!outcomes("all").includes("missed"));
