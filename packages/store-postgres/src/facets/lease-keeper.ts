import type { LeaseKeeperFacet } from "@millrace/models";
import type { ResolvedPostgresOptions } from "../postgres-store-options.ts";
import type { PostgresLeaseKeeperOptions } from "./lease-keeper.entry.ts";

/** How a thread renews leases over a connection of its own. */
export function leaseKeeperOf(options: ResolvedPostgresOptions): LeaseKeeperFacet {
  const extension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
  const { connectionString, schema, prefix, isPooled, relaxedDurability, connectTimeoutMs, queryTimeoutMs } = options;
  const keeper: PostgresLeaseKeeperOptions = {
    connectionString,
    schema,
    tablePrefix: prefix,
    relaxedDurability,
    connectTimeoutMs,
    queryTimeoutMs,
    ...(isPooled ? { pooler: "transaction" } : {}),
  };
  return { module: new URL(`./lease-keeper.entry${extension}`, import.meta.url).href, options: keeper };
}
