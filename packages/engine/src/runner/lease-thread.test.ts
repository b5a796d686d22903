import { silentLogger, systemClock } from "@millrace/models";
import { describe, expect, it } from "vitest";
import { startLeaseThread } from "./lease-thread.ts";
import type { HeldTask } from "./running-tasks.ts";

const lease = { taskId: "a", attempt: 1, leaseToken: "t" };
const aTask = (): HeldTask => ({ lease, guardedAt: null }) as unknown as HeldTask;

/** Blocks this thread as a handler does that computes. */
function block(forMs: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, forMs);
}

async function aThread(maxBlockMs: number) {
  const counts = new SharedArrayBuffer(12);
  const thread = await startLeaseThread({
    facet: { module: new URL("../testing/counting-keeper.ts", import.meta.url).href, options: { counts } },
    leaseMs: 1_000,
    marginMs: 100,
    heartbeatMs: 40,
    maxBlockMs,
    clock: systemClock,
    logger: silentLogger,
  });
  if (!thread) throw new Error("this runtime has threads");
  return { thread, counts: new Int32Array(counts) };
}

/** Until the thread has loaded its keeper: it then renews for a thread that gives no sign. */
async function warm(counts: Int32Array): Promise<void> {
  while (Atomics.load(counts, 0) === 0) await new Promise((resolve) => setImmediate(resolve));
}

describe("the thread that renews leases", () => {
  it("renews while this thread is blocked, and this thread learns of it", async () => {
    const { thread, counts } = await aThread(60_000);
    const task = aTask();
    thread.add([task]);
    await warm(counts);
    thread.sync([task]);
    const before = Atomics.load(counts, 0);
    block(400);
    expect(Atomics.load(counts, 0)).toBeGreaterThanOrEqual(before + 2);
    expect(Atomics.load(counts, 1)).toBe(1);
    expect(thread.vouchedUntil(task)).toBeGreaterThan(systemClock.monotonic() + 500);
    // It was not told of this one.
    expect(thread.vouchedUntil(aTask())).toBe(0);
    await thread.stop();
    expect(Atomics.load(counts, 2)).toBe(1);
  });

  it("stops vouching for a thread that is blocked for too long", async () => {
    const short = await aThread(150);
    short.thread.sync([aTask()]);
    block(1_500);
    const renewed = Atomics.load(short.counts, 0);
    block(300);
    expect(Atomics.load(short.counts, 0)).toBe(renewed);
    await short.thread.stop();
  });
});
