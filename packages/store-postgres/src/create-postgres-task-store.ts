import type { Facet, FacetName, TaskStore } from "@millrace/models";
import { createWatchers } from "@millrace/store-sql";
import type { CallerTransaction } from "./connection/caller-session.ts";
import { Engine } from "./connection/engine.ts";
import { createWrites } from "./create-writes.ts";
import { createFacets } from "./facets/create-facets.ts";
import { EnqueueQueue } from "./operations/enqueue-queue.ts";
import { type PostgresTaskStoreOptions, resolvePostgresOptions } from "./postgres-store-options.ts";
import { createReads } from "./read/create-reads.ts";
import { createWithin } from "./within.ts";

/**
 * A store that keeps its tasks in Postgres, for many processes and hosts at once. It connects when it is first used: a wrong
 * address or a refused login shows as the rejection of that use.
 *
 * @throws `OPTION_INVALID`, `NAME_INVALID`
 */
export function createPostgresTaskStore(options: PostgresTaskStoreOptions): TaskStore<CallerTransaction> {
  const resolved = resolvePostgresOptions(options);
  const watchers = createWatchers();
  const engine = new Engine(resolved, watchers.wake);
  const queue = new EnqueueQueue(engine);
  const facets = createFacets(engine);
  return {
    ...createWrites(engine, queue),
    ...createReads(engine),
    watch: watchers.watch,
    within: createWithin(engine),
    facet: <Name extends FacetName>(name: Name): Facet<Name> | null => facets[name],
    close: async () => {
      watchers.clear();
      await queue.idle();
      await engine.close();
    },
  };
}

/**
 * Makes or updates the schema, then lets go of the database: for deployments that migrate before they start.
 *
 * @throws what connecting and migrating throws, see `createPostgresTaskStore`
 */
export async function preparePostgresTaskStoreSchema(options: PostgresTaskStoreOptions): Promise<void> {
  const engine = new Engine(resolvePostgresOptions({ ...options, migrate: true }), () => {});
  try {
    await engine.quietly(async () => null);
  } finally {
    await engine.close();
  }
}
