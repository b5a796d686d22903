import { setTimeout as pause } from "node:timers/promises";
import type { Figures, Variant } from "../harness/suite.ts";
import { busyPercent, machineTime } from "../harness/taken-time.ts";
import { systems } from "../systems/all-systems.ts";
import type { Draining } from "./drain-backlog.ts";
import { startWorkerProcess, type WorkerProcess } from "../systems/worker-process.ts";

const turnMs = 500;
const mostTurns = 4;

/**
 * One process of workers and two in turns, on one backlog: one of two stands still for half a second, and goes on for half a second. A core
 * of a virtual machine is slower by a third from one second to the next; two runs one after the other would tell about that.
 * A third of the backlog warms up; turns begin until less than a third is left.
 */
export const oneAndTwo =
  ({ system: name, concurrency, backlog }: Omit<Draining, "processes">): Variant =>
  async ({ folder, scale, postgresUrl }) => {
    const all = Math.round(backlog * scale);
    const system = systems[name];
    const { address, remove } = await system.prepare({ postgresUrl, folder });
    const queue = await system.open(address);
    const asked = { system: name, address, concurrency };
    const workers = await Promise.all([1, 2].map(() => startWorkerProcess(asked)));
    try {
      await queue.fill(all);
      const ran = (): number => workers.reduce((sum, { handled }) => sum + handled(), 0);
      for (const { go } of workers) go();
      while (ran() < all / 3) await pause(20);
      const one: Turn[] = [];
      const two: Turn[] = [];
      for (let turn = 0; turn < mostTurns && ran() < all * (2 / 3); turn += 1) {
        // Each rests as often as the other.
        const resting = workers[turn % 2] as WorkerProcess;
        resting.standStill();
        one.push(await oneTurn(ran, turnMs * scale));
        resting.goOn();
        two.push(await oneTurn(ran, turnMs * scale));
      }
      if (ran() > all * 0.95) throw new Error(`${all} jobs were too few: some turn had nothing to do.`);
      return { ...figures("one", one), ...figures("two", two) };
    } finally {
      for (const { end } of workers) end();
      await queue.close();
      await remove();
    }
  };

interface Turn {
  readonly jobs: number;
  readonly ms: number;
  readonly busyPercent: number;
}

async function oneTurn(ran: () => number, forMs: number): Promise<Turn> {
  // Until what changed is as it stays.
  await pause(forMs / 5);
  const [begun, ranBefore, timeBefore] = [performance.now(), ran(), machineTime()];
  await pause(forMs);
  const [ms, jobs] = [performance.now() - begun, ran() - ranBefore];
  return { jobs, ms, busyPercent: busyPercent(timeBefore, machineTime()) ?? Number.NaN };
}

function figures(name: string, all: readonly Turn[]): Figures {
  const sum = (of: (turn: Turn) => number): number => all.reduce((total, turn) => total + of(turn), 0);
  return {
    [`${name}PerSecond`]: (1_000 * sum(({ jobs }) => jobs)) / sum(({ ms }) => ms),
    [`${name}BusyPercent`]: sum((turn) => turn.busyPercent) / all.length,
  };
}
