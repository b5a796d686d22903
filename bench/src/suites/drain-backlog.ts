import { setTimeout as pause } from "node:timers/promises";
import type { Figures, Variant } from "../harness/suite.ts";
import { busyPercent, machineTime } from "../harness/taken-time.ts";
import { type SystemName, systems } from "../systems/all-systems.ts";
import { startWorkerProcess } from "../systems/worker-process.ts";

/** How a backlog is worked off. */
export interface Draining {
  readonly system: SystemName;
  readonly concurrency: number;
  readonly processes?: number;
  readonly backlog: number;
}

/** Of the backlog, each process runs so much more before the clock: compilers have then seen its code, as in a service at work. */
const warmUp = 1 / 6;

/**
 * Worker processes work a stored backlog off. The clock runs from when the first of it have run to warm up until the queue itself says
 * that nothing is left to complete.
 */
export const draining =
  ({ system: name, concurrency, processes = 1, backlog }: Draining): Variant =>
  async ({ folder, scale, postgresUrl }) => {
    const before = Math.round(backlog * scale * warmUp) * processes;
    const all = before + Math.round(backlog * scale);
    const system = systems[name];
    const { address, remove } = await system.prepare({ postgresUrl, folder });
    const queue = await system.open(address);
    try {
      await queue.fill(all);
      const asked = { system: name, address, concurrency };
      const workers = await Promise.all(Array.from({ length: processes }, () => startWorkerProcess(asked)));
      const ran = (): number => workers.reduce((sum, { handled }) => sum + handled(), 0);
      for (const { go } of workers) go();
      while (ran() < before) await pause(3);
      const [begun, ranBefore, timeBefore] = [performance.now(), ran(), machineTime()];
      while (ran() < all) await pause(3);
      while (!(await queue.isDrained())) await pause(3);
      const seconds = (performance.now() - begun) / 1_000;
      const busy = busyPercent(timeBefore, machineTime());
      if (ran() !== all) throw new Error(`${ran()} handlers began for ${all} jobs.`);
      for (const { end } of workers) end();
      return { ...perTask(all - ranBefore, seconds), ...(busy === null ? {} : { machineBusyPercent: busy }) };
    } finally {
      await queue.close();
      await remove();
    }
  };

function perTask(count: number, seconds: number): Figures {
  return { perSecond: count / seconds, usPerTask: (seconds * 1e6) / count };
}
