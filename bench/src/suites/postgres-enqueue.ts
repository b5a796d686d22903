import type { Suite, Variant } from "../harness/suite.ts";
import { type SystemName, systems } from "../systems/all-systems.ts";
import { fromCallers, payload } from "../systems/queue-system.ts";
import { insertsInTransactions } from "./raw-postgres.ts";

/** So many callers, each of which waits for its own answer before its next call. */
const calling =
  (name: SystemName, callers: number, calls: number): Variant =>
  async ({ folder, scale, postgresUrl }) => {
    const count = Math.round(calls * scale);
    const { address, remove } = await systems[name].prepare({ postgresUrl, folder });
    const queue = await systems[name].open(address);
    // Connections are open, statements prepared and the code compiled.
    await fromCallers(callers, count, queue.enqueue);
    const begun = performance.now();
    await fromCallers(callers, count, queue.enqueue);
    const seconds = (performance.now() - begun) / 1_000;
    await queue.close();
    await remove();
    return { perSecond: count / seconds };
  };

const raw: Variant = async ({ scale, postgresUrl }) => {
  const { prepare, open } = systems.millrace;
  await (await prepare({ postgresUrl, folder: "" })).remove();
  const queue = await open(postgresUrl);
  await queue.enqueue(0);
  await queue.close();
  const count = Math.round(3_000 * scale);
  await insertsInTransactions(postgresUrl, count, payload);
  return { perSecond: count / (await insertsInTransactions(postgresUrl, count, payload)) };
};

export const postgresEnqueueSuite: Suite = {
  name: "postgres-enqueue",
  title: "Postgres: enqueue through the client",
  method:
    "20 callers, or one, that each wait for their own answer before the next call, after as many calls to warm up; every answer means that the job is durable (fsync and " +
    "synchronous_commit on; BullMQ on Redis: within a second). The raw transaction writes the same three rows by prepared statements, sent in one flight.",
  needsPostgres: true,
  variants: {
    "millrace, 20 callers": calling("millrace", 20, 40_000),
    "graphile, 20 callers": calling("graphileDefault", 20, 4_000),
    "pg-boss, 20 callers": calling("pgBossBatch", 20, 4_000),
    "bullmq redis, 20 callers": calling("bullmqRedis", 20, 20_000),
    "bullmq postgres, 20 callers": calling("bullmqPostgres", 20, 3_000),
    "dbos, 20 callers": calling("dbos", 20, 2_000),
    "millrace, one caller": calling("millrace", 1, 3_000),
    "raw transaction": raw,
  },
  targets: [
    ...(["graphile", "pg-boss"] as const).map((peer) => ({
      label: `20 callers: ${peer}`,
      of: "millrace, 20 callers.perSecond",
      per: `${peer}, 20 callers.perSecond`,
      atLeast: 12,
      goal: 17,
    })),
    {
      label: "one caller: the raw transaction",
      of: "millrace, one caller.perSecond",
      per: "raw transaction.perSecond",
      atLeast: 0.8,
    },
  ],
};
