import { defineTask, type TaskContext, type TaskHostEvent } from "@millrace/models";
import { describe, expect, it } from "vitest";
import { createBench, listen, turn, untilAborted } from "../testing/host-bench.ts";

describe("a task that runs once", () => {
  it("F7: keeps its delay, priority, tags and limits, and is run by them", async () => {
    await using bench = createBench();
    const order: string[] = [];
    const task = defineTask({ kind: "mail", run: (input: string) => void order.push(input) });
    const host = bench.host({ tasks: [task], concurrency: 1 });
    const madeAt = bench.clock.now();
    const options = { delayMs: 60_000, tags: ["bulk", "night"], maxAttempts: 4, timeoutMs: 9_000 };
    const { task: late } = await host.enqueue(task, "late", { ...options, priority: 9 });
    await host.enqueue(task, "plain");
    await host.enqueue(task, "urgent", { priority: 5 });
    expect(await host.getTask(late.id)).toMatchObject({
      state: "scheduled",
      scheduledAt: madeAt + 60_000,
      priority: 9,
      tags: ["bulk", "night"],
    });
    expect(await bench.task(late.id)).toMatchObject({ retry: { maxAttempts: 4 }, timeoutMs: 9_000 });
    await host.start();
    await bench.pass(50_000);
    expect(order).toEqual(["urgent", "plain"]);
    await bench.until(() => order.length === 3);
    expect(order).toEqual(["urgent", "plain", "late"]);
    expect((await bench.task(late.id)).startedAt ?? 0).toBeGreaterThanOrEqual(madeAt + 60_000);
  });

  it("F16: that has used up its attempts has failed for good: no host runs it again", async () => {
    await using bench = createBench();
    let runs = 0;
    const task = defineTask({
      kind: "fails",
      retry: { maxAttempts: 3, backoff: { type: "fixed", delayMs: 1_000 } },
      run() {
        runs += 1;
        throw new Error(`failure ${runs}`);
      },
    });
    const host = await bench.started({ tasks: [task] });
    const { task: made } = await host.enqueue(task, undefined);
    await bench.until(async () => (await bench.task(made.id)).status === "failed");
    const ended = await bench.task(made.id);
    await bench.started({ tasks: [task] });
    await bench.pass(3_600_000);
    expect(runs).toBe(3);
    expect(await bench.task(made.id)).toEqual(ended);
    expect(await host.getTask(made.id)).toMatchObject({ failures: 3, failure: { message: "failure 3" } });
  });

  it("Q10: of a kind that nobody serves is kept and reported, holds nothing, and runs once somebody does", async () => {
    await using bench = createBench();
    const known = defineTask({ kind: "known", run: () => "ran" });
    const host = await bench.started({ tasks: [known], concurrency: 1, allowUnknownKinds: true });
    const { task: lost } = await host.enqueue("unknown", 7, { dedupeKey: "k", concurrencyKey: "shared" });
    const { task: beside } = await host.enqueue(known, undefined, { concurrencyKey: "shared" });
    await bench.pass(120_000);
    expect((await bench.task(beside.id)).status).toBe("succeeded");
    expect(await bench.task(lost.id)).toMatchObject({ status: "queued", attempt: 0, hostId: null, leaseToken: null });
    expect(bench.lines.some(({ message }) => message.includes('"unknown"'))).toBe(true);
    host.registerHandler(defineTask({ kind: "unknown", run: (input: number) => input + 1 }));
    await bench.until(async () => (await bench.task(lost.id)).status === "succeeded");
    expect(await host.awaitResult(lost.id)).toBe(8);
    expect((await host.enqueue("unknown", 8, { dedupeKey: "k" })).disposition).toBe("created");
  });
});

describe("the places of a host", () => {
  /** Fifty tasks, and how many of them ran at once. */
  async function most(concurrency: number): Promise<{ readonly atOnce: number; readonly order: readonly number[] }> {
    await using bench = createBench();
    const order: number[] = [];
    let running = 0;
    let atOnce = 0;
    const task = defineTask({
      kind: "counts",
      async run(n: number) {
        atOnce = Math.max(atOnce, (running += 1));
        await turn();
        order.push(n);
        running -= 1;
      },
    });
    const host = await bench.started({ tasks: [task], concurrency });
    const made = await host.enqueueMany(Array.from({ length: 50 }, (_, input) => ({ task, input })));
    const ids = made.map(({ task: { id } }) => id);
    await bench.until(async () => (await bench.store.get(ids)).every((one) => one?.status === "succeeded"));
    return { atOnce, order };
  }

  it("Q3: one place runs one task after another, in order", async () => {
    const { atOnce, order } = await most(1);
    expect(atOnce).toBe(1);
    expect(order).toEqual(Array.from({ length: 50 }, (_, n) => n));
  });

  it("Q4: eight places run eight tasks at once, and never a ninth", async () => {
    const { atOnce, order } = await most(8);
    expect(atOnce).toBe(8);
    expect(order.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, n) => n));
  });
});

describe("a host that starts", () => {
  it("T39, T40: takes up what a host left that died: its running tasks, its claimed ones and what waited", async () => {
    await using bench = createBench();
    const task = defineTask({ kind: "work", run: (n: number, context: TaskContext) => [n, context.task.attempt] });
    const made = await bench.host({ tasks: [task] }).enqueueMany([0, 1, 2].map((input) => ({ task, input })));
    const ids = made.map(({ task: { id } }) => id);
    await bench.store.setKind([
      { type: "register", kind: "work", version: 1, inputSchema: null, limit: null, rate: null, fairness: "none" },
    ]);
    // A host that took two tasks, started one of them, and was never heard of again.
    const { tasks } = await bench.store.claim({
      hostId: "dead",
      kinds: [{ kind: "work", slots: 2 }],
      limit: 2,
      leaseMs: 5_000,
      suspects: "include",
    });
    const [first] = tasks;
    if (!first?.task.leaseToken) throw new Error("nothing was claimed");
    const { id: taskId, attempt, leaseToken } = first.task;
    await bench.store.report([{ taskId, attempt, leaseToken, started: true }]);
    bench.clock.advance(60_000);
    expect((await bench.store.get(ids)).map((one) => one?.status)).toEqual(["running", "claimed", "queued"]);

    const events: TaskHostEvent[] = [];
    const host = await bench.started({ tasks: [task], onEvent: listen(events) });
    await bench.until(async () => (await bench.store.get(ids)).every((one) => one?.status === "succeeded"));
    expect(await Promise.all(ids.map((id) => host.awaitResult(id)))).toEqual([
      [0, 2],
      [1, 2],
      [2, 1],
    ]);
    expect((await bench.store.get(ids)).map((one) => one?.interruptions)).toEqual([1, 0, 0]);
    expect(events.filter(({ type }) => type === "task:stale_requeued")).toHaveLength(1);
  });
});

describe("the loops of a host", () => {
  it("Q69: end with their signal: nothing is asked of the store once it has stopped", async () => {
    const calls: string[] = [];
    await using bench = createBench(
      (store) =>
        new Proxy(store, {
          get(target, name) {
            calls.push(String(name));
            return Reflect.get(target, name) as unknown;
          },
        }),
    );
    const signals: AbortSignal[] = [];
    const task = defineTask({
      kind: "waits",
      async run(_input: unknown, context: TaskContext) {
        signals.push(context.signal);
        await untilAborted(context.signal);
      },
    });
    const host = await bench.started({
      tasks: [task],
      services: [{ name: "s", start: async ({ signal }) => void signals.push(signal), stop: async () => {} }],
    });
    await host.enqueue(task, undefined);
    await bench.until(() => signals.length === 2);
    const stopping = host.stop({ graceMs: 0, kill: true });
    let isStopped = false;
    void stopping.then(() => (isStopped = true));
    await bench.until(() => isStopped);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
    calls.length = 0;
    expect(bench.clock.nextTimerInMs()).toBeNull();
    await bench.pass(300_000);
    expect(calls).toEqual([]);
  });
});
