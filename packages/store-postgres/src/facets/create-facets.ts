import { checkRetentionPolicy, type Facets, type RetentionFacet, type ScheduleStore } from "@millrace/models";
import type { Engine } from "../connection/engine.ts";
import { createActivity } from "./activity.ts";
import { countOutdated } from "./count-outdated.ts";
import { createCursors } from "./cursors.ts";
import { listFailureMarks, removeFailureMarks, setFailureMarks } from "./failure-marks.ts";
import { lookAtHealth } from "./health.ts";
import { beat, drainHost, listHosts } from "./hosts.ts";
import { lastSweep } from "./last-sweep.ts";
import { leaseKeeperOf } from "./lease-keeper.ts";
import { listLimits, setLimit, setRate } from "./limits.ts";
import { listOccurrences, pruneOccurrences, runSchedules, stepSchedules } from "./occurrences.ts";
import { prune, SweepProgress } from "./retention.ts";
import { txFenceOf } from "./tx-fence.ts";
import { readStorage } from "./storage.ts";
import { changeSchedules, putSchedules, readSchedules, takeSchedules } from "./schedules.ts";
import { tellUnserved, unserved } from "./unserved.ts";
import { lookAtWaits } from "./waits.ts";

/** Every facet of a Postgres store. */
export function createFacets(engine: Engine): Facets {
  return {
    retention: createRetention(engine),
    hosts: {
      beat: (told) => engine.transaction((tx) => beat(tx, told)),
      list: () => engine.transaction(listHosts),
      drain: (hostId, drain) => engine.transaction((tx) => drainHost(tx, hostId, drain)),
      unserved: () => engine.transaction(unserved),
      tellUnserved: () => engine.transaction(tellUnserved),
    },
    limits: {
      setLimit: (scope, limit, by) => engine.transaction((tx) => setLimit(tx, scope, { limit, by })),
      setRate: (scope, rate) => engine.transaction((tx) => setRate(tx, scope, rate)),
      list: (limit) => engine.transaction((tx) => listLimits(tx, limit)),
    },
    cursors: createCursors(engine),
    failureMarks: {
      list: () => engine.read(listFailureMarks),
      set: async (asks) => (asks.length === 0 ? [] : engine.transaction((tx) => setFailureMarks(tx, asks))),
      remove: async (keys) => (keys.length === 0 ? [] : engine.transaction((tx) => removeFailureMarks(tx, keys))),
    },
    schedules: createSchedules(engine),
    leaseKeeper: leaseKeeperOf(engine.options),
    txFence: txFenceOf(engine.options),
    waits: { look: (taskId, limit) => engine.read((session) => lookAtWaits(session, engine.now, { taskId, limit })) },
    activity: createActivity(engine),
    health: { look: (options) => engine.read((session) => lookAtHealth(session, engine.options, options)) },
    storage: { read: () => engine.read(readStorage) },
  };
}

function createRetention(engine: Engine): RetentionFacet {
  const sweep = new SweepProgress();
  return {
    prune: (policy, limit) => prune(engine, sweep, { policy, limit }),
    async preview(policy) {
      checkRetentionPolicy(policy);
      return engine.read((session) => countOutdated(session, engine.now, policy));
    },
    lastSweep: () => engine.look(lastSweep),
  };
}

function createSchedules(engine: Engine): ScheduleStore {
  return {
    put: async (asks) => (asks.length === 0 ? [] : engine.transaction((tx) => putSchedules(tx, asks))),
    change: async (changes) => (changes.length === 0 ? [] : engine.transaction((tx) => changeSchedules(tx, changes))),
    take: (request) => takeSchedules(engine, request),
    step: async (steps) => (steps.length === 0 ? [] : stepSchedules(engine, steps)),
    run: async (asks) => (asks.length === 0 ? [] : engine.transaction((tx) => runSchedules(tx, engine, asks))),
    read: (query) => readSchedules(engine, query),
    occurrences: (query) => listOccurrences(engine, query),
    prune: (keepMs, limit) => pruneOccurrences(engine, keepMs, limit),
  };
}
