import {
  type BackendFactory,
  createPostgresBackend,
  createRedisBackend,
  type IQueueBackend,
  PostgresConnection,
  withBackend,
} from "bullmq";
import { startRedis } from "./redis-server.ts";
import { type OpenQueue, payload, type QueueSystem } from "./queue-system.ts";

const name = "noop";

async function openWith<Backend extends IQueueBackend, Connection>(
  factory: BackendFactory<Backend, Connection>,
  connection: Connection,
): Promise<OpenQueue> {
  const { Queue, Worker } = withBackend(factory);
  // What is done is removed, as in its own benchmarks.
  const queue = new Queue(name, { connection, defaultJobOptions: { removeOnComplete: true } });
  queue.on("error", () => {});
  await queue.waitUntilReady();
  return {
    enqueue: (n) => queue.add(name, payload(n)),
    fill: async (count) => {
      for (let made = 0; made < count; made += 1_000) {
        const size = Math.min(1_000, count - made);
        await queue.addBulk(Array.from({ length: size }, (_, n) => ({ name, data: payload(n) })));
      }
    },
    isDrained: async () => {
      const counts = await queue.getJobCounts("wait", "active", "prioritized", "delayed");
      return Object.values(counts).every((count) => count === 0);
    },
    work: async (concurrency, onRun) => {
      const worker = new Worker(name, async () => onRun(), { connection, concurrency });
      worker.on("error", () => {});
      await worker.waitUntilReady();
      return () => worker.close(true);
    },
    close: () => queue.close(),
  };
}

/** On Redis with `appendfsync everysec`: a crash may take the last second. */
export const bullmqRedis: QueueSystem = {
  prepare: ({ folder }) => startRedis(folder),
  open: (address) => {
    const { hostname, port } = new URL(address);
    return openWith(createRedisBackend, { host: hostname, port: Number(port), maxRetriesPerRequest: null });
  },
};

/** On Postgres, with the pool that it makes for itself. */
export const bullmqPostgres: QueueSystem = {
  prepare: async ({ postgresUrl }) => {
    const connection = new PostgresConnection({ connectionString: postgresUrl, migrate: true });
    await connection.waitUntilReady();
    await connection.close();
    return { address: postgresUrl, remove: async () => {} };
  },
  open: (connectionString) => openWith(createPostgresBackend, { connectionString, max: 20 }),
};
