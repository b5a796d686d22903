import { createTaskHost } from "@millrace/engine";
import { createInProcessTaskExecutor } from "@millrace/executor-in-process";
import type { ScheduleAsk, TaskService } from "@millrace/models";
import { openScheduleStore, tick } from "./schedule-parts.ts";

// Puts so many schedules into a store and ends: the memory it takes is nobody else's.
const [folder = "", postgresUrl = "", count] = process.argv.slice(2);

const filled: TaskService = {
  name: "filled",
  async start(port) {
    const facet = port.facet("schedules");
    const request = await port.requests.make({ kind: tick.kind, input: { n: 1 } });
    const rules = [{ type: "cron", expression: "0 0 1 1 *" }];
    const ask = (n: number): ScheduleAsk => ({
      mode: "add",
      tenantId: "",
      scheduleId: `yearly-${n}`,
      origin: { type: "run-time", source: "" },
      times: { zone: "Europe/Berlin", rules, startAt: null, endAt: null },
      policy: { catchUp: "latest", overlap: "skip", jitterMs: 0 },
      request,
    });
    for (let at = 0; at < Number(count); at += 500) {
      await facet.put(Array.from({ length: Math.min(500, Number(count) - at) }, (_, n) => ask(at + n)));
    }
  },
};

const host = createTaskHost({
  store: openScheduleStore({ folder, postgresUrl }),
  executor: createInProcessTaskExecutor(),
  tasks: [tick],
  services: [filled],
});
await host.start();
await host.stop();
process.exit(0);
