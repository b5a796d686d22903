import assert from "node:assert/strict";
import { createMemoryTaskStore } from "@millrace/store-memory";
import { createHost, defineTask, nextOccurrences, scheduler } from "millrace";

const beats = Promise.withResolvers<number>();
let count = 0;
const heartbeat = defineTask({
  kind: "heartbeat",
  run(_input, { task }) {
    count += 1;
    if (count === 3) beats.resolve(Number(task.metadata["scheduledFor"]));
  },
});
const invoice = defineTask({ kind: "invoice.sweep", run: (input: { readonly region: string }) => input.region });

// #region code
const schedules = scheduler({
  schedules: [
    { id: "heartbeat", task: heartbeat, times: { every: { ms: 200 } } },
    {
      id: "invoice-sweep",
      task: invoice,
      input: { region: "eu" },
      times: [{ cron: "0 6 * * MON-FRI" }, { cron: "0 12 L * *" }],
      timeZone: "Europe/Berlin",
      jitterMs: 60_000,
      options: { priority: 5, tags: ["billing"] },
    },
  ],
});
await using host = createHost({ store: createMemoryTaskStore(), tasks: [heartbeat, invoice], services: [schedules] });
await host.start();
// #endregion
console.log("the third heartbeat was one of", new Date(await beats.promise).toISOString());

// #region run-time
await schedules.add({ id: "reminder", task: invoice, input: { region: "us" }, times: { at: Date.now() + 3_600_000 } });
await schedules.pause("invoice-sweep", { by: "ann", why: "end of the month" });
await schedules.runNow("invoice-sweep", { input: { region: "ch" } });
await schedules.skipNext("heartbeat");
for (const { id, origin, paused, nextRuns } of await schedules.list({ runs: 3 })) {
  console.log(id, origin.type, paused?.by ?? "", nextRuns.map((at) => new Date(at).toISOString()).join(" "));
}
await schedules.resume("invoice-sweep");
await schedules.remove("reminder");
// #endregion
assert.equal((await schedules.list()).length, 2);

// #region dst
// New York puts its clocks back on 1 November 2026, and forward on 14 March 2027.
const options = { after: Date.parse("2026-11-01T00:00:00-04:00"), count: 3 };
const nightly = nextOccurrences({ times: { cron: "30 1 * * *" }, timeZone: "America/New_York" }, options);
const hourly = nextOccurrences({ times: { cron: "30 * * * *" }, timeZone: "America/New_York" }, options);
// #endregion
assert.deepEqual(
  [nightly[0], hourly[1], hourly[2]].map((at) => new Date(at ?? 0).toISOString()),
  ["2026-11-01T05:30:00.000Z", "2026-11-01T05:30:00.000Z", "2026-11-01T06:30:00.000Z"],
);
