import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Violation } from "@millrace/conformance/invariants";
import { createSeededRandom, type Random, type TaskRecord, type TaskStore } from "@millrace/models";
import { createSqliteTaskStore } from "@millrace/store-sqlite";
import { dropMigrations } from "./dropped-migrations.ts";
import { follow } from "./follower.ts";
import { linesOf, openLedger, readLedgers } from "./ledger.ts";
import { operate } from "./operator.ts";
import { lastingProcesses, markName } from "./orphans.ts";
import { produce } from "./producer.ts";
import { judgeRun } from "./verdict.ts";
import { startFleet, type WorkerFleet } from "./worker-fleet.ts";

/** What is run. */
export interface ChaosOptions {
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
export async function runChaos({ seed, seconds, workers, variant, say }: ChaosOptions): Promise<ChaosEnd> {
  const folder = await mkdtemp(join(tmpdir(), "millrace-chaos-"));
  // Kept compiled, processes that start from source are up in half the time.
  const env = { ...process.env, [markName]: folder, NODE_COMPILE_CACHE: join(tmpdir(), "millrace-chaos-cache") };
  const random = (n: number): Random => createSeededRandom(seed * 7 + n);
  const migrations = await dropMigrations({ folder, env, random: random(1), rounds: 2 });

  const open = (): TaskStore => createSqliteTaskStore({ path: join(folder, "tasks.sqlite") });
  const store = open();
  const fleet = startFleet({
    name: "worker",
    size: workers,
    entry: new URL("./worker.entry.ts", import.meta.url),
    folder,
    env,
    variant,
  });
  const producers = startFleet({
    name: "producer",
    size: 1,
    entry: new URL("./producer.entry.ts", import.meta.url),
    folder,
    env,
    variant: String(seed),
  });
  const endsAt = performance.now() + seconds * 1_000;
  const isOver = (): boolean => performance.now() >= endsAt;
  // A worker that lives long enough to come back with a lost lease is what the mutant needs.
  const hasNoFaults = (): boolean => variant === "mutant" || isOver();
  let isDrained = false;
  const following = follow({ open, until: () => isDrained });
  const write = openLedger(folder, "main");
  const [meddled] = await Promise.all([
    operate({ store, random: random(2), write, until: isOver }),
    produce({ store, random: random(3), write, everyMs: 80, until: isOver }),
    befall(fleet, random(4), hasNoFaults),
    befall(fleet, random(6), hasNoFaults),
    killAgain(producers, random(5), isOver),
  ]);
  fleet.heal();
  await producers.end();
  const { kills, stops, restarts } = fleet.counts;
  say(`${kills} kills, ${stops} stops, ${restarts} restarts; ${producers.counts.kills} kills of a producer.`);
  const { cancels, retries, pauses, signals } = meddled;
  say(`By hand ${cancels} cancels, ${retries} retries, ${pauses} pauses, ${signals} signals. Healing …`);

  await drained(store, healWithinMs + seconds * 1_000);
  await fleet.end();
  isDrained = true;
  const followed = await following;
  const orphans = await lastingProcesses(folder, 3_000);
  if (orphans === null) say("Orphans are not looked for: this system has no /proc.");
  const lines = readLedgers(folder);
  const violations = await judgeRun({ store, lines, outages: fleet.outages, followed });
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
  return { folder, violations: [...idle, ...migrations, ...violations, ...processes] };
}

/** One fault after the other; two of these make faults that overlap: mostly kills, some stops longer than the lease, some restarts. */
async function befall(fleet: WorkerFleet, random: Random, until: () => boolean): Promise<void> {
  while (!until()) {
    await new Promise((resolve) => setTimeout(resolve, 400 + random.next() * 1_200));
    const place = Math.floor(random.next() * 1_000);
    const fault = random.next();
    if (fault > 0.7) await fleet.stop(place, 600 + random.next() * 2_400);
    else if (fault < 0.5) fleet.kill(place);
    else await fleet.restart(place);
  }
}

async function killAgain(fleet: WorkerFleet, random: Random, until: () => boolean): Promise<void> {
  while (!until()) {
    await new Promise((resolve) => setTimeout(resolve, 1_000 + random.next() * 1_500));
    fleet.kill(0);
  }
}

/** Waits until nothing is open, or for too long: what is open then is told by the verdict. */
async function drained(store: TaskStore, withinMs: number): Promise<void> {
  const open: readonly TaskRecord["status"][] = ["blocked", "queued", "claimed", "running", "suspended", "paused"];
  const until = performance.now() + withinMs;
  while (performance.now() < until) {
    const { tasks } = await store.read({ statuses: open, limit: 1 });
    if (tasks.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
