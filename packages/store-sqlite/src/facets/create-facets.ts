import type { Facets, LeaseKeeperFacet, ScheduleStep } from "@millrace/models";
import type { Reads } from "../read/create-reads.ts";
import type { ResolvedSqliteOptions } from "../sqlite-store-options.ts";
import type { GroupWriter } from "../transaction/group-writer.ts";
import { forgetCursor, listCursors, loadCursor, saveCursor } from "./cursors.ts";
import { listFailureMarks, removeFailureMarks, setFailureMarks } from "./failure-marks.ts";
import { beat, drainHost, listHosts } from "./hosts.ts";
import { listLimits, setLimit, setRate } from "./limits.ts";
import { leaseKeeperOf } from "./lease-keeper.ts";
import { listOccurrences, pruneOccurrences, runSchedules, stepSchedules } from "./occurrences.ts";
import { candidatesFor, prune } from "./retention.ts";
import { txFenceOf } from "./tx-fence.ts";
import { changeSchedules, putSchedules, readSchedules, takeSchedules } from "./schedules.ts";
import { tellUnserved, unserved } from "./unserved.ts";
import { lookAtWaits } from "./waits.ts";

/** Every facet of a SQLite store; one whose database lives in this process only has no lease keeper and no fence. */
export type SqliteFacets = { readonly [Name in keyof Facets]: Facets[Name] | null };

/** The facets over a writer. */
export function createFacets(options: ResolvedSqliteOptions, writer: GroupWriter, reads: Reads): SqliteFacets {
  let leaseKeeper: LeaseKeeperFacet | null | undefined;
  return {
    retention: {
      ...reads.retention,
      prune: async (policy, limit) => {
        const outdated = await reads.outdated(policy, candidatesFor(limit));
        return writer.run(limit, (tx) => prune(tx, policy, { limit, outdated }));
      },
    },
    hosts: {
      beat: (told) => writer.run(1, (tx) => beat(tx, told)),
      list: () => writer.run(1, listHosts),
      drain: (hostId, drain) => writer.run(1, (tx) => drainHost(tx, hostId, drain)),
      unserved: () => writer.run(1, unserved),
      tellUnserved: () => writer.run(1, tellUnserved),
    },
    limits: {
      setLimit: (scope, limit, by) => writer.run(1, (tx) => setLimit(tx, scope, { limit, by })),
      setRate: (scope, rate) => writer.run(1, (tx) => setRate(tx, scope, rate)),
      list: (limit) => writer.run(1, (tx) => listLimits(tx, limit)),
    },
    cursors: {
      load: (consumer) => writer.run(1, (tx) => loadCursor(tx, consumer)),
      save: (consumer, cursor) => writer.run(1, (tx) => saveCursor(tx, consumer, cursor)),
      list: () => writer.run(1, listCursors),
      forget: (consumer) => writer.run(1, (tx) => forgetCursor(tx, consumer)),
    },
    failureMarks: {
      list: () => writer.run(1, listFailureMarks),
      set: (asks) => writer.run(asks.length, (tx) => setFailureMarks(tx, asks)),
      remove: (keys) => writer.run(keys.length, (tx) => removeFailureMarks(tx, keys)),
    },
    txFence: txFenceOf(options),
    storage: reads.storage,
    health: reads.health,
    activity: reads.activity,
    waits: { look: (taskId, limit) => writer.run(1, (tx) => lookAtWaits(tx, taskId, limit)) },
    schedules: {
      put: async (asks) => (asks.length === 0 ? [] : writer.run(asks.length, (tx) => putSchedules(tx, asks))),
      change: async (changes) =>
        changes.length === 0 ? [] : writer.run(changes.length, (tx) => changeSchedules(tx, changes)),
      take: (request) => writer.run(request.limit, (tx) => takeSchedules(tx, request)),
      step: async (steps) => (steps.length === 0 ? [] : writer.run(weightOf(steps), (tx) => stepSchedules(tx, steps))),
      run: async (asks) => (asks.length === 0 ? [] : writer.run(asks.length, (tx) => runSchedules(tx, asks))),
      read: (query) => writer.run(1, (tx) => readSchedules(tx, query)),
      occurrences: (query) => writer.run(1, (tx) => listOccurrences(tx, query)),
      prune: (keepMs, limit) => writer.run(limit, (tx) => pruneOccurrences(tx, keepMs, limit)),
    },
    get leaseKeeper() {
      // Asks the driver for its version, so not before somebody wants it.
      leaseKeeper ??= leaseKeeperOf(options);
      return leaseKeeper;
    },
  };
}

function weightOf(steps: readonly ScheduleStep[]): number {
  return steps.reduce((sum, { occurrences }) => sum + 1 + occurrences.length, 0);
}
