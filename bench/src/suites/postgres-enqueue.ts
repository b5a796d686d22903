import type { Suite, Variant } from "../harness/suite.ts";
import { type SystemName, systems } from "../systems/all-systems.ts";
import { fromCallers, payload } from "../systems/queue-system.ts";
import { openRawTransactions } from "./raw-postgres.ts";

const callers = 20;

/** 20 callers, each of which waits for its own answer before its next call. */
const calling =
  (name: SystemName, calls: number): Variant =>
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

/**
 * One caller, a hundred calls in turn with a hundred raw transactions. In separate runs it was half of the raw transaction or more than
 * all of it, by how the machine was in the one run and in the other; in turns both meet the same machine.
 */
const inTurns: Variant = async ({ folder, scale, postgresUrl }) => {
  const { prepare, open } = systems.millrace;
  const { address, remove } = await prepare({ postgresUrl, folder });
  const queue = await open(address);
  await queue.enqueue(0);
  const raw = await openRawTransactions(postgresUrl);
  const calls = 100;
  const secondsOf = async (call: (n: number) => Promise<unknown>): Promise<number> => {
    const begun = performance.now();
    await fromCallers(1, calls, call);
    return (performance.now() - begun) / 1_000;
  };
  const turns = async (count: number): Promise<{ readonly ours: number; readonly raws: number }> => {
    let [ours, raws] = [0, 0];
    for (let turn = 0; turn < count; turn += 1) {
      ours += await secondsOf(queue.enqueue);
      raws += await secondsOf((n) => raw.insert(payload(n)));
    }
    return { ours, raws };
  };
  const count = Math.max(1, Math.round(30 * scale));
  // Statements prepared, and the code compiled.
  await turns(count);
  const { ours, raws } = await turns(count);
  await raw.end();
  await queue.close();
  await remove();
  return { perSecond: (count * calls) / ours, rawPerSecond: (count * calls) / raws };
};

export const postgresEnqueueSuite: Suite = {
  name: "postgres-enqueue",
  title: "Postgres: enqueue through the client",
  method:
    "20 callers, or one, that each wait for their own answer before the next call, after as many calls to warm up; every answer means that the job is durable (fsync and " +
    "synchronous_commit on; BullMQ on Redis: within a second). The raw transaction writes the same three rows by prepared statements, sent in one flight; it takes turns with the one caller, " +
    "a hundred calls each, in one process.",
  needsPostgres: true,
  variants: {
    "millrace, 20 callers": calling("millrace", 40_000),
    "graphile, 20 callers": calling("graphileDefault", 4_000),
    "pg-boss, 20 callers": calling("pgBossBatch", 4_000),
    "bullmq redis, 20 callers": calling("bullmqRedis", 20_000),
    "bullmq postgres, 20 callers": calling("bullmqPostgres", 3_000),
    "dbos, 20 callers": calling("dbos", 2_000),
    "millrace, one caller": inTurns,
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
      per: "millrace, one caller.rawPerSecond",
      atLeast: 0.8,
    },
  ],
};
