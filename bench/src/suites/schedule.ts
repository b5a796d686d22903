import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { createTaskHost, type TaskHost } from "@millrace/engine";
import { createInProcessTaskExecutor } from "@millrace/executor-in-process";
import { defineTask, type TaskStore } from "@millrace/models";
import { scheduler } from "@millrace/scheduler";
import { createMemoryTaskStore } from "@millrace/store-memory";
import { percentile } from "../harness/statistics.ts";
import type { Suite, Variant } from "../harness/suite.ts";
import { openScheduleStore, tick } from "./schedule-parts.ts";

/** Schedules that are due four times a second: from the moment they are due to the start of their handlers. */
const dueToStart: Variant = async (place) => {
  const delays: number[] = [];
  const told = defineTask({
    kind: "told",
    run: (_input: unknown, { task }) => void delays.push(Date.now() - Number(task.metadata["scheduledFor"])),
  });
  const schedules = Array.from({ length: 20 }, (_, n) => ({
    id: `tick-${n}`,
    task: told,
    times: { every: { ms: 250 }, firstAt: Date.now() + 1_000 + n * 12 },
    overlap: "allow" as const,
  }));
  const store = openScheduleStore(place);
  const host = createTaskHost({
    store,
    executor: createInProcessTaskExecutor(),
    tasks: [told],
    services: [scheduler({ schedules })],
    concurrency: 16,
  });
  await host.start();
  await pause(1_500 + 20_000 * place.scale);
  await host.stop();
  await store.close();
  const warm = delays.slice(80);
  return { count: warm.length, p50Ms: percentile(warm, 50), p99Ms: percentile(warm, 99) };
};

/** What so many schedules cost a host while none of them is due, against the same process before it had opened their store. */
const idle: Variant = async ({ folder, postgresUrl, scale }) => {
  const count = Math.round(100_000 * scale);
  await fill([folder, postgresUrl, String(count)]);
  // What a host takes without a schedule.
  const bare = openHost(createMemoryTaskStore());
  await bare.start();
  await whenCalm();
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  await bare.stop();
  const store = openScheduleStore({ folder, postgresUrl });
  const host = openHost(store);
  await host.start();
  // Each is thought over once; a year is far enough away.
  await whenCalm();
  globalThis.gc?.();
  await pause(1_000);
  const cpu = process.cpuUsage();
  const from = performance.now();
  await pause(20_000 * scale);
  const { user, system } = process.cpuUsage(cpu);
  const share = (100 * (user + system)) / 1_000 / (performance.now() - from);
  const grownMb = (process.memoryUsage().rss - before) / 1_048_576;
  await host.stop();
  // One that is left open would go on looking for its database through the rounds that follow.
  await store.close();
  return { schedules: count, cpuPercent: share, grownMb };
};

function openHost(store: TaskStore): TaskHost {
  return createTaskHost({
    store,
    executor: createInProcessTaskExecutor(),
    tasks: [tick],
    services: [scheduler()],
  });
}

/** Fills in a process of its own, so that what filling needs does not count. */
async function fill(args: readonly string[]): Promise<void> {
  const child = fork(new URL("./fill-schedules.entry.ts", import.meta.url), [...args]);
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error(`filling ended with ${code}`);
}

/** Waits until the process has hardly anything to do for two seconds. */
async function whenCalm(): Promise<void> {
  for (let calm = 0; calm < 4;) {
    const from = process.cpuUsage();
    await pause(500);
    const { user, system } = process.cpuUsage(from);
    calm = user + system < 25_000 ? calm + 1 : 0;
  }
}

const variants = { latency: dueToStart, idle };
const targets = [
  { label: "Due → handler start, p99, ms", of: "latency.p99Ms", atMost: 100 },
  { label: "Idle with 100,000 schedules, % of a core", of: "idle.cpuPercent", atMost: 1 },
  { label: "Idle with 100,000 schedules, MB more", of: "idle.grownMb", atMost: 100 },
];
const method =
  "Latency: 20 schedules of 250 ms each in one host, from the due moment to the start of the handler. Idle: 100,000 yearly schedules, once each has been thought over; CPU of the host's process over 20 s, and how much it has grown since it ran a host without any. They are made by another process.";

export const scheduleSuite: Suite = {
  name: "schedule",
  title: "Schedules on SQLite",
  method,
  variants,
  targets,
};

export const postgresScheduleSuite: Suite = {
  name: "postgres-schedule",
  title: "Schedules on Postgres",
  method,
  variants,
  targets,
  needsPostgres: true,
};
