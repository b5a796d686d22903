import { parentPort, workerData } from "node:worker_threads";
import { systemClock, type CancelTimer, type Lease, type LeaseKeeper } from "@millrace/models";
import { LeaseBoard } from "./lease-board.ts";
import type { LeaseThreadData, LeaseThreadMessage, LeaseThreadReport } from "./lease-thread.ts";

// The thread that renews leases while the main thread is blocked. It opens a connection of its own by the module its store names.
const { facet, leaseMs, heartbeatMs, maxBlockMs, shared, board } = workerData as LeaseThreadData;
const times = new BigInt64Array(shared);
/** What the main thread holds; read only when leases must be renewed. */
const held = new LeaseBoard(board);
/** Leases, still shown there, that the store has given to others meanwhile. */
let lost: ReadonlySet<string> = new Set();
/** A main thread that has missed a beat by so much is blocked. */
const missedMs = heartbeatMs * 1.25;
let keeper: Promise<LeaseKeeper> | null = null;
let cancelTick: CancelTimer = () => {};
let lastRenewedAt = 0n;

const tell = (report: LeaseThreadReport): void => parentPort?.postMessage(report);

function openKeeper(): Promise<LeaseKeeper> {
  keeper ??= import(facet.module).then(
    (loaded: { openLeaseKeeper(options: unknown): LeaseKeeper | Promise<LeaseKeeper> }) =>
      loaded.openLeaseKeeper(facet.options),
  );
  return keeper;
}

function keyOf({ taskId, leaseToken }: Lease): string {
  return `${taskId} ${leaseToken}`;
}

async function renew(): Promise<void> {
  const sentAt = process.hrtime.bigint();
  const shown = held.read() ?? [];
  const asked = shown.filter((lease) => !lost.has(keyOf(lease)));
  if (asked.length === 0) return;
  const answers = await (await openKeeper()).extend(asked, leaseMs);
  const gone = asked.filter((_lease, index) => answers[index]?.status === "lost");
  lost = new Set([...shown.map(keyOf).filter((key) => lost.has(key)), ...gone.map(keyOf)]);
  lastRenewedAt = sentAt;
  Atomics.store(times, 1, sentAt);
}

async function tick(): Promise<void> {
  const now = process.hrtime.bigint();
  const silentMs = Number(now - Atomics.load(times, 0)) / 1e6;
  const isDue = Number(now - lastRenewedAt) / 1e6 >= heartbeatMs;
  try {
    if (silentMs > missedMs && silentMs <= maxBlockMs && isDue) await renew();
  } catch (error) {
    tell({ type: "trouble", message: error instanceof Error ? error.message : String(error) });
    keeper = null;
  }
  schedule();
}

function schedule(): void {
  cancelTick = systemClock.after(heartbeatMs / 4, () => void tick());
}

parentPort?.on("message", (_stop: LeaseThreadMessage) => {
  cancelTick();
  void (keeper ?? Promise.resolve(null)).then((open) => open?.close()).finally(() => tell({ type: "stopped" }));
});
// Opened before it is needed: a machine in trouble is a bad moment to load code.
openKeeper().catch((error: unknown) => {
  keeper = null;
  tell({ type: "trouble", message: error instanceof Error ? error.message : String(error) });
});
schedule();
