import { setTimeout as pause } from "node:timers/promises";
import { createTaskHost } from "@millrace/engine";
import { createInProcessTaskExecutor } from "@millrace/executor-in-process";
import { defineTask, type ScheduleAsk, type TaskService, type TaskStore } from "@millrace/models";
import { scheduler } from "@millrace/scheduler";
import { createPostgresTaskStore } from "@millrace/store-postgres";
import { percentile } from "../harness/statistics.ts";
import type { Suite, Variant, VariantPlace } from "../harness/suite.ts";
import { openStore } from "./millrace-parts.ts";

type Open = (place: VariantPlace) => TaskStore;

const onSqlite: Open = ({ folder }) => openStore(folder, "full");
const onPostgres: Open = ({ postgresUrl }) => createPostgresTaskStore({ connectionString: postgresUrl });

/** Schedules that are due four times a second: from the moment they are due to the start of their handlers. */
const dueToStart =
  (open: Open): Variant =>
  async (place) => {
    const delays: number[] = [];
    const tick = defineTask({
      kind: "tick",
      run: (_input: unknown, { task }) => void delays.push(Date.now() - Number(task.metadata["scheduledFor"])),
    });
    const schedules = Array.from({ length: 20 }, (_, n) => ({
      id: `tick-${n}`,
      task: tick,
      times: { every: { ms: 250 }, firstAt: Date.now() + 1_000 + n * 12 },
      overlap: "allow" as const,
    }));
    await using host = createTaskHost({
      store: open(place),
      executor: createInProcessTaskExecutor(),
      tasks: [tick],
      services: [scheduler({ schedules })],
      concurrency: 16,
    });
    await host.start();
    await pause(1_500 + 20_000 * place.scale);
    await host.stop();
    const warm = delays.slice(80);
    return { count: warm.length, p50Ms: percentile(warm, 50), p99Ms: percentile(warm, 99) };
  };

/** What so many schedules cost a host while none of them is due. */
const idle =
  (open: Open): Variant =>
  async (place) => {
    const count = Math.round(100_000 * place.scale);
    const tick = defineTask({ kind: "tick", run: () => null });
    await using host = createTaskHost({
      store: open(place),
      executor: createInProcessTaskExecutor(),
      tasks: [tick],
      services: [filled(count), scheduler({ batchSize: 1_000 })],
    });
    globalThis.gc?.();
    const before = process.memoryUsage().rss;
    await host.start();
    // Each is thought over once; a year is far enough away.
    await whenCalm();
    globalThis.gc?.();
    await pause(1_000);
    const cpu = process.cpuUsage();
    const from = performance.now();
    await pause(20_000 * place.scale);
    const { user, system } = process.cpuUsage(cpu);
    const share = (100 * (user + system)) / 1_000 / (performance.now() - from);
    return { schedules: count, cpuPercent: share, grownMb: (process.memoryUsage().rss - before) / 1_048_576 };
  };

/** Puts so many schedules into the store before the scheduler starts. */
function filled(count: number): TaskService {
  return {
    name: "filled",
    async start(port) {
      const facet = port.facet("schedules");
      const request = await port.requests.make({ kind: "tick", input: { n: 1 } });
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
      for (let at = 0; at < count; at += 500) {
        await facet.put(Array.from({ length: Math.min(500, count - at) }, (_, n) => ask(at + n)));
      }
    },
  };
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

const targets = [
  { label: "Due → handler start, p99, ms", of: "latency.p99Ms", atMost: 100 },
  { label: "Idle with 100,000 schedules, % of a core", of: "idle.cpuPercent", atMost: 1 },
  { label: "Idle with 100,000 schedules, MB more", of: "idle.grownMb", atMost: 100 },
];
const method =
  "Latency: 20 schedules of 250 ms each in one host, from the due moment to the start of the handler. Idle: 100,000 yearly schedules, once each has been thought over; CPU of the host's process over 20 s, and how much it has grown since before they were made.";

export const scheduleSuite: Suite = {
  name: "schedule",
  title: "Schedules on SQLite",
  method,
  variants: { latency: dueToStart(onSqlite), idle: idle(onSqlite) },
  targets,
};

export const postgresScheduleSuite: Suite = {
  name: "postgres-schedule",
  title: "Schedules on Postgres",
  method,
  variants: { latency: dueToStart(onPostgres), idle: idle(onPostgres) },
  targets,
  needsPostgres: true,
};
