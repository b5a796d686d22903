import { testTaskStore } from "@millrace/conformance";
import { afterAll, beforeAll, describe } from "vitest";
import { type Connections, createConnections, endConnections } from "./connection/pools.ts";
import { openStore, preparePostgresTaskStoreSchema } from "./create-postgres-task-store.ts";
import { resolvePostgresOptions } from "./postgres-store-options.ts";
import { openTestSchema, type TestSchema } from "./testing/test-schema.ts";
import { startTestServer, type TestServer } from "./testing/test-server.ts";

/** A schema with its tables and open connections: making these anew for each case would take most of the time. */
interface Place {
  readonly schema: TestSchema;
  readonly connections: Connections;
}

const prefix = "own_";
const all: Place[] = [];
const free: Place[] = [];

async function openPlace(): Promise<Place> {
  const schema = await openTestSchema(prefix, server?.url);
  const options = { connectionString: schema.connectionString, schema: schema.schema, tablePrefix: prefix };
  await preparePostgresTaskStoreSchema(options);
  const place = { schema, connections: createConnections(resolvePostgresOptions(options)) };
  all.push(place);
  return place;
}

// A server that no other test file uses: the last cases of the journal cut it right behind a cursor, and there a stranger's
// open transaction, which a snapshot names without telling whose it is, makes a cautious answer of a sure one.
let server: TestServer | null = null;
beforeAll(async () => {
  if (!process.env["DATABASE_URL"]) server = await startTestServer();
}, 60_000);

afterAll(async () => {
  for (const { schema, connections } of all) {
    await endConnections(connections);
    await schema.drop();
  }
  await server?.stop();
});

describe("F59: the suite that every database passes, on Postgres", () => {
  testTaskStore({
    name: "postgres, in a schema and under a prefix of its own (R58, R60)",
    runs: { propertyRuns: 20 },
    create: async (environment) => {
      const place = free.pop() ?? (await openPlace());
      const { connectionString, schema } = place.schema;
      const options = resolvePostgresOptions({
        connectionString,
        schema,
        tablePrefix: prefix,
        listen: false,
        ...environment,
      });
      const open = (): ReturnType<typeof openStore> => openStore(options, place.connections, async () => {});
      let store = open();
      return {
        store,
        reopen: async () => {
          await store.close();
          store = open();
          return store;
        },
        close: async () => {
          await store.close();
          await place.schema.clear();
          free.push(place);
        },
      };
    },
  });
});
