import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Violation } from "@millrace/conformance/invariants";
import { createSeededRandom, type Random, type TaskStore } from "@millrace/models";
import type { ChaosDatabase } from "../database/chaos-database.ts";
import { type DatabaseAddress, environmentOf, openStore, prepareSchema } from "../database/database-address.ts";
import { postgresDatabase } from "../database/postgres-database.ts";
import { sqliteDatabase } from "../database/sqlite-database.ts";
import { wait } from "../wait.ts";
import { startFleet, type WorkerFleet } from "../worker-fleet.ts";
import { dropUniqueRow } from "./drop-unique-row.ts";
import { judgeTicks, type TickVerdict } from "./judge-ticks.ts";
import { tickingHost } from "./ticking-host.ts";
import type { TickingPlan } from "./ticking-schedules.ts";

/** What is to happen. */
export interface ScheduleChaosOptions {
  readonly driver: "sqlite" | "postgres";
  readonly workers: number;
  readonly schedules: number;
  readonly seconds: number;
  readonly seed: number;
  /** What share of the steps is sent only when its schedules are held no longer. @defaultValue 0.05 */
  readonly lateSteps?: number;
  /** Without the unique row: that must end with occurrences that were enqueued twice. */
  readonly isMutant: boolean;
  readonly say: (line: string) => void;
}

/** How it ended. */
export interface ScheduleChaosResult {
  readonly folder: string;
  readonly verdict: TickVerdict;
  readonly violations: readonly Violation[];
}

// From the making of the schedules until the first is due.
const leadMs = 3_000;
const settleWithinMs = 240_000;

/** Lets schedules come due in several processes while they are killed and stopped, then counts. */
export async function runScheduleChaos(options: ScheduleChaosOptions): Promise<ScheduleChaosResult> {
  const { driver, workers, schedules, seconds, seed, lateSteps = 0.05, say } = options;
  const folder = await mkdtemp(join(tmpdir(), "millrace-schedules-"));
  const database: ChaosDatabase = driver === "sqlite" ? sqliteDatabase(folder) : await postgresDatabase();
  const address = database.direct;
  await prepareSchema(address);
  if (options.isMutant) await dropUniqueRow(address);
  const plan: TickingPlan = { schedules, firstAt: Date.now() + leadMs, ticks: seconds, lateSteps };
  await makeSchedules(address, plan);
  const fleet = startFleet({
    name: "scheduler",
    size: workers,
    entry: new URL("./schedule-worker.entry.ts", import.meta.url),
    folder,
    variant: JSON.stringify(plan),
    env: { ...process.env, ...environmentOf(address) },
  });
  const store = openStore(address);
  try {
    await wait(plan.firstAt - Date.now());
    await trouble(fleet, createSeededRandom(seed), { workers, untilAt: plan.firstAt + seconds * 1_000 });
    const { kills, stops } = fleet.counts;
    say(`${kills} kills, ${stops} stops; ${await settled(store, plan)} ms more until all had come.`);
    await fleet.end();
    return { folder, verdict: await judgeTicks(store, plan), violations: fleet.violations };
  } finally {
    await store.close();
    await database.stop();
  }
}

/** Makes the schedules, before anything can go wrong; every process then registers the same again. */
async function makeSchedules(address: DatabaseAddress, plan: TickingPlan): Promise<void> {
  await using host = tickingHost(openStore(address), plan, "first");
  await host.start();
}

async function trouble(
  fleet: WorkerFleet,
  random: Random,
  { workers, untilAt }: { readonly workers: number; readonly untilAt: number },
): Promise<void> {
  const stops: Promise<void>[] = [];
  while (Date.now() < untilAt) {
    // Each process has its share: were few of them stopped as often as many, none would ever run.
    await wait(((100 + random.next() * 300) * 8) / workers);
    const place = Math.floor(random.next() * workers);
    // A kill costs the start of a process, of which a small machine can afford few.
    if (random.next() < 0.12) fleet.kill(place);
    else stops.push(fleet.stop(place, 200 + random.next() * 1_200));
  }
  await Promise.all(stops);
}

/** Waits until no schedule will ever be due again; answers how long that took. */
async function settled(store: TaskStore, { schedules }: TickingPlan): Promise<number> {
  const from = performance.now();
  while (performance.now() - from < settleWithinMs) {
    const page = await store.facet("schedules")?.read({ limit: schedules });
    if (page?.schedules.length === schedules && page.schedules.every(({ lookAt }) => lookAt === null)) break;
    await wait(100);
  }
  return Math.round(performance.now() - from);
}
