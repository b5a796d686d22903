import { createWatchers, type Facet, type FacetName, type TaskStore } from "@millrace/models";
import { createFollower, mostFollowed } from "@millrace/store-sql";
import { CheckpointThread } from "./connection/checkpoint-thread.ts";
import { dataVersion, ForeignWrites } from "./connection/foreign-writes.ts";
import type { BetterSqlite3Database } from "./driver/better-sqlite3-driver.ts";
import { createFacets } from "./facets/create-facets.ts";
import { followLater } from "./operations/expire.ts";
import { openStore } from "./open-store.ts";
import { createReads } from "./read/create-reads.ts";
import { resolveSqliteOptions, type SqliteTaskStoreOptions } from "./sqlite-store-options.ts";
import { GroupWriter } from "./transaction/group-writer.ts";
import { createWithin } from "./within.ts";
import { createWrites } from "./create-writes.ts";

/**
 * A store that keeps its tasks in one SQLite file. It opens the file when it is first used: a wrong path or a damaged file
 * shows as the rejection of that use.
 *
 * @throws `OPTION_INVALID`, `NAME_INVALID`
 */
export function createSqliteTaskStore(options: SqliteTaskStoreOptions): TaskStore<BetterSqlite3Database> {
  const resolved = resolveSqliteOptions(options);
  const watchers = createWatchers();
  const checkpoints = new CheckpointThread(resolved);
  const writer = new GroupWriter({
    ...resolved,
    open: () => openStore(resolved),
    onTold: (events) => {
      checkpoints.written(events);
      watchers.wake();
    },
    onLater: createFollower(() => writer.run(mostFollowed, followLater)),
  });
  const version = (): number => writer.read((connection) => Number(connection.use(dataVersion).get()?.[0]));
  const foreign = new ForeignWrites(version, watchers.wake);
  const reads = createReads(resolved, writer);
  const facets = createFacets(resolved, writer, reads);
  const within = createWithin(resolved, writer);
  return {
    ...createWrites(writer, watchers.wake),
    kinds: reads.kinds,
    read: reads.read,
    get: reads.get,
    steps: reads.steps,
    attempts: reads.attempts,
    aggregate: reads.aggregate,
    events: reads.events,
    watch: (wake) => {
      const leave = foreign.watch();
      const stop = watchers.watch(wake);
      return () => {
        leave();
        stop();
      };
    },
    within: within.within,
    withinSync: within.withinSync,
    facet: <Name extends FacetName>(name: Name): Facet<Name> | null => facets[name],
    close: async () => {
      watchers.clear();
      foreign.stop();
      await Promise.all([writer.close(), reads.close(), checkpoints.close()]);
    },
  };
}

/**
 * Makes or updates the schema, then lets go of the file: for deployments that migrate before they start.
 *
 * @throws what opening and migrating throws, see `createSqliteTaskStore`
 */
export async function prepareSqliteTaskStoreSchema(options: SqliteTaskStoreOptions): Promise<void> {
  const resolved = resolveSqliteOptions({ ...options, migrate: true });
  const writer = new GroupWriter({ ...resolved, open: () => openStore(resolved), onTold: () => {} });
  try {
    await writer.run(1, () => null);
  } finally {
    await writer.close();
  }
}
