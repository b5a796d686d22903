import type { TaskStore } from "@millrace/models";
import type { CallerTransaction } from "../caller/caller-transaction.ts";
import { createPostgresTaskStore } from "../create-postgres-task-store.ts";
import type { PostgresTaskStoreOptions } from "../postgres-store-options.ts";
import { openTestSchema, type TestSchema } from "./test-schema.ts";

/** Stores over one schema, each with connections of its own as another process would have. */
export interface TestStores extends AsyncDisposable {
  readonly place: TestSchema;
  readonly stores: readonly TaskStore<CallerTransaction>[];
}

/** Opens so many stores, by the database's own clock, on the tests' server or the one that is named. */
export async function openStores(count: number, options: Partial<PostgresTaskStoreOptions> = {}): Promise<TestStores> {
  const place = await openTestSchema("millrace_", options.connectionString);
  const { connectionString, schema } = place;
  const stores = Array.from({ length: count }, () => createPostgresTaskStore({ ...options, connectionString, schema }));
  return {
    place,
    stores,
    async [Symbol.asyncDispose]() {
      await Promise.all(stores.map((store) => store.close()));
      await place.drop();
    },
  };
}
