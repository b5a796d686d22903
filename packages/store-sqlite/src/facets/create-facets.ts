import type { Facets } from "@millrace/models";
import type { Reads } from "../read/create-reads.ts";
import type { ResolvedSqliteOptions } from "../sqlite-store-options.ts";
import type { GroupWriter } from "../transaction/group-writer.ts";
import { forgetCursor, listCursors, loadCursor, saveCursor } from "./cursors.ts";
import { beat, drainHost, listHosts, unserved } from "./hosts.ts";
import { listLimits, setLimit, setRate } from "./limits.ts";
import { prune } from "./retention.ts";

/** Every facet of a SQLite store; one whose database lives in this process only has no lease keeper. */
export type SqliteFacets = { readonly [Name in keyof Facets]: Facets[Name] | null };

/** The facets over a writer. */
export function createFacets(_options: ResolvedSqliteOptions, writer: GroupWriter, _reads: Reads): SqliteFacets {
  return {
    retention: { prune: (policy, limit) => writer.run(limit, (tx) => prune(tx, policy, limit)) },
    hosts: {
      beat: (told) => writer.run(1, (tx) => beat(tx, told)),
      list: () => writer.run(1, listHosts),
      drain: (hostId, drain) => writer.run(1, (tx) => drainHost(tx, hostId, drain)),
      unserved: () => writer.run(1, unserved),
    },
    limits: {
      setLimit: (scope, limit) => writer.run(1, (tx) => setLimit(tx, scope, limit)),
      setRate: (scope, rate) => writer.run(1, (tx) => setRate(tx, scope, rate)),
      list: (limit) => writer.run(1, (tx) => listLimits(tx, limit)),
    },
    cursors: {
      load: (consumer) => writer.run(1, (tx) => loadCursor(tx, consumer)),
      save: (consumer, cursor) => writer.run(1, (tx) => saveCursor(tx, consumer, cursor)),
      list: () => writer.run(1, listCursors),
      forget: (consumer) => writer.run(1, (tx) => forgetCursor(tx, consumer)),
    },
    leaseKeeper: null,
  };
}
