import { Logger, makeWorkerUtils, run, runMigrations, WorkerPreset } from "graphile-worker";
import { Pool } from "pg";
import { isNothingLeft, payload, type QueueSystem } from "./queue-system.ts";

const logger = new Logger(() => () => {});
type Preset = NonNullable<Parameters<typeof run>[0]["preset"]>;

const graphileWorker = (batching: NonNullable<Preset["worker"]>): QueueSystem => ({
  prepare: async ({ postgresUrl }) => {
    await runMigrations({ connectionString: postgresUrl, logger });
    return { address: postgresUrl, remove: async () => {} };
  },
  open: async (connectionString) => {
    const pool = new Pool({ connectionString, max: 20 });
    // It asks for both, and says so on the console.
    pool.on("error", () => {});
    pool.on("connect", (client) => client.on("error", () => {}));
    const utils = await makeWorkerUtils({ pgPool: pool, logger });
    return {
      enqueue: (n) => utils.addJob("noop", payload(n)),
      fill: async (count) => {
        for (let made = 0; made < count; made += 1_000) {
          const size = Math.min(1_000, count - made);
          await utils.addJobs(Array.from({ length: size }, (_, n) => ({ identifier: "noop", payload: payload(n) })));
        }
      },
      isDrained: () => isNothingLeft(pool, "select 1 from graphile_worker._private_jobs"),
      work: async (concurrency, onRun) => {
        const runner = await run({
          connectionString,
          logger,
          noHandleSignals: true,
          taskList: { noop: () => onRun() },
          preset: {
            extends: [WorkerPreset],
            worker: { concurrentJobs: concurrency, maxPoolSize: Math.max(10, concurrency + 2), ...batching },
          },
        });
        return () => runner.stop();
      },
      close: async () => {
        await utils.release();
        await pool.end();
      },
    };
  },
});

/** As it comes: one statement a job and phase. It deletes what is done. */
export const graphileDefault: QueueSystem = graphileWorker({});

/** With its local queue, and completions in batches: its fastest. It deletes what is done. */
export const graphileLocalQueue: QueueSystem = graphileWorker({
  localQueue: { size: 500, refetchDelay: { durationMs: 10 } },
  completeJobBatchDelay: 0,
  failJobBatchDelay: 0,
});
