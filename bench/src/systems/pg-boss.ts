import { Pool } from "pg";
import { PgBoss } from "pg-boss";
import { isNothingLeft, payload, type QueueSystem } from "./queue-system.ts";

const queue = "noop";

const pgBoss = (batchOf: (concurrency: number) => number): QueueSystem => ({
  prepare: async ({ postgresUrl }) => {
    const boss = new PgBoss({ connectionString: postgresUrl });
    await boss.start();
    await boss.createQueue(queue, { notify: true });
    await boss.stop();
    return { address: postgresUrl, remove: async () => {} };
  },
  open: async (connectionString) => {
    const boss = new PgBoss({ connectionString, max: 20, useListenNotify: true, supervise: false, schedule: false });
    boss.on("error", () => {});
    await boss.start();
    const looker = new Pool({ connectionString, max: 1 });
    return {
      enqueue: (n) => boss.send(queue, payload(n)),
      fill: async (count) => {
        for (let made = 0; made < count; made += 1_000) {
          const size = Math.min(1_000, count - made);
          await boss.insert(
            queue,
            Array.from({ length: size }, (_, n) => ({ data: payload(n) })),
          );
        }
      },
      isDrained: () => isNothingLeft(looker, "select 1 from pgboss.job where state < 'completed'"),
      work: async (concurrency, onRun) => {
        const options = { batchSize: batchOf(concurrency), pollingIntervalSeconds: 0.5, burstWhenBatchFull: true };
        await boss.work(queue, options, async (jobs) => {
          for (const _ of jobs) onRun();
        });
        return () => boss.offWork(queue);
      },
      close: async () => {
        await looker.end();
        await boss.stop({ graceful: false });
      },
    };
  },
});

/** One batch of as many jobs as the others run at once; a batch is completed in one statement. */
export const pgBossBatch: QueueSystem = pgBoss((concurrency) => concurrency);

/** A thousand jobs a batch. */
export const pgBossBatch1000: QueueSystem = pgBoss(() => 1_000);
