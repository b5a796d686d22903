import type { TaskStore } from "@millrace/models";
import { createTaskHost, type TaskHost } from "@millrace/engine";
import { createInProcessTaskExecutor } from "@millrace/executor-in-process";
import { scheduler } from "@millrace/scheduler";
import { tick, tickingSchedules, type TickingPlan } from "./ticking-schedules.ts";

/** How long a schedule is held by the host that looks at it: shorter than most stops, so that steps meet. */
export const holdMs = 300;

/** A host that only schedules. */
export function tickingHost(store: TaskStore, plan: TickingPlan, id: string): TaskHost {
  return createTaskHost({
    store,
    executor: createInProcessTaskExecutor(),
    tasks: [tick],
    services: [
      scheduler({
        schedules: tickingSchedules(plan),
        // Whatever was late is enqueued all the same.
        graceMs: 3_600_000,
        holdMs,
        pollIntervalMs: 100,
        batchSize: 50,
      }),
    ],
    runner: { id, pollIntervalMs: 1_000, stopWaitMs: 1_000 },
  });
}
