import { createTaskHost, type TaskHost } from "@millrace/engine";
import { createInProcessTaskExecutor } from "@millrace/executor-in-process";
import {
  createManualClock,
  type AnyTaskDefinition,
  defineTask,
  silentLogger,
  type Logger,
  type ManualClock,
  type TaskRecord,
  type TaskStore,
} from "@millrace/models";
import { createMemoryTaskStore } from "@millrace/store-memory";
import { scheduler, type Scheduler } from "../scheduler.ts";
import type { SchedulerOptions } from "../scheduler-options.ts";

/** The kind of most tests: fails when it is told to. */
export const work: AnyTaskDefinition = defineTask({
  kind: "work",
  run(input: unknown) {
    if (input === "fail") throw new Error("as it was told");
    return null;
  },
});

/** A store and a clock that outlive hosts, each of which has a scheduler. */
export interface SchedulerBench extends AsyncDisposable {
  readonly clock: ManualClock;
  readonly store: TaskStore;
  /** Warnings and errors that were logged. */
  readonly lines: string[];
  host(options?: SchedulerOptions, runs?: boolean): Promise<{ readonly host: TaskHost; readonly schedules: Scheduler }>;
  /** Lets time pass, and a poll interval more: what fell due meanwhile has been seen then. */
  pass(ms: number): Promise<void>;
  stop(host: TaskHost): Promise<void>;
  /** All tasks, the oldest first. */
  tasks(): Promise<readonly TaskRecord[]>;
}

/** What waits may go on: answers of a memory store take a few turns. */
async function turns(): Promise<void> {
  for (let n = 0; n < 100; n += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Begins at midnight, 2026-01-01 UTC. */
export function createSchedulerBench(): SchedulerBench {
  const clock = createManualClock();
  const store = createMemoryTaskStore({ clock });
  const hosts: TaskHost[] = [];
  const lines: string[] = [];
  const logger: Logger = {
    ...silentLogger,
    warn: (message) => void lines.push(message),
    error: (message) => void lines.push(message),
  };
  return {
    clock,
    store,
    lines,
    async host(options = {}, runs = false) {
      const schedules = scheduler(options);
      const host = createTaskHost({
        store,
        clock,
        logger,
        executor: createInProcessTaskExecutor(),
        tasks: [work],
        services: [schedules],
      });
      hosts.push(host);
      // One that runs nothing shows what was enqueued.
      if (!runs) await host.pause();
      await host.start();
      await turns();
      return { host, schedules };
    },
    async pass(ms) {
      for (const step of [ms, 1_100]) {
        clock.advance(step);
        await turns();
      }
    },
    stop: (host) => ended(host, clock),
    tasks: async () => (await store.read({ orderBy: "created_asc", limit: 1_000 })).tasks,
    async [Symbol.asyncDispose]() {
      for (const host of hosts) await ended(host, clock);
      await store.close();
    },
  };
}

async function ended(host: TaskHost, clock: ManualClock): Promise<void> {
  const stopped = host.stop({ graceMs: 0 });
  await turns();
  // Only time ends a wait for something that does not answer.
  while (host.getState() === "stopping") {
    clock.advance(100);
    await turns();
  }
  await stopped;
}
