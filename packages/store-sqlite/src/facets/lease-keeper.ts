import { resolve } from "node:path";
import type { LeaseKeeperFacet } from "@millrace/models";
import { mayConnectAgain } from "../connection/may-connect-again.ts";
import type { ResolvedSqliteOptions } from "../sqlite-store-options.ts";
import type { SqliteLeaseKeeperOptions } from "./lease-keeper.entry.ts";

/** How a thread renews leases over a connection of its own; null where it may have none. */
export function leaseKeeperOf(options: ResolvedSqliteOptions): LeaseKeeperFacet | null {
  if (!mayConnectAgain(options)) return null;
  const { path, driver, prefix, relaxedDurability, busyTimeoutMs } = options;
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
