import { testTaskStore } from "@millrace/conformance";
import { Client } from "pg";
import { afterAll, beforeAll, describe } from "vitest";
import { type Connections, createConnections, endConnections } from "./connection/pools.ts";
import { openStore, preparePostgresTaskStoreSchema } from "./create-postgres-task-store.ts";
import { resolvePostgresOptions } from "./postgres-store-options.ts";
import { openTestSchema, type TestSchema } from "./testing/test-schema.ts";
import { startTestServer, type TestServer } from "./testing/test-server.ts";

/** A schema with its tables and open connections: making these anew for each case would take most of the time. */
interface Place {
  readonly schema: TestSchema;
  /** How the store logs in. */
  readonly connectionString: string;
  readonly connections: Connections;
}

const prefix = "own_";
const all: Place[] = [];
const free: Place[] = [];

async function openPlace(): Promise<Place> {
  const schema = await openTestSchema(prefix, server?.url);
  const connectionString = await plainUserOf(schema);
  const options = { connectionString, schema: schema.schema, tablePrefix: prefix };
  await preparePostgresTaskStoreSchema(options);
  const place = { schema, connectionString, connections: createConnections(resolvePostgresOptions(options)) };
  all.push(place);
  return place;
}

/** On a server of ours the suite runs as somebody who owns one schema and has no right beside that. */
async function plainUserOf({ client, connectionString, schema }: TestSchema): Promise<string> {
  if (server === null) return connectionString;
  await client.query(`create schema "${schema}" authorization plain`);
  const url = new URL(connectionString);
  url.username = "plain";
  url.password = "plain";
  return url.href;
}

// A server that no other test file uses: the last cases of the journal cut it right behind a cursor, and there a stranger's
// open transaction, which a snapshot names without telling whose it is, makes a cautious answer of a sure one.
let server: TestServer | null = null;
beforeAll(async () => {
  if (process.env["DATABASE_URL"]) return;
  server = await startTestServer();
  const client = new Client({ connectionString: server.url });
  await client.connect();
  await client.query("create role plain login password 'plain'");
  await client.end();
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
    name: "postgres, in a schema and under a prefix of its own, as a plain user (R58, R60)",
    runs: { propertyRuns: 20 },
    create: async (environment) => {
      const place = free.pop() ?? (await openPlace());
      const { connectionString } = place;
      const { schema } = place.schema;
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
