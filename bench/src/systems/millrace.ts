import { createTaskClient, createTaskHost } from "@millrace/engine";
import { createInProcessTaskExecutor } from "@millrace/executor-in-process";
import { defineTask } from "@millrace/models";
import { createPostgresTaskStore, preparePostgresTaskStoreSchema } from "@millrace/store-postgres";
import { Pool } from "pg";
import { fill } from "../suites/millrace-parts.ts";
import { isNothingLeft, payload, type QueueSystem } from "./queue-system.ts";

const kind = "bench.noop";

/** Millrace on Postgres, with everything on that is on by default; handlers in-process. */
export const millrace: QueueSystem = {
  prepare: async ({ postgresUrl }) => {
    await preparePostgresTaskStoreSchema({ connectionString: postgresUrl });
    return { address: postgresUrl, remove: async () => {} };
  },
  open: async (connectionString) => {
    const store = createPostgresTaskStore({ connectionString });
    const client = createTaskClient({ store, tasks: [defineTask({ kind, run: (_input: unknown) => null })] });
    const looker = new Pool({ connectionString, max: 1 });
    return {
      enqueue: (n) => client.enqueue(kind, payload(n)),
      fill: (count) => fill(store, count),
      isDrained: async () =>
        (await isNothingLeft(looker, "select 1 from millrace_queue")) &&
        (await isNothingLeft(looker, "select 1 from millrace_running")),
      work: async (concurrency, onRun) => {
        const task = defineTask({
          kind,
          run: (_input: unknown) => {
            onRun();
            return null;
          },
        });
        const executor = createInProcessTaskExecutor();
        const host = createTaskHost({ store, executor, tasks: [task], runner: { concurrency } });
        await host.start();
        return () => host.stop();
      },
      close: async () => {
        await looker.end();
        await store.close();
      },
    };
  },
};
