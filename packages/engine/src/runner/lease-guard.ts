import { systemClock, type CancelTimer, type Clock, type Logger, type TaskStore } from "@millrace/models";
import type { RunnerSettings } from "../host/host-options.ts";
import type { KindRegistry } from "../host/kind-registry.ts";
import { startLeaseThread, type LeaseThread } from "./lease-thread.ts";
import type { HeldTask, RunningTasks } from "./running-tasks.ts";

/** Keeps the leases of handlers that block this process: by a thread, where store and runtime allow it. */
export interface LeaseGuard {
  start(): Promise<void>;
  /** Told of tasks before their handlers start. */
  add(tasks: readonly HeldTask[]): void;
  /** Until when the thread has renewed a lease, on the clock's monotonic time; 0 = never. */
  vouchedUntil(task: HeldTask): number;
  stop(): Promise<void>;
}

export interface LeaseGuardPorts {
  readonly settings: RunnerSettings;
  readonly store: Pick<TaskStore, "facet">;
  readonly kinds: KindRegistry;
  readonly tasks: RunningTasks;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly marginMs: number;
}

/** Makes the guard of one life of a host; without the store's facet, or with isolated executors only, it does nothing. */
export function createLeaseGuard(ports: LeaseGuardPorts): LeaseGuard {
  const { settings, store, kinds, tasks, clock, logger, marginMs } = ports;
  const { leaseMs, heartbeatMs, maxBlockMs } = settings;
  let thread: LeaseThread | null = null;
  let cancelSign: CancelTimer = () => {};

  const mayBlock = ({ served, lost }: HeldTask): boolean => !lost && !served.executor.isolated;

  const sign = (to: LeaseThread): void => {
    to.sync(tasks.all().filter(mayBlock));
    cancelSign = clock.after(heartbeatMs / 4, () => sign(to));
  };

  return {
    async start() {
      const facet = store.facet("leaseKeeper");
      const isNeeded = kinds.list().some(({ executor }) => !executor.isolated);
      // A thread lives in the real time only.
      if (!facet || !isNeeded || clock !== systemClock) return;
      thread = await startLeaseThread({ facet, leaseMs, marginMs, heartbeatMs, maxBlockMs, clock, logger });
      if (thread) sign(thread);
    },
    add(added) {
      if (!thread) return;
      // Full of what has ended since: shown anew. What is added is held already.
      if (!thread.add(added.filter(mayBlock))) thread.sync(tasks.all().filter(mayBlock));
    },
    vouchedUntil: (task) => thread?.vouchedUntil(task) ?? 0,
    async stop() {
      cancelSign();
      await thread?.stop();
      thread = null;
    },
  };
}
