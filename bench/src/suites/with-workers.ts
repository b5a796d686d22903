import type { VariantPlace } from "../harness/suite.ts";
import { type SystemName, systems } from "../systems/all-systems.ts";
import type { OpenQueue } from "../systems/queue-system.ts";
import { startWorkerProcess, type WorkerProcess } from "../systems/worker-process.ts";

/** A stored backlog, and processes that are ready to work it off. */
export interface Backlog {
  readonly queue: OpenQueue;
  readonly workers: readonly WorkerProcess[];
  /** How many jobs they have begun. */
  readonly ran: () => number;
}

/** Stores so many jobs, starts processes that wait for their `go`, and ends them when `work` is done. */
export async function withWorkers<Answer>(
  { folder, postgresUrl }: VariantPlace,
  asked: {
    readonly system: SystemName;
    readonly concurrency: number;
    readonly processes: number;
    readonly jobs: number;
  },
  work: (backlog: Backlog) => Promise<Answer>,
): Promise<Answer> {
  const { system: name, concurrency, processes, jobs } = asked;
  const system = systems[name];
  const { address, remove } = await system.prepare({ postgresUrl, folder });
  const queue = await system.open(address);
  const workers: WorkerProcess[] = [];
  try {
    await queue.fill(jobs);
    for (let n = 0; n < processes; n += 1) {
      workers.push(await startWorkerProcess({ system: name, address, concurrency }));
    }
    return await work({ queue, workers, ran: () => workers.reduce((sum, { handled }) => sum + handled(), 0) });
  } finally {
    for (const { end } of workers) end();
    await queue.close();
    await remove();
  }
}
