import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Violation } from "@millrace/conformance/invariants";
import { createSeededRandom, type Random, type TaskStore } from "@millrace/models";
import type { ChaosDatabase } from "./database/chaos-database.ts";
import { environmentOf, openStore } from "./database/database-address.ts";
import { postgresDatabase } from "./database/postgres-database.ts";
import { sqliteDatabase } from "./database/sqlite-database.ts";
import { dropMigrations } from "./dropped-migrations.ts";
import { follow } from "./follower.ts";
import { linesOf, openLedger, readLedgers } from "./ledger.ts";
import { lookOn, openStatuses } from "./onlooker.ts";
import { operate } from "./operator.ts";
import { lastingProcesses, markName } from "./orphans.ts";
import { produce } from "./producer.ts";
import { judgeRun } from "./verdict.ts";
import { wait } from "./wait.ts";
import { startFleet, type WorkerFleet } from "./worker-fleet.ts";

/** Where the tasks can be. */
export const drivers = ["sqlite", "postgres"] as const;

/** What is run. */
export interface ChaosOptions {
  readonly driver: (typeof drivers)[number];
  readonly seed: number;
  /** How long there are faults. */
  readonly seconds: number;
  readonly workers: number;
  /** `mutant`: the workers' store does not check leases, and the run must find out. */
  readonly variant: "sound" | "mutant";
  readonly say: (line: string) => void;
}

/** What came of it. */
export interface ChaosEnd {
  readonly folder: string;
  readonly violations: readonly Violation[];
}

/** How long everything may take to end once there are no faults any more, beside as long as there were faults. */
const healWithinMs = 60_000;

/** Lets hosts, producers, an operator and a follower use one database while they are killed, stopped and restarted; then judges. */
export async function runChaos(options: ChaosOptions): Promise<ChaosEnd> {
  const folder = await mkdtemp(join(tmpdir(), "millrace-chaos-"));
  const database = options.driver === "postgres" ? await postgresDatabase() : sqliteDatabase(folder);
  try {
    return { folder, violations: await runOn(database, { ...options, folder }) };
  } finally {
    await database.stop();
  }
}

async function runOn(
  database: ChaosDatabase,
  { folder, seed, seconds, workers, variant, say }: ChaosOptions & { readonly folder: string },
): Promise<readonly Violation[]> {
  // Kept compiled, processes that start from source are up in half the time.
  const cache = { NODE_COMPILE_CACHE: join(tmpdir(), "millrace-chaos-cache") };
  const env = { ...process.env, ...environmentOf(database.troubled), ...cache, [markName]: folder };
  const random = (n: number): Random => createSeededRandom(seed * 7 + n);
  const migrations = await dropMigrations({ database, env, random: random(1), rounds: 2 });

  const open = (): TaskStore => openStore(database.direct);
  const store = open();
  const entryOf = (name: string): URL => new URL(`./${name}.entry.ts`, import.meta.url);
  const fleet = startFleet({ name: "worker", size: workers, entry: entryOf("worker"), folder, env, variant });
  const producerOptions = { size: 1, entry: entryOf("producer"), folder, env, variant: String(seed) };
  const producers = startFleet({ name: "producer", ...producerOptions });
  const endsAt = performance.now() + seconds * 1_000;
  const isOver = (): boolean => performance.now() >= endsAt;
  // A worker that lives long enough to come back with a lost lease is what the mutant needs.
  const hasNoFaults = (): boolean => variant === "mutant" || isOver();
  let isDrained = false;
  const following = follow({ open, until: () => isDrained });
  const looking = lookOn({ store, until: () => isDrained });
  const write = openLedger(folder, "main");
  const [meddled, faults] = await Promise.all([
    operate({ store, random: random(2), write, until: isOver }),
    database.befall(random(7), hasNoFaults),
    produce({ store, random: random(3), write, everyMs: 80, until: isOver }),
    befall(fleet, { workers, random, until: hasNoFaults }),
    again({ everyMs: 1_750, random: random(5), until: isOver }, () => producers.kill(0)),
  ]);
  fleet.heal();
  await producers.end();
  const { kills, stops, restarts } = fleet.counts;
  say(`${kills} kills, ${stops} stops, ${restarts} restarts; ${producers.counts.kills} kills of a producer.`);
  if (faults.length > 0) say(`${faults.join(", ")}.`);
  const { cancels, retries, pauses, signals } = meddled;
  say(`By hand ${cancels} cancels, ${retries} retries, ${pauses} pauses, ${signals} signals. Healing …`);

  await drained(store, healWithinMs + seconds * 1_000);
  await fleet.end();
  isDrained = true;
  const [followed, seen] = await Promise.all([following, looking]);
  const orphans = await lastingProcesses(folder, 3_000);
  if (orphans === null) say("Orphans are not looked for: this system has no /proc.");
  const lines = readLedgers(folder);
  const { isJournalInOrder } = database;
  const violations = await judgeRun({ store, lines, outages: fleet.outages, followed, isJournalInOrder });
  await store.close();
  const acknowledged = linesOf(lines, "acknowledged").length;
  const writes = linesOf(lines, "write").length;
  say(`${acknowledged} enqueues acknowledged, ${writes} writes under a lease, ${followed.events.length} events.`);
  const left = (orphans ?? []).map(({ pid, command }): Violation => {
    return { invariant: "I16", taskId: null, message: `process ${pid} is left over: ${command}` };
  });
  const idle: readonly Violation[] =
    acknowledged > 0 && writes > 0 ? [] : [{ invariant: "I1", taskId: null, message: "nothing happened at all" }];
  const processes = [...fleet.violations, ...producers.violations, ...left];
  return [...idle, ...migrations, ...violations, ...seen, ...processes];
}

/** Something that happens again and again. */
interface Recurring {
  /** From one time to the next, about. */
  readonly everyMs: number;
  readonly random: Random;
  readonly until: () => boolean;
}

/** The next time counts from when this one was due, so that a busy machine, which is late each time, has as many of them. */
async function again({ everyMs, random, until }: Recurring, happen: () => void | Promise<void>): Promise<void> {
  let dueAt = performance.now();
  for (;;) {
    dueAt += everyMs * (0.5 + random.next());
    await wait(Math.max(0, dueAt - performance.now()));
    if (until()) return;
    await happen();
  }
}

/** What befalls workers. */
interface WorkerFaults {
  readonly workers: number;
  readonly random: (n: number) => Random;
  readonly until: () => boolean;
}

/** Kills, stops longer than the lease and restarts, which overlap. A worker lives for three seconds on average. */
async function befall(fleet: WorkerFleet, { workers, random, until }: WorkerFaults): Promise<void> {
  const place = (from: Random): number => Math.floor(from.next() * 1_000);
  const [killing, stopping, ending] = [random(4), random(6), random(8)];
  const stops: Promise<void>[] = [];
  await Promise.all([
    again({ everyMs: 2_200 / workers, random: killing, until }, () => fleet.kill(place(killing))),
    again({ everyMs: 4_000 / workers, random: stopping, until }, () => {
      stops.push(fleet.stop(place(stopping), 1_100 + stopping.next() * 1_400));
    }),
    again({ everyMs: 16_000 / workers, random: ending, until }, () => fleet.restart(place(ending))),
  ]);
  await Promise.all(stops);
}

/** Waits until nothing is open, or for too long: what is open then is told by the verdict. */
async function drained(store: TaskStore, withinMs: number): Promise<void> {
  const until = performance.now() + withinMs;
  while (performance.now() < until) {
    const { total } = await store.aggregate({ statuses: openStatuses });
    if (total.count === 0) return;
    await wait(200);
  }
}
