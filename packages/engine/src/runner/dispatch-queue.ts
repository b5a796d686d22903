import type { TaskExecutor } from "@millrace/models";
import type { HostDemand, KindDemand } from "../decide/claim-budget.ts";
import type { KindRegistry, ServedKind } from "../host/kind-registry.ts";
import type { KindRates } from "./kind-rates.ts";
import type { HeldTask, RunningTasks } from "./running-tasks.ts";
import { createWaitingTasks } from "./waiting-tasks.ts";

/** Tasks that were claimed and wait for a place here. */
export interface DispatchQueue {
  /** Takes what a claim brought; it starts at once as far as there are places. */
  add(tasks: readonly HeldTask[]): void;
  /** Starts what has a place by now. */
  pump(): void;
  /** Takes out all that has not started. */
  takeWaiting(): readonly HeldTask[];
  /** What this host could take now. */
  demand(): HostDemand;
  /** Suspects wait in the store while this host is never idle: claim nothing until it is. */
  drainForSuspects(on: boolean): void;
  /** Whether a claim could bring something that has a place here, or would soon. */
  readonly hasRoom: boolean;
  /** How many runs are under way. */
  readonly activeRuns: number;
}

export interface DispatchPorts {
  readonly hostId: string;
  readonly leaseMs: number;
  /** How many may wait here at most, claimed but not started. */
  readonly prefetch: number;
  readonly concurrency: number;
  readonly kinds: KindRegistry;
  readonly tasks: RunningTasks;
  readonly rates: KindRates;
  /** Kinds that an operator, a release or a key limits: what is claimed ahead would hold their places. */
  readonly isLimited: (served: ServedKind) => boolean;
  /** Kinds that must not be claimed yet: their registration has not reached the store. */
  readonly isReady: (served: ServedKind) => boolean;
  /** Runs one task, or several of a batch kind; `onFree` is called once, later, when their place is free again. */
  run(tasks: readonly HeldTask[], onFree: () => void): void;
  /** A place has become free. */
  onFree(): void;
}

/** Makes the queue of one host. */
export function createDispatchQueue(ports: DispatchPorts): DispatchQueue {
  const { concurrency, kinds, tasks, rates } = ports;
  const busy = new Map<TaskExecutor, { runs: number }>();
  const waiting = createWaitingTasks();
  /** How many waited after the last claim: until half of them have gone, there is nothing to claim. */
  let lastFilledTo = 0;
  let activeRuns = 0;
  let suspectRuns = 0;
  let draining = false;

  const busyOf = (executor: TaskExecutor): { runs: number } => {
    const known = busy.get(executor);
    if (known) return known;
    const none = { runs: 0 };
    busy.set(executor, none);
    return none;
  };

  const freePlaces = ({ executor }: ServedKind): number | null =>
    executor.capacity === null ? null : Math.max(0, executor.capacity - busyOf(executor).runs);

  const hasPlace = (served: ServedKind): boolean => freePlaces(served) !== 0;

  const start = (group: readonly HeldTask[], { executor }: ServedKind): void => {
    const isSuspect = !executor.isolated && group.some((task) => task.claimed.task.suspect);
    const running = busyOf(executor);
    activeRuns += 1;
    running.runs += 1;
    if (isSuspect) suspectRuns += 1;
    ports.run(group, () => {
      activeRuns -= 1;
      running.runs -= 1;
      if (isSuspect) suspectRuns -= 1;
      pump();
      if (hasRoom()) ports.onFree();
    });
  };

  const hasRoom = (): boolean => activeRuns < concurrency || waiting.size * 2 <= lastFilledTo;

  const pump = (): void => {
    for (let free = concurrency - activeRuns; free > 0; free -= 1) {
      const group = waiting.takeNext(hasPlace);
      const first = group?.[0];
      if (!group || !first) return;
      start(group, first.served);
    }
  };

  const demandOf = (served: ServedKind, waitingOfKind: number): KindDemand => {
    const { executor, kind, batchSize } = served;
    const places = Math.min(concurrency, executor.capacity ?? concurrency);
    const free = freePlaces(served);
    return {
      kind,
      batchSize,
      isolated: executor.isolated,
      executorFree: free === null ? null : Math.max(0, free - Math.ceil(waitingOfKind / batchSize)),
      executorPlaces: executor.capacity,
      waiting: waitingOfKind,
      finishedPer100Ms: rates.per100Ms(kind, places),
      limited: ports.isLimited(served),
    };
  };

  return {
    get activeRuns() {
      return activeRuns;
    },
    get hasRoom() {
      return hasRoom();
    },
    add(claimed) {
      waiting.add(claimed);
      pump();
      lastFilledTo = waiting.size;
    },
    pump,
    takeWaiting: () => waiting.takeAll(),
    drainForSuspects: (on) => {
      draining = on;
    },
    demand() {
      const served = kinds.list().filter(ports.isReady);
      const runsWaiting = served.reduce(
        (sum, { kind, batchSize }) => sum + Math.ceil(waiting.countOf(kind) / batchSize),
        0,
      );
      return {
        hostId: ports.hostId,
        leaseMs: ports.leaseMs,
        prefetch: ports.prefetch,
        freeRuns: Math.max(0, concurrency - activeRuns - runsWaiting),
        idle: tasks.size === 0 && activeRuns === 0,
        suspectRuns: suspectRuns > 0,
        draining,
        kinds: served.map((kind) => demandOf(kind, waiting.countOf(kind.kind))),
      };
    },
  };
}
