import { type LeaseKeeper, systemClock, systemRandom } from "@millrace/models";
import { tableNames } from "../connection/table-names.ts";
import { chooseDriver } from "../driver/choose-driver.ts";
import type { SqliteDriverName } from "../driver/sqlite-database.ts";
import { openStore } from "../open-store.ts";
import { extend } from "../operations/extend.ts";
import { GroupWriter } from "../transaction/group-writer.ts";

/** What a thread needs to open the same file again. Plain data. */
export interface SqliteLeaseKeeperOptions {
  readonly path: string;
  readonly driver: SqliteDriverName;
  readonly tablePrefix: string;
  readonly relaxedDurability: boolean;
  readonly busyTimeoutMs: number;
}

// It only extends leases: a few rows of one index are all it ever looks at.
const cacheBytes = 1_048_576;

/** Opens a connection of its own and renews leases over it. The schema is there already: its store has made it. */
export function openLeaseKeeper(options: SqliteLeaseKeeperOptions): LeaseKeeper {
  const { path, busyTimeoutMs, tablePrefix, relaxedDurability } = options;
  const names = tableNames(tablePrefix);
  const store = {
    path,
    database: null,
    driver: chooseDriver(options.driver),
    prefix: tablePrefix,
    names,
    relaxedDurability,
    migrate: false,
    busyTimeoutMs,
    cacheBytes,
    readTimeoutMs: 0,
    clock: systemClock,
    random: systemRandom,
  };
  const writer = new GroupWriter({ ...store, open: () => openStore(store), onTold: () => {} });
  return {
    extend: async (leases, leaseMs) =>
      leases.length === 0 ? [] : writer.run(leases.length, (tx) => extend(tx, leases, leaseMs)),
    close: () => writer.close(),
  };
}
