import { setTimeout as pause } from "node:timers/promises";
import type { Figures, Variant } from "../harness/suite.ts";
import { busyPercent, machineTime } from "../harness/taken-time.ts";
import type { WorkerProcess } from "../systems/worker-process.ts";
import type { Draining } from "./drain-backlog.ts";
import { withWorkers } from "./with-workers.ts";

const turnMs = 500;
const mostTurns = 4;

/**
 * One process of workers and two in turns, on one backlog: one of two stands still for half a second, and goes on for half a second. A core
 * of a virtual machine is slower by a third from one second to the next; two runs one after the other would tell about that.
 * A third of the backlog warms up; turns begin until less than a third is left.
 */
export const oneAndTwo =
  ({ system, concurrency, backlog }: Omit<Draining, "processes">): Variant =>
  async (place) => {
    const all = Math.round(backlog * place.scale);
    const forMs = turnMs * place.scale;
    return withWorkers(place, { system, concurrency, processes: 2, jobs: all }, async ({ workers, ran }) => {
      for (const { go } of workers) go();
      while (ran() < all / 3) await pause(20);
      const one: Turn[] = [];
      const two: Turn[] = [];
      for (let turn = 0; turn < mostTurns && ran() < all * (2 / 3); turn += 1) {
        // Each rests as often as the other.
        const resting = workers[turn % 2] as WorkerProcess;
        resting.standStill();
        one.push(await oneTurn(ran, forMs));
        resting.goOn();
        two.push(await oneTurn(ran, forMs));
      }
      if (ran() > all * 0.95) throw new Error(`${all} jobs were too few: some turn had nothing to do.`);
      return { ...figures("one", one), ...figures("two", two) };
    });
  };

interface Turn {
  readonly jobs: number;
  readonly ms: number;
  /** Null = not known. */
  readonly busy: number | null;
}

async function oneTurn(ran: () => number, forMs: number): Promise<Turn> {
  // Until what changed is as it stays.
  await pause(forMs / 5);
  const [begun, ranBefore, timeBefore] = [performance.now(), ran(), machineTime()];
  await pause(forMs);
  const [ms, jobs] = [performance.now() - begun, ran() - ranBefore];
  return { jobs, ms, busy: busyPercent(timeBefore, machineTime()) };
}

function figures(name: string, turns: readonly Turn[]): Figures {
  const sum = (all: readonly number[]): number => all.reduce((total, one) => total + one, 0);
  const busy = turns.flatMap((turn) => turn.busy ?? []);
  return {
    [`${name}PerSecond`]: (1_000 * sum(turns.map(({ jobs }) => jobs))) / sum(turns.map(({ ms }) => ms)),
    ...(busy.length === 0 ? {} : { [`${name}BusyPercent`]: sum(busy) / busy.length }),
  };
}
