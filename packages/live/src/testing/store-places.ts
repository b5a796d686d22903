import { createSeededRandom, createTaskId, type EnqueueRequest, type TaskStore } from "@millrace/models";
import { createMemoryTaskStore } from "@millrace/store-memory";
import { createPostgresTaskStore } from "@millrace/store-postgres";
import { createSqliteTaskStore } from "@millrace/store-sqlite";
import { Client } from "pg";
import { inject } from "vitest";

declare module "vitest" {
  interface ProvidedContext {
    /** The server that the tests of this run share. */
    postgresUrl: string;
  }
}

/** A store that tests use, with what only some databases can. */
export interface StorePlace extends AsyncDisposable {
  readonly store: TaskStore;
  /** Enqueues in a transaction that stays open until what it answers is called; absent where a commit is never late. */
  readonly enqueueLate?: (request: EnqueueRequest) => Promise<() => Promise<void>>;
}

/** How each sort of store is opened. */
export const storePlaces: Readonly<Record<"memory" | "sqlite" | "postgres", () => Promise<StorePlace>>> = {
  memory: async () => {
    const store = createMemoryTaskStore({ random: createSeededRandom(3) });
    return { store, [Symbol.asyncDispose]: () => store.close() };
  },
  sqlite: async () => {
    const store = createSqliteTaskStore({ path: ":memory:" });
    return { store, [Symbol.asyncDispose]: () => store.close() };
  },
  postgres: openPostgres,
};

async function openPostgres(): Promise<StorePlace> {
  const connectionString = inject("postgresUrl");
  const schema = `live_${createTaskId().replaceAll("-", "_")}`;
  const store = createPostgresTaskStore({ connectionString, schema });
  const spare: Client[] = [];
  const connected = async (): Promise<Client> => {
    const client = new Client({ connectionString });
    await client.connect();
    return client;
  };
  return {
    store,
    async enqueueLate(request) {
      const client = spare.pop() ?? (await connected());
      await client.query("begin");
      await store.within(client).enqueue([{ tasks: [request] }]);
      return async () => {
        await client.query("commit");
        spare.push(client);
      };
    },
    async [Symbol.asyncDispose]() {
      await store.close();
      const client = spare.pop() ?? (await connected());
      await client.query(`drop schema if exists "${schema}" cascade`);
      await Promise.all([client, ...spare].map((one) => one.end()));
    },
  };
}
