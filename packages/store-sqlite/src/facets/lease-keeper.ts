import { resolve } from "node:path";
import type { LeaseKeeperFacet } from "@millrace/models";
import { inMemory } from "../connection/open-connection.ts";
import { canShareWrites, sqliteVersion } from "../connection/writer-lock.ts";
import type { ResolvedSqliteOptions } from "../sqlite-store-options.ts";
import type { SqliteLeaseKeeperOptions } from "./lease-keeper.entry.ts";

/**
 * How a thread renews leases over a connection of its own; null where it cannot: a database in memory, one that the caller
 * has opened, or a SQLite that must have one writer only.
 */
export function leaseKeeperOf(options: ResolvedSqliteOptions): LeaseKeeperFacet | null {
  const { path, database, driver, prefix, relaxedDurability, busyTimeoutMs } = options;
  if (database !== null || path === inMemory || !canShareWrites(sqliteVersion(driver))) return null;
  const extension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
  const keeper: SqliteLeaseKeeperOptions = {
    path: resolve(path),
    driver: driver.name,
    tablePrefix: prefix,
    relaxedDurability,
    busyTimeoutMs,
  };
  return { module: new URL(`./lease-keeper.entry${extension}`, import.meta.url).href, options: keeper };
}
