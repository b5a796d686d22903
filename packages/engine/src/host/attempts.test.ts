import {
  defineTask,
  PermanentError,
  RetryLaterError,
  SnoozeError,
  type TaskAbortReason,
  type TaskContext,
  type TaskHostEvent,
} from "@millrace/models";
import { describe, expect, it } from "vitest";
import { createBench, gate, listen, turn, untilAborted } from "../testing/host-bench.ts";

const failing = (error: unknown, retry: object = { maxAttempts: 3 }) =>
  defineTask({
    kind: "fails",
    retry,
    run() {
      throw error;
    },
  });

describe("an attempt that fails", () => {
  it("R26, F14, Q12: is tried as often as the task, else the kind, else the host says", async () => {
    await using bench = createBench();
    const quick = { type: "fixed", delayMs: 10 } as const;
    const host = await bench.started({
      tasks: [
        failing(new Error("no"), { backoff: quick }),
        { ...failing(new Error("no"), { maxAttempts: 3, backoff: quick }), kind: "thrice" },
      ],
      defaultMaxAttempts: 2,
    });
    const ids = [
      (await host.enqueue("fails", null)).task.id,
      (await host.enqueue("thrice", null)).task.id,
      (await host.enqueue("thrice", null, { maxAttempts: 1 })).task.id,
    ];
    await bench.until(async () => (await bench.store.get(ids)).every((task) => task?.status === "failed"));
    const tasks = await bench.store.get(ids);
    expect(tasks.map((task) => task?.attempt)).toEqual([2, 3, 1]);
  });

  it("Q25, R39: keeps the failure through retries, and clears it on success", async () => {
    await using bench = createBench();
    let calls = 0;
    const task = defineTask({
      kind: "second",
      retry: { maxAttempts: 2, backoff: { type: "fixed", delayMs: 1_000 } },
      run() {
        calls += 1;
        if (calls === 1) throw Object.assign(new TypeError("first"), { code: "E_FIRST", details: { n: 1 } });
        return "done";
      },
    });
    const host = await bench.started({ tasks: [task] });
    const { task: made } = await host.enqueue(task, undefined);
    await bench.until(async () => (await bench.task(made.id)).failures === 1);
    const waiting = await host.getTask(made.id);
    expect(waiting).toMatchObject({
      state: "retrying",
      failure: { name: "TypeError", message: "first", code: "E_FIRST", details: { n: 1 } },
    });
    expect(waiting?.failure?.stack).toContain("first");
    await bench.until(async () => (await bench.task(made.id)).status === "succeeded");
    expect(await host.getTask(made.id)).toMatchObject({ output: "done", failure: null, attempt: 2 });
  });

  it("T31: does not hold up the tasks behind it", async () => {
    await using bench = createBench();
    const order: number[] = [];
    const task = defineTask({
      kind: "line",
      retry: { maxAttempts: 2, backoff: { type: "fixed", delayMs: 60_000 } },
      run(input: { n: number }, context: TaskContext) {
        if (input.n === 2 && context.task.failures === 0) throw new Error("later");
        order.push(input.n);
      },
    });
    const host = await bench.started({ tasks: [task], concurrency: 1 });
    await host.enqueueMany([0, 1, 2, 3, 4].map((n) => ({ task, input: { n } })));
    await bench.until(() => order.length === 5);
    expect(order).toEqual([0, 1, 3, 4, 2]);
  });

  it("is not tried again after a PermanentError", async () => {
    await using bench = createBench();
    const host = await bench.started({ tasks: [failing(new PermanentError("never"))] });
    const { task } = await host.enqueue("fails", null);
    await bench.until(async () => (await bench.task(task.id)).status === "failed");
    expect(await bench.task(task.id)).toMatchObject({ attempt: 1, failures: 1, reason: "TASK_FAILED" });
  });

  it("comes again when a RetryLaterError says so, and a snooze is no failure", async () => {
    await using bench = createBench();
    const thrown = [new RetryLaterError(90_000), new SnoozeError(120_000)];
    const task = defineTask({
      kind: "later",
      retry: { maxAttempts: 2 },
      run() {
        const error = thrown.shift();
        if (error) throw error;
        return "at last";
      },
    });
    const host = await bench.started({ tasks: [task] });
    const startedAt = bench.clock.now();
    const { task: made } = await host.enqueue(task, undefined);
    await bench.until(async () => (await bench.task(made.id)).status === "succeeded");
    const record = await bench.task(made.id);
    expect(record).toMatchObject({ attempt: 3, failures: 1, snoozes: 1 });
    expect(record.finishedAt ?? 0).toBeGreaterThanOrEqual(startedAt + 210_000);
  });

  it("R25: a function decides, and null means no more", async () => {
    await using bench = createBench();
    const asked: number[] = [];
    const task = defineTask({
      kind: "asks",
      retry: {
        maxAttempts: 9,
        backoff: ({ failures }) => (asked.push(failures), failures < 3 ? bench.clock.now() + 10 : null),
      },
      run() {
        throw new Error("no");
      },
    });
    const host = await bench.started({ tasks: [task] });
    const { task: made } = await host.enqueue(task, undefined);
    await bench.until(async () => (await bench.task(made.id)).status === "failed");
    expect(asked).toEqual([1, 2, 3]);
    expect((await bench.task(made.id)).failures).toBe(3);
  });
});

describe("an output", () => {
  it("Q24: that does not fit is a failure that is not retried, or is dropped when the kind says so", async () => {
    await using bench = createBench();
    const big = "x".repeat(300_000);
    const host = await bench.started({
      tasks: [
        defineTask({ kind: "fail", retry: { maxAttempts: 3 }, run: () => big }),
        defineTask({ kind: "drop", oversizeOutput: "drop", run: () => big }),
        defineTask({ kind: "wide", maxPayloadBytes: 400_000, run: () => big }),
      ],
    });
    const ids = await Promise.all(["fail", "drop", "wide"].map(async (kind) => (await host.enqueue(kind)).task.id));
    await bench.until(async () => (await bench.store.get(ids)).every((task) => task?.finishedAt !== null));
    const [fail, drop, wide] = await Promise.all(ids.map((id) => host.getTask(id)));
    expect(fail).toMatchObject({ status: "failed", reason: "TASK_OUTPUT_INVALID", attempt: 1 });
    expect(drop).toMatchObject({ status: "succeeded" });
    expect(drop && "output" in drop).toBe(false);
    expect(wide?.output).toBe(big);
    expect(bench.lines.some(({ level, message }) => level === "warn" && message.includes("dropped"))).toBe(true);
  });

  it("Q6: null is an output, and nothing is none", async () => {
    await using bench = createBench();
    const host = await bench.started({
      tasks: [defineTask({ kind: "null", run: () => null }), defineTask({ kind: "none", run: () => undefined })],
    });
    const ids = await Promise.all(["null", "none"].map(async (kind) => (await host.enqueue(kind)).task.id));
    await bench.until(async () => (await bench.store.get(ids)).every((task) => task?.status === "succeeded"));
    const [isNull, isNone] = await Promise.all(ids.map((id) => host.getTask(id)));
    expect(isNull?.output).toBeNull();
    expect(isNone && "output" in isNone).toBe(false);
  });
});

describe("the time limit of an attempt", () => {
  const hangs = (reasons: TaskAbortReason[], options: object = {}) =>
    defineTask({
      kind: "hangs",
      timeoutMs: 1_000,
      retry: { maxAttempts: 2, backoff: { type: "fixed", delayMs: 10 } },
      ...options,
      async run(_input: unknown, context: TaskContext) {
        await untilAborted(context.signal).finally(() => reasons.push(context.signal.reason as TaskAbortReason));
      },
    });

  it("F20, R34: aborts the handler and fails the attempt, which is retried like any failure", async () => {
    await using bench = createBench();
    const reasons: TaskAbortReason[] = [];
    const host = await bench.started({ tasks: [hangs(reasons)] });
    const { task } = await host.enqueue("hangs");
    await bench.until(async () => (await bench.task(task.id)).status === "failed");
    expect(await host.getTask(task.id)).toMatchObject({
      reason: "TASK_TIMED_OUT",
      attempt: 2,
      failures: 2,
      failure: { code: "TASK_TIMED_OUT" },
    });
    expect(reasons).toEqual(["timeout", "timeout"]);
  });

  it("F2: is the task's before the kind's before the host's", async () => {
    await using bench = createBench();
    const host = await bench.started({
      tasks: [
        hangs([], { retry: {} }),
        { ...hangs([], { retry: {} }), kind: "host", timeoutMs: undefined as never },
      ].map((task) => {
        if (task.kind === "host") Reflect.deleteProperty(task, "timeoutMs");
        return task;
      }),
      defaultTimeoutMs: 3_000,
      concurrency: 3,
    });
    const startedAt = bench.clock.now();
    const ids = [
      (await host.enqueue("hangs", null, { timeoutMs: 2_000 })).task.id,
      (await host.enqueue("hangs")).task.id,
      (await host.enqueue("host")).task.id,
    ];
    await bench.until(async () => (await bench.store.get(ids)).every((task) => task?.status === "failed"));
    const ends = (await bench.store.get(ids)).map(
      (task) => Math.round(((task?.finishedAt ?? 0) - startedAt) / 100) * 100,
    );
    expect(ends).toEqual([2_000, 1_000, 3_000]);
  });

  it("frees the place of a handler that ignores it, after the grace", async () => {
    await using bench = createBench();
    const forever = gate();
    const task = defineTask({ kind: "deaf", timeoutMs: 1_000, run: () => forever.opened });
    const quick = defineTask({ kind: "quick", run: () => 1 });
    const host = await bench.started({ tasks: [task, quick], concurrency: 1, abortGraceMs: 500 });
    const { task: made } = await host.enqueue(task, undefined);
    await bench.until(
      async () => (await bench.task(made.id)).status === "running" || (await bench.task(made.id)).status === "claimed",
    );
    const { task: next } = await host.enqueue(quick, undefined);
    await bench.until(async () => (await bench.task(next.id)).status === "succeeded");
    expect(await bench.task(made.id)).toMatchObject({ status: "failed", reason: "TASK_TIMED_OUT" });
    forever.open();
    await turn();
    expect((await bench.task(made.id)).reason).toBe("TASK_TIMED_OUT");
  });

  it("F19: can be asked for by handlers that cannot use a signal", async () => {
    await using bench = createBench();
    const begun = gate();
    const go = gate();
    const task = defineTask({
      kind: "loops",
      async run(_input: unknown, context: TaskContext) {
        begun.open();
        await go.opened;
        context.checkTimeout();
      },
    });
    const host = await bench.started({ tasks: [task] });
    const { task: made } = await host.enqueue(task, undefined);
    await begun.opened;
    await host.cancel(made.id);
    go.open();
    await bench.until(async () => (await bench.task(made.id)).status === "cancelled");
  });
});

describe("a cancel", () => {
  const waits = (reasons: unknown[] = []) =>
    defineTask({
      kind: "waits",
      async run(_input: unknown, context: TaskContext) {
        await untilAborted(context.signal).finally(() => reasons.push(context.signal.reason));
      },
    });

  it("R32, R33: ends a queued task at once, with its reason; again changes nothing; an unknown task is null", async () => {
    await using bench = createBench();
    const host = bench.host({ tasks: [waits()] });
    const { task } = await host.enqueue("waits");
    expect(await host.cancel(task.id, "not needed", { by: "ann" })).toMatchObject({
      status: "cancelled",
      reason: "TASK_CANCELLED",
      cancelReason: "not needed",
      cancelledBy: "ann",
    });
    const { version } = await bench.task(task.id);
    expect(await host.cancel(task.id, "again")).toMatchObject({ status: "cancelled", cancelReason: "not needed" });
    expect((await bench.task(task.id)).version).toBe(version);
    expect(await host.cancel("01234567-89ab-7def-8123-456789abcdef")).toBeNull();
  });

  it("R32, R34: reaches an attempt of this host at once", async () => {
    await using bench = createBench();
    const reasons: unknown[] = [];
    const host = await bench.started({ tasks: [waits(reasons)] });
    const { task } = await host.enqueue("waits");
    await turn();
    const before = bench.clock.now();
    expect(await host.cancel(task.id)).toMatchObject({ cancelRequestedAt: before });
    await turn();
    expect(reasons).toEqual(["cancelled"]);
    expect(await bench.task(task.id)).toMatchObject({
      status: "cancelled",
      reason: "TASK_CANCELLED",
      finishedAt: before,
    });
  });

  it("R32: reaches an attempt of another host with its next heartbeat", async () => {
    await using bench = createBench();
    const reasons: unknown[] = [];
    await bench.started({ tasks: [waits(reasons)] });
    const other = bench.host({ tasks: [waits()] });
    const { task } = await other.enqueue("waits");
    await bench.pass(2_000);
    await other.cancel(task.id);
    expect(reasons).toEqual([]);
    await bench.pass(10_000);
    expect(reasons).toEqual(["cancelled"]);
    expect((await bench.task(task.id)).status).toBe("cancelled");
  });

  it("R19: that terminates takes the lease away: the handler stops, and its outcome counts no more", async () => {
    await using bench = createBench();
    const events: TaskHostEvent[] = [];
    const reasons: unknown[] = [];
    const host = await bench.started({ tasks: [waits(reasons)], onEvent: listen(events) });
    const { task } = await host.enqueue("waits");
    await turn();
    expect(await host.cancel(task.id, "now", { mode: "terminate" })).toMatchObject({ status: "cancelled" });
    await turn();
    expect(reasons).toEqual(["lease-lost"]);
    expect(events.map(({ type }) => type)).toContain("task:lease_lost");
    expect(events.map(({ type }) => type)).not.toContain("task:succeeded");
  });
});
