import type { Suite, Variant } from "../harness/suite.ts";
import { draining } from "./drain-backlog.ts";
import { oneAndTwo } from "./in-turns.ts";
import { claimAndSettleRaw } from "./raw-postgres.ts";

// As long as each needs to be measured for about a second.
const backlogs = {
  millrace: 60_000,
  graphileLocalQueue: 60_000,
  graphileDefault: 6_000,
  pgBossBatch: 10_000,
  pgBossBatch1000: 60_000,
  bullmqRedis: 20_000,
  bullmqPostgres: 4_000,
  dbos: 600,
} as const;

const at = (system: keyof typeof backlogs, concurrency: number, processes = 1): ReturnType<typeof draining> =>
  draining({ system, concurrency, processes, backlog: backlogs[system] });

/** Our own statements without us: 500 at a time, as the host asks for. */
const raw: Variant = async ({ scale, postgresUrl }) => {
  const count = Math.round(60_000 * scale);
  const seconds = await claimAndSettleRaw(postgresUrl, count, 500);
  return { perSecond: count / seconds, usPerTask: (seconds * 1e6) / count };
};

export const postgresProcessSuite: Suite = {
  name: "postgres-process",
  title: "Postgres: a backlog of no-op jobs, claimed, run and completed",
  method:
    "Postgres 18 with fsync, full_page_writes and synchronous_commit on; worker processes of their own; once each has run as many to warm up, until " +
    "the queue itself has nothing left to complete. One process and two work one backlog of 460,000 off in turns of half a second, in every other " +
    "of which one of two stands still; what is counted there are jobs begun. `…BusyPercent`: of all cores. Millrace keeps record, output and " +
    "journal. graphile-worker deletes what is done; its local queue has 500 jobs and completions without delay. pg-boss keeps the record; it is " +
    "woken by NOTIFY and fetches in bursts. BullMQ removes what is done; on Redis with appendfsync everysec, which may lose a second. DBOS keeps " +
    "the record; its queue is polled every 10 ms.",
  needsPostgres: true,
  variants: {
    "millrace 10": at("millrace", 10),
    "graphile local queue 10": at("graphileLocalQueue", 10),
    "pg-boss 1000": at("pgBossBatch1000", 10),
    "bullmq redis 10": at("bullmqRedis", 10),
    "millrace 100": at("millrace", 100),
    "graphile local queue 100": at("graphileLocalQueue", 100),
    "bullmq redis 100": at("bullmqRedis", 100),
    "millrace 10, one and two processes": oneAndTwo({ system: "millrace", concurrency: 10, backlog: 460_000 }),
    "millrace 10, two processes": at("millrace", 10, 2),
    "graphile local queue 10, two processes": at("graphileLocalQueue", 10, 2),
    "graphile 10": at("graphileDefault", 10),
    "graphile 100": at("graphileDefault", 100),
    "pg-boss 10": at("pgBossBatch", 10),
    "pg-boss 100": at("pgBossBatch", 100),
    "bullmq postgres 10": at("bullmqPostgres", 10),
    "dbos 10": at("dbos", 10),
    "dbos 100": at("dbos", 100),
    "raw loop": raw,
  },
  targets: [
    ...[10, 100].flatMap((c) => [
      {
        label: `${c} at once: graphile-worker, local queue`,
        of: `millrace ${c}.perSecond`,
        per: `graphile local queue ${c}.perSecond`,
        atLeast: 0.9,
        goal: 1.2,
      },
      {
        label: `${c} at once: graphile-worker`,
        of: `millrace ${c}.perSecond`,
        per: `graphile ${c}.perSecond`,
        atLeast: 7,
      },
      {
        label: `${c} at once: pg-boss, batches of ${c}`,
        of: `millrace ${c}.perSecond`,
        per: `pg-boss ${c}.perSecond`,
        atLeast: c === 10 ? 4 : 2.5,
      },
      {
        label: `${c} at once: pg-boss, batches of 1000`,
        of: `millrace ${c}.perSecond`,
        per: "pg-boss 1000.perSecond",
        atLeast: 0.7,
      },
      {
        label: `${c} at once: BullMQ on Redis, everysec`,
        of: `millrace ${c}.perSecond`,
        per: `bullmq redis ${c}.perSecond`,
        atLeast: 1.1,
      },
      { label: `${c} at once: DBOS`, of: `millrace ${c}.perSecond`, per: `dbos ${c}.perSecond`, atLeast: 20 },
    ]),
    { label: "our own statements in a raw loop", of: "millrace 10.perSecond", per: "raw loop.perSecond", atLeast: 0.6 },
    {
      label: "10 at once: BullMQ on Postgres",
      of: "millrace 10.perSecond",
      per: "bullmq postgres 10.perSecond",
      atLeast: 1,
    },
    {
      label: "two processes against one",
      of: "millrace 10, one and two processes.twoPerSecond",
      per: "millrace 10, one and two processes.onePerSecond",
      atLeast: 1.25,
    },
    {
      label: "two processes: graphile-worker, local queue",
      of: "millrace 10, two processes.perSecond",
      per: "graphile local queue 10, two processes.perSecond",
      atLeast: 0.9,
    },
  ],
};
