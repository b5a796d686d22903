import type { Facet, FacetName, StorageReport } from "@millrace/models";
import type { MemoryState } from "../state/memory-state.ts";
import type { RunOperation } from "../state/operation-runner.ts";
import { readActivity, readEnded, readLoads } from "./activity.ts";
import { forgetCursor, listCursors, loadCursor, saveCursor } from "./cursors.ts";
import { listFailureMarks, removeFailureMarks, setFailureMarks } from "./failure-marks.ts";
import { beat, drainHost, listHosts } from "./hosts.ts";
import { listLimits, setLimit, setRate } from "./limits.ts";
import { listOccurrences, pruneOccurrences, runSchedules, stepSchedules } from "./occurrences.ts";
import { previewSweep, prune } from "./retention.ts";
import { lookAtWaits } from "./waits.ts";
import { changeSchedules, putSchedules, readSchedules, takeSchedules } from "./schedules.ts";
import { tellUnserved, unserved } from "./unserved.ts";

/** Every facet of a memory store. Nobody outside this process can open it, so it has no lease keeper, no fence, and no database to look at. */
export type MemoryFacets = { readonly [Name in FacetName]: Facet<Name> | null };

const storage: StorageReport = Object.freeze({
  type: "memory",
  version: null,
  schemaVersion: null,
  schemaNeeded: null,
  sizeBytes: null,
});

/** The facets over a state. */
export function createFacets(state: MemoryState, run: RunOperation): MemoryFacets {
  return {
    retention: {
      prune: (policy, limit) => run(() => prune(state, policy, limit)),
      preview: (policy) => run(() => previewSweep(state, policy)),
      lastSweep: () => run(() => state.lastSweep),
    },
    hosts: {
      beat: (told) => run(() => beat(state, told)),
      list: () => run(() => listHosts(state)),
      drain: (hostId, drain) => run(() => drainHost(state, hostId, drain)),
      unserved: () => run(() => unserved(state)),
      tellUnserved: () => run(() => tellUnserved(state)),
    },
    limits: {
      setLimit: (scope, limit, by) => run(() => setLimit(state, scope, { limit, by })),
      setRate: (scope, rate) => run(() => setRate(state, scope, rate)),
      list: (limit) => run(() => listLimits(state, limit)),
    },
    cursors: {
      load: (consumer) => run(() => loadCursor(state, consumer)),
      save: (consumer, cursor) => run(() => saveCursor(state, consumer, cursor)),
      list: () => run(() => listCursors(state)),
      forget: (consumer) => run(() => forgetCursor(state, consumer)),
    },
    waits: { look: (taskId, limit) => run(() => lookAtWaits(state, taskId, limit)) },
    schedules: {
      put: (asks) => run(() => putSchedules(state, asks)),
      change: (changes) => run(() => changeSchedules(state, changes)),
      take: (request) => run(() => takeSchedules(state, request)),
      step: (steps) => run(() => stepSchedules(state, steps)),
      run: (asks) => run(() => runSchedules(state, asks)),
      read: (query) => run(() => readSchedules(state, query)),
      occurrences: (query) => run(() => listOccurrences(state, query)),
      prune: (keepMs, limit) => run(() => pruneOccurrences(state, keepMs, limit)),
    },
    activity: {
      read: (query) => run(() => readActivity(state, query)),
      loads: () => run(() => readLoads(state)),
      ended: (query) => run(() => readEnded(state, query)),
    },
    failureMarks: {
      list: () => run(() => listFailureMarks(state)),
      set: (asks) => run(() => setFailureMarks(state, asks)),
      remove: (keys) => run(() => removeFailureMarks(state, keys)),
    },
    storage: { read: () => run(() => storage) },
    leaseKeeper: null,
    txFence: null,
    health: null,
  };
}
