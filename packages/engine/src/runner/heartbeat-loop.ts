import type { CancelTimer, Clock, LeaseAnswer, TaskStore } from "@millrace/models";
import type { HeldTask, RunningTasks } from "./running-tasks.ts";
import type { StoreTrouble } from "./store-trouble.ts";

/** Renews the leases of all that is held, and gives up those that cannot be renewed in time. */
export interface HeartbeatLoop {
  start(): void;
  /** Ends when no renewal is under way any more. */
  stop(): Promise<void>;
  /** How much earlier than the store this host takes a lease for lost, in ms. */
  readonly marginMs: number;
  /** Until when a lease may be relied on that was asked for at this time of the monotonic clock. */
  deadlineFrom(sentAt: number): number;
}

export interface HeartbeatPorts {
  readonly store: Pick<TaskStore, "extend">;
  readonly clock: Clock;
  readonly tasks: RunningTasks;
  readonly trouble: StoreTrouble;
  readonly leaseMs: number;
  readonly heartbeatMs: number;
  /** The store says that a lease is gone. */
  onLost(task: HeldTask): void;
  /** Told with every beat, whether or not anything is held. */
  onBeat(): void;
  /** Until when somebody else has renewed this lease, on the monotonic clock; 0 = never. */
  vouchedUntil(task: HeldTask): number;
}

/** How many leases are renewed in one call. */
const maxBatch = 1_000;

/**
 * Makes the loop. This host's own deadline for a lease is counted on the monotonic clock from before the renewal was sent, less a
 * margin: at that time it stops the attempt, since the store may give the task to another host soon after.
 */
export function createHeartbeatLoop(ports: HeartbeatPorts): HeartbeatLoop {
  const { store, clock, tasks, trouble, leaseMs, heartbeatMs } = ports;
  const marginMs = Math.min(leaseMs / 5, 2_000);
  const checkEveryMs = Math.max(20, Math.min(marginMs / 2, heartbeatMs / 2));
  let cancelBeat: CancelTimer | null = null;
  let cancelCheck: CancelTimer | null = null;
  let inFlight: Promise<void> | null = null;
  let stopped = true;

  const deadlineFrom = (sentAt: number): number => sentAt + leaseMs - marginMs;

  const take = (task: HeldTask, answer: LeaseAnswer | undefined, sentAt: number): void => {
    if (!answer) return;
    if (answer.status === "lost") {
      // The transaction of `completeInTx` may just have ended the lease: that is no loss.
      if (!task.completing && task.phase !== "settling") ports.onLost(task);
      return;
    }
    task.deadlineAt = Math.max(task.deadlineAt, deadlineFrom(sentAt));
    if (answer.status === "cancel-requested") tasks.abort(task, "cancelled");
  };

  const extendAll = async (): Promise<void> => {
    const held = tasks.all().filter((task) => !task.lost);
    for (let from = 0; from < held.length; from += maxBatch) {
      const batch = held.slice(from, from + maxBatch);
      const sentAt = clock.monotonic();
      const answers = await store.extend(
        batch.map((task) => task.lease),
        leaseMs,
      );
      for (const [index, task] of batch.entries()) take(task, answers[index], sentAt);
    }
  };

  const beat = async (): Promise<void> => {
    let nextMs = heartbeatMs;
    try {
      await extendAll();
      trouble.answered();
    } catch (error) {
      nextMs = Math.min(heartbeatMs, trouble.failed(error));
    }
    if (!stopped) cancelBeat = clock.after(nextMs, fire);
  };

  const fire = (): void => {
    ports.onBeat();
    inFlight = beat();
  };

  /** Apart from the renewals: one that hangs must not hide that time has run out. */
  const check = (): void => {
    const now = clock.monotonic();
    for (const task of tasks.all()) {
      if (task.lost || task.phase !== "running") continue;
      task.deadlineAt = Math.max(task.deadlineAt, ports.vouchedUntil(task));
      if (now >= task.deadlineAt) tasks.abort(task, "lease-lost");
    }
    cancelCheck = clock.after(checkEveryMs, check);
  };
  return {
    marginMs,
    deadlineFrom,
    start() {
      if (!stopped) return;
      stopped = false;
      cancelBeat = clock.after(heartbeatMs, fire);
      cancelCheck = clock.after(checkEveryMs, check);
    },
    async stop() {
      stopped = true;
      cancelBeat?.();
      cancelCheck?.();
      await inFlight;
      cancelBeat?.();
    },
  };
}
