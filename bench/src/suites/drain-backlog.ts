import { setTimeout as pause } from "node:timers/promises";
import type { Figures, Variant } from "../harness/suite.ts";
import { busyPercent, machineTime } from "../harness/taken-time.ts";
import { type SystemName, systems } from "../systems/all-systems.ts";
import { startWorkerProcess } from "../systems/worker-process.ts";

/** A backlog, and how it is worked off. */
export interface Draining {
  readonly system: SystemName;
  readonly concurrency: number;
  readonly backlog: number;
}

/**
 * A worker process works a stored backlog off. The clock runs from when it has run as many to warm up until the queue itself says that
 * nothing is left to complete. Of its first thirty thousand tasks it needs twice the time for each, as long as compilers are at work.
 */
export const draining =
  ({ system: name, concurrency, backlog }: Draining): Variant =>
  async ({ folder, scale, postgresUrl }) => {
    const measured = Math.round(backlog * scale);
    const all = 2 * measured;
    const system = systems[name];
    const { address, remove } = await system.prepare({ postgresUrl, folder });
    const queue = await system.open(address);
    const worker = await startWorkerProcess({ system: name, address, concurrency });
    try {
      await queue.fill(all);
      worker.go();
      while (worker.handled() < measured) await pause(3);
      const [begun, ranBefore, timeBefore] = [performance.now(), worker.handled(), machineTime()];
      while (worker.handled() < all) await pause(3);
      while (!(await queue.isDrained())) await pause(3);
      const seconds = (performance.now() - begun) / 1_000;
      const busy = busyPercent(timeBefore, machineTime());
      if (worker.handled() !== all) throw new Error(`${worker.handled()} handlers began for ${all} jobs.`);
      return { ...perTask(all - ranBefore, seconds), ...(busy === null ? {} : { machineBusyPercent: busy }) };
    } finally {
      worker.end();
      await queue.close();
      await remove();
    }
  };

function perTask(count: number, seconds: number): Figures {
  return { perSecond: count / seconds, usPerTask: (seconds * 1e6) / count };
}
