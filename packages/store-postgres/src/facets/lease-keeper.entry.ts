import type { LeaseKeeper } from "@millrace/models";
import { Engine } from "../connection/engine.ts";
import { createConnections } from "../connection/pools.ts";
import { extend } from "../operations/extend.ts";
import { type PostgresTaskStoreOptions, resolvePostgresOptions } from "../postgres-store-options.ts";

/** What a thread needs to reach the same database again. Plain data. */
export type PostgresLeaseKeeperOptions = Pick<
  PostgresTaskStoreOptions,
  "connectionString" | "schema" | "tablePrefix" | "pooler" | "relaxedDurability" | "connectTimeoutMs" | "queryTimeoutMs"
>;

/** Opens a connection of its own and renews leases over it. The schema is there already: its store has made it. */
export function openLeaseKeeper(options: PostgresLeaseKeeperOptions): LeaseKeeper {
  const resolved = resolvePostgresOptions({ ...options, migrate: false, connections: 1, listen: false });
  const engine = new Engine(resolved, { connections: createConnections(resolved), onTold: () => {} });
  return {
    extend: async (leases, leaseMs) =>
      leases.length === 0 ? [] : engine.quietly((session) => extend(session, leases, { leaseMs, now: null })),
    close: () => engine.close(),
  };
}
