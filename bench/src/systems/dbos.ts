import { DBOS, DBOSClient } from "@dbos-inc/dbos-sdk";
import { Pool } from "pg";
import { fromCallers, isNothingLeft, payload, type QueueSystem } from "./queue-system.ts";

const workflowName = "noop";
const queueName = "noop";
const appVersion = "1";
const logger = { info() {}, debug() {}, warn() {}, error() {} };

/** DBOS: a durable workflow without steps, from a queue. */
export const dbos: QueueSystem = {
  prepare: async ({ postgresUrl }) => {
    DBOS.setConfig(configOf(postgresUrl));
    await DBOS.launch();
    await DBOS.shutdown();
    return { address: postgresUrl, remove: async () => {} };
  },
  open: async (systemDatabaseUrl) => {
    const client = await DBOSClient.create({ systemDatabaseUrl, systemDatabasePoolSize: 20, logger });
    const looker = new Pool({ connectionString: systemDatabaseUrl, max: 1 });
    const enqueue = (n: number): Promise<unknown> =>
      client.enqueue({ queueName, workflowName, appVersion }, payload(n));
    return {
      enqueue,
      fill: (count) => fromCallers(20, count, enqueue),
      isDrained: () =>
        isNothingLeft(looker, "select 1 from dbos.workflow_status where status in ('ENQUEUED', 'PENDING')"),
      work: async (concurrency, onRun) => {
        DBOS.setConfig(configOf(systemDatabaseUrl));
        DBOS.registerWorkflow(async () => onRun(), { name: workflowName });
        await DBOS.launch();
        await DBOS.registerQueue(queueName, { workerConcurrency: concurrency, minPollingIntervalMs: 10 });
        return () => DBOS.shutdown();
      },
      close: async () => {
        await looker.end();
        await client.destroy();
      },
    };
  },
};

function configOf(systemDatabaseUrl: string): Parameters<typeof DBOS.setConfig>[0] {
  return {
    name: "bench",
    systemDatabaseUrl,
    applicationVersion: appVersion,
    logLevel: "error",
    systemDatabasePoolSize: 20,
  };
}
