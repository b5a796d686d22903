import { createTaskHost, type TaskHost } from "@millrace/engine";
import { createInProcessTaskExecutor } from "@millrace/executor-in-process";
import { scheduler } from "@millrace/scheduler";
import { type DatabaseAddress, openStore } from "../database/database-address.ts";
import { tick, tickingSchedules, type TickingPlan } from "./ticking-schedules.ts";

/** A host that only schedules. */
export function tickingHost(address: DatabaseAddress, plan: TickingPlan, id: string): TaskHost {
  return createTaskHost({
    store: openStore(address),
    executor: createInProcessTaskExecutor(),
    tasks: [tick],
    services: [
      scheduler({
        schedules: tickingSchedules(plan),
        // Whatever was late is enqueued all the same; and a stop is longer than a hold, so that steps meet.
        graceMs: 3_600_000,
        holdMs: 300,
        pollIntervalMs: 100,
        batchSize: 50,
      }),
    ],
    runner: { id, pollIntervalMs: 1_000, stopWaitMs: 1_000 },
  });
}
