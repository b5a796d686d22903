import { setTimeout as pause } from "node:timers/promises";
import type { Figures, Variant } from "../harness/suite.ts";
import { busyPercent, machineTime } from "../harness/taken-time.ts";
import type { SystemName } from "../systems/all-systems.ts";
import { withWorkers } from "./with-workers.ts";

/** A backlog, and how it is worked off. */
export interface Draining {
  readonly system: SystemName;
  readonly concurrency: number;
  /** @defaultValue 1 */
  readonly processes?: number;
  readonly backlog: number;
}

/**
 * Worker processes work a stored backlog off. The clock runs from when each has run as many to warm up until the queue itself says
 * that nothing is left to complete. Of its first thirty thousand tasks a process needs twice the time for each, as long as compilers are
 * at work; two of them would pay for that twice.
 */
export const draining =
  ({ system, concurrency, processes = 1, backlog }: Draining): Variant =>
  async (place) => {
    const measured = Math.round(backlog * place.scale);
    const before = measured * processes;
    const all = before + measured;
    return withWorkers(place, { system, concurrency, processes, jobs: all }, async ({ queue, workers, ran }) => {
      for (const { go } of workers) go();
      while (ran() < before) await pause(3);
      const [begun, ranBefore, timeBefore] = [performance.now(), ran(), machineTime()];
      while (ran() < all) await pause(3);
      while (!(await queue.isDrained())) await pause(3);
      const seconds = (performance.now() - begun) / 1_000;
      const busy = busyPercent(timeBefore, machineTime());
      if (ran() !== all) throw new Error(`${ran()} handlers began for ${all} jobs.`);
      return { ...perTask(all - ranBefore, seconds), ...(busy === null ? {} : { machineBusyPercent: busy }) };
    });
  };

function perTask(count: number, seconds: number): Figures {
  return { perSecond: count / seconds, usPerTask: (seconds * 1e6) / count };
}
