import { setTimeout as pause } from "node:timers/promises";
import type { Figures, Variant } from "../harness/suite.ts";
import { type SystemName, systems } from "../systems/all-systems.ts";
import { startWorkerProcess } from "../systems/worker-process.ts";

/** How a backlog is worked off. */
export interface Draining {
  readonly system: SystemName;
  readonly concurrency: number;
  readonly processes?: number;
  readonly backlog: number;
}

/**
 * Worker processes work a stored backlog off. The clock runs from the first handler's start until the queue itself says that
 * nothing is left to complete.
 */
export const draining =
  ({ system: name, concurrency, processes = 1, backlog }: Draining): Variant =>
  async ({ folder, scale, postgresUrl }) => {
    const count = Math.round(backlog * scale);
    const system = systems[name];
    const { address, remove } = await system.prepare({ postgresUrl, folder });
    const queue = await system.open(address);
    try {
      await queue.fill(count);
      const asked = { system: name, address, concurrency };
      const workers = await Promise.all(Array.from({ length: processes }, () => startWorkerProcess(asked)));
      for (const { go } of workers) go();
      while (workers.reduce((sum, { handled }) => sum + handled(), 0) < count) await pause(3);
      while (!(await queue.isDrained())) await pause(3);
      const seconds =
        (performance.timeOrigin + performance.now() - Math.min(...workers.map(({ firstAt }) => firstAt()))) / 1_000;
      const ran = workers.reduce((sum, { handled }) => sum + handled(), 0);
      for (const { end } of workers) end();
      return perTask(count, seconds, ran);
    } finally {
      await queue.close();
      await remove();
    }
  };

function perTask(count: number, seconds: number, ran: number): Figures {
  if (ran !== count) throw new Error(`${ran} handlers began for ${count} jobs.`);
  return { perSecond: count / seconds, usPerTask: (seconds * 1e6) / count };
}
