import { createWatchers, type Facet, type FacetName, type TaskStore } from "@millrace/models";
import { createFollower } from "@millrace/store-sql";
import type { CallerTransaction } from "./caller/caller-transaction.ts";
import { createWithin } from "./caller/within.ts";
import { Engine } from "./connection/engine.ts";
import { type Connections, createConnections, endConnections } from "./connection/pools.ts";
import type { Session } from "./connection/session.ts";
import { WakeUps } from "./connection/wake-ups.ts";
import { createWrites } from "./create-writes.ts";
import { createFacets } from "./facets/create-facets.ts";
import { EnqueueQueue } from "./operations/enqueue-queue.ts";
import { followLater } from "./operations/expire.ts";
import {
  type PostgresTaskStoreOptions,
  type ResolvedPostgresOptions,
  resolvePostgresOptions,
} from "./postgres-store-options.ts";
import { createReads } from "./read/create-reads.ts";

/**
 * A store that keeps its tasks in Postgres, for many processes and hosts at once. It connects when it is first used: a wrong
 * address or a refused login shows as the rejection of that use.
 *
 * @throws `OPTION_INVALID`, `NAME_INVALID`
 */
export function createPostgresTaskStore(options: PostgresTaskStoreOptions): TaskStore<CallerTransaction> {
  const resolved = resolvePostgresOptions(options);
  return openStore(resolved, createConnections(resolved), endConnections);
}

// Fewer statements a task: one process and two do a tenth more than with 200.
const batchSize = 500;

/** A store over connections that are there; closing it does to them what `end` says. */
export function openStore(
  resolved: ResolvedPostgresOptions,
  connections: Connections,
  end: (connections: Connections) => Promise<void>,
): TaskStore<CallerTransaction> {
  const watchers = createWatchers();
  const wakeUps = new WakeUps(resolved, () => engine, watchers.wake);
  const onTold = (isSaid: boolean): void => wakeUps.told(isSaid);
  const sayBehind = (session: Session): boolean => wakeUps.sayBehind(session);
  const onLater = createFollower(() => engine.transaction(followLater));
  const engine = new Engine(resolved, { connections, onTold, sayBehind, onLater, end });
  const queue = new EnqueueQueue(engine);
  const facets = createFacets(engine);
  return {
    ...createWrites(engine, queue),
    ...createReads(engine),
    batchSize,
    watch: (wake) => {
      wakeUps.listen();
      return watchers.watch(wake);
    },
    within: createWithin(engine),
    facet: <Name extends FacetName>(name: Name): Facet<Name> | null => facets[name],
    close: async () => {
      watchers.clear();
      await queue.idle();
      await wakeUps.close();
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
  const resolved = resolvePostgresOptions({ ...options, migrate: true });
  const engine = new Engine(resolved, { connections: createConnections(resolved), onTold: () => {} });
  try {
    await engine.quietly(async () => null);
  } finally {
    await engine.close();
  }
}
