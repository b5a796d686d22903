import { createTaskHost } from "@millrace/engine";
import { createInProcessTaskExecutor } from "@millrace/executor-in-process";
import { retention, watchdog } from "@millrace/maintenance";
import { createMemoryTaskStore } from "@millrace/store-memory";

const dayMs = 24 * 3_600_000;
await using host = createTaskHost({
  store: createMemoryTaskStore(),
  executor: createInProcessTaskExecutor(),
  services: [
    retention({ successTtlMs: dayMs, failedTtlMs: 14 * dayMs, stepLimitPerTask: 200 }),
    watchdog({ watchdogMs: 60_000, onStale: ({ kind, id }) => console.warn(`${kind} ${id} has fallen silent`) }),
  ],
});
await host.start();
