import { bullmqPostgres, bullmqRedis } from "./bullmq.ts";
import { dbos } from "./dbos.ts";
import { graphileDefault, graphileLocalQueue } from "./graphile-worker.ts";
import { millrace } from "./millrace.ts";
import { pgBossBatch, pgBossBatch1000 } from "./pg-boss.ts";
import type { QueueSystem } from "./queue-system.ts";

/** Every queue that is measured, by the name that processes tell each other. */
export const systems = {
  millrace,
  graphileLocalQueue,
  graphileDefault,
  pgBossBatch,
  pgBossBatch1000,
  bullmqRedis,
  bullmqPostgres,
  dbos,
} as const satisfies Readonly<Record<string, QueueSystem>>;

/** The name of a queue. */
export type SystemName = keyof typeof systems;
