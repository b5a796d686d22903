import { testTaskStore } from "@millrace/conformance";
import type { TaskStore } from "@millrace/models";
import { afterAll, beforeAll } from "vitest";
import { createPostgresTaskStore, preparePostgresTaskStoreSchema } from "./create-postgres-task-store.ts";
import { openTestSchema, type TestSchema } from "./testing/test-schema.ts";

let place: TestSchema | null = null;

const opened = (): TestSchema => {
  if (!place) throw new Error("the schema is not open");
  return place;
};

beforeAll(async () => {
  place = await openTestSchema("own_");
  const { connectionString, schema } = place;
  await preparePostgresTaskStoreSchema({ connectionString, schema, tablePrefix: "own_" });
});
afterAll(() => place?.drop());

testTaskStore({
  name: "postgres, in a schema and under a prefix of its own (R58, R60)",
  runs: { propertyRuns: 20 },
  create: async (environment) => {
    const { connectionString, schema, clear } = opened();
    const options = { connectionString, schema, tablePrefix: "own_", listen: false as const, ...environment };
    let store: TaskStore = createPostgresTaskStore(options);
    return {
      store,
      reopen: async () => {
        await store.close();
        store = createPostgresTaskStore(options);
        return store;
      },
      close: async () => {
        await store.close();
        await clear();
      },
    };
  },
});
