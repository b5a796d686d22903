import { createTaskHost } from "@millrace/engine";
import { createInProcessTaskExecutor } from "@millrace/executor-in-process";
import { defineTask } from "@millrace/models";
import { scheduler } from "@millrace/scheduler";
import { createMemoryTaskStore } from "@millrace/store-memory";

const report = defineTask({ kind: "report", run: () => console.log("a new day") });
const schedules = scheduler({
  schedules: [{ id: "nightly", task: report, times: { cron: "0 2 * * *" }, timeZone: "Europe/Berlin" }],
});
await using host = createTaskHost({
  store: createMemoryTaskStore(),
  executor: createInProcessTaskExecutor(),
  tasks: [report],
  services: [schedules],
});
await host.start();
for (const { id, nextRuns } of await schedules.list({ runs: 1 })) console.log(id, new Date(nextRuns[0] ?? 0));
