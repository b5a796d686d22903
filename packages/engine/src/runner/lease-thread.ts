import type { Clock, LeaseKeeperFacet, Logger } from "@millrace/models";
import { createBoardMemory, LeaseBoard } from "./lease-board.ts";
import type { HeldTask } from "./running-tasks.ts";
import { messageOf } from "./store-trouble.ts";

/** Renews leases from a thread while a handler blocks this one. */
export interface LeaseThread {
  /**
   * Shows the thread leases before their handlers start: a handler may block from its first line on. False when there is no room beside
   * what was shown since the last `sync`.
   */
  add(tasks: readonly HeldTask[]): boolean;
  /** Shows it all that is held now, and that this thread is alive. */
  sync(tasks: readonly HeldTask[]): void;
  /** Until when the thread has renewed this lease, on the clock's monotonic time; 0 = never. */
  vouchedUntil(task: HeldTask): number;
  stop(): Promise<void>;
}

export interface LeaseThreadOptions {
  readonly facet: LeaseKeeperFacet;
  readonly leaseMs: number;
  readonly marginMs: number;
  readonly heartbeatMs: number;
  /** For how long it vouches for a thread that gives no sign of life. */
  readonly maxBlockMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What the thread is started with. */
export interface LeaseThreadData {
  readonly facet: LeaseKeeperFacet;
  readonly leaseMs: number;
  readonly heartbeatMs: number;
  readonly maxBlockMs: number;
  /** Two times of the machine's monotonic clock in ns: the last sign of life of this thread, the last renewal by the other. */
  readonly shared: SharedArrayBuffer;
  /** The memory of the board that shows what is held. */
  readonly board: SharedArrayBuffer;
}

/** What the thread is told. */
export interface LeaseThreadMessage {
  readonly type: "stop";
}

/** What the thread tells. */
export type LeaseThreadReport = { readonly type: "trouble"; readonly message: string } | { readonly type: "stopped" };

/**
 * Starts the thread over a connection of its own; null where the runtime cannot. It does nothing while this thread beats; when it
 * stops, the thread renews all leases it was shown, for at most `maxBlockMs`: a loop that hangs for good must lose its tasks.
 */
export async function startLeaseThread(options: LeaseThreadOptions): Promise<LeaseThread | null> {
  const { facet, leaseMs, marginMs, heartbeatMs, maxBlockMs, clock, logger } = options;
  try {
    const { Worker } = await import("node:worker_threads");
    const shared = new SharedArrayBuffer(16);
    const times = new BigInt64Array(shared);
    const board = createBoardMemory();
    const workerData: LeaseThreadData = { facet, leaseMs, heartbeatMs, maxBlockMs, shared, board };
    Atomics.store(times, 0, process.hrtime.bigint());
    const extension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
    const worker = new Worker(new URL(`./lease-thread.entry${extension}`, import.meta.url), { workerData });
    worker.unref();
    return threadOver(worker, { times, board: new LeaseBoard(board) }, { leaseMs, marginMs, clock, logger });
  } catch (error) {
    logger.warn("No thread can renew leases here: a handler that blocks this process may lose them.", {
      error: messageOf(error),
    });
    return null;
  }
}

/** The part of a worker that is used. */
interface WorkerLike {
  postMessage(message: LeaseThreadMessage): void;
  on(event: "message", listener: (report: LeaseThreadReport) => void): unknown;
  on(event: "error", listener: (error: unknown) => void): unknown;
  on(event: "exit", listener: () => void): unknown;
  terminate(): Promise<unknown>;
}

function threadOver(
  worker: WorkerLike,
  { times, board }: { readonly times: BigInt64Array<SharedArrayBuffer>; readonly board: LeaseBoard },
  { leaseMs, marginMs, clock, logger }: Pick<LeaseThreadOptions, "leaseMs" | "marginMs" | "clock" | "logger">,
): LeaseThread {
  let exited = false;
  let onStopped: () => void = () => {};
  const stopped = new Promise<void>((resolve) => {
    onStopped = resolve;
  });
  worker.on("message", (report) => {
    if (report.type === "stopped") onStopped();
    else logger.warn("The thread that renews leases is in trouble.", { error: report.message });
  });
  worker.on("error", (error) => logger.warn("The thread that renews leases has failed.", { error: messageOf(error) }));
  worker.on("exit", () => {
    exited = true;
    onStopped();
  });

  const shown = (tasks: readonly HeldTask[]): void => {
    const now = process.hrtime.bigint();
    for (const task of tasks) task.guardedAt ??= now;
  };

  return {
    add(tasks) {
      if (exited) return true;
      if (!board.add(tasks.map(({ lease }) => lease))) return false;
      shown(tasks);
      return true;
    },
    sync(tasks) {
      Atomics.store(times, 0, process.hrtime.bigint());
      if (!exited) shown(tasks.slice(0, board.replace(tasks.map(({ lease }) => lease))));
    },
    vouchedUntil(task) {
      const renewedAt = Atomics.load(times, 1);
      if (task.guardedAt === null || renewedAt < task.guardedAt) return 0;
      const agoMs = Number(process.hrtime.bigint() - renewedAt) / 1e6;
      return clock.monotonic() - agoMs + leaseMs - marginMs;
    },
    async stop() {
      if (!exited) worker.postMessage({ type: "stop" });
      await stopped;
      await worker.terminate();
    },
  };
}
