import {
  type Clock,
  type EventFilter,
  type Facet,
  type FacetName,
  type Random,
  systemClock,
  systemRandom,
  TaskError,
  type TaskStore,
} from "@millrace/models";
import { createFacets } from "./facets/create-facets.ts";
import { aggregate } from "./operations/aggregate.ts";
import { cancel } from "./operations/cancel.ts";
import { change } from "./operations/change.ts";
import { claim } from "./operations/claim.ts";
import { enqueue } from "./operations/enqueue.ts";
import { events } from "./operations/events.ts";
import { expire } from "./operations/expire.ts";
import { extend } from "./operations/extend.ts";
import { kinds, setKind } from "./operations/kinds.ts";
import { markStale } from "./operations/mark-stale.ts";
import { memo } from "./operations/memo.ts";
import { attempts, get, read } from "./operations/read.ts";
import { remove } from "./operations/remove.ts";
import { report } from "./operations/report.ts";
import { retry } from "./operations/retry.ts";
import { settle } from "./operations/settle.ts";
import { signal } from "./operations/signal.ts";
import { steps } from "./operations/steps.ts";
import { createMemoryState } from "./state/memory-state.ts";
import { createOperationRunner } from "./state/operation-runner.ts";

/** How a memory store is made. */
export interface MemoryTaskStoreOptions {
  /** The clock that decides. @defaultValue the clock of this machine */
  readonly clock?: Clock;
  /** Where lease tokens come from. @defaultValue the platform's own chance */
  readonly random?: Random;
  /** Marks the cursors of this store, so that those of another are recognised. @defaultValue a random UUID */
  readonly epoch?: string;
}

/**
 * A store that keeps its tasks in this process, and forgets them with it: for tests, for tries, and as the model that the
 * other stores are measured against. It has every operation and every facet but `leaseKeeper` and `health`; `within` throws
 * `TX_UNSUPPORTED`.
 */
export function createMemoryTaskStore(options: MemoryTaskStoreOptions = {}): TaskStore {
  const { clock = systemClock, random = systemRandom } = options;
  const state = createMemoryState({ clock, random, epoch: options.epoch ?? random.uuid() });
  const runner = createOperationRunner(state);
  const { run } = runner;
  const facets = createFacets(state, run);
  return {
    enqueue: (groups) => run(() => enqueue(state, groups)),
    claim: (request) => run(() => claim(state, request)),
    extend: (leases, leaseMs) => run(() => extend(state, leases, leaseMs)),
    report: (reports) => run(() => report(state, reports)),
    settle: (settlements) => run(() => settle(state, settlements)),
    expire: (limit) => run(() => expire(state, limit)),
    cancel: (asks) => run(() => cancel(state, asks)),
    change: (asks) => run(() => change(state, asks)),
    retry: (taskIds) => run(() => retry(state, taskIds)),
    signal: (asks) => run(() => signal(state, asks)),
    memo: (asks) => run(() => memo(state, asks)),
    markStale: (silentForMs, limit) => run(() => markStale(state, silentForMs, limit)),
    remove: (asks) => run(() => remove(state, asks)),
    setKind: (asks) => run(() => setKind(state, asks)),
    kinds: () => run(() => kinds(state)),
    read: (query) => run(() => read(state, query)),
    get: (taskIds) => run(() => get(state, taskIds)),
    steps: (query) => run(() => steps(state, query)),
    attempts: (taskId) => run(() => attempts(state, taskId)),
    aggregate: (filter) => run(() => aggregate(state, filter)),
    events: (after, limit, filter: EventFilter = {}) => run(() => events(state, { after, limit, filter })),
    watch: runner.watch,
    within: () => {
      throw new TaskError("TX_UNSUPPORTED", "A memory store has no transactions of its caller's to work in.");
    },
    facet: <Name extends FacetName>(name: Name): Facet<Name> | null => facets[name],
    close: runner.close,
  };
}
