import { createInProcessTaskExecutor } from "@millrace/executor-in-process";
import { stressStartStop } from "@millrace/conformance";
import { createSeededRandom, defineTask, silentLogger, type TaskContext } from "@millrace/models";
import { createMemoryTaskStore } from "@millrace/store-memory";
import { describe, expect, it } from "vitest";
import { createBench, gate, turn } from "../testing/host-bench.ts";
import { createTaskHost } from "./create-task-host.ts";

const quick = defineTask({ kind: "quick", run: () => 1 });

describe("the controls of a host", () => {
  it("F22: pauses and resumes itself; what runs goes on", async () => {
    await using bench = createBench();
    const host = await bench.started({ tasks: [quick] });
    await host.pause();
    const { task } = await host.enqueue(quick, undefined);
    await bench.pass(30_000);
    expect((await bench.task(task.id)).status).toBe("queued");
    await host.resume();
    await turn();
    expect((await bench.task(task.id)).status).toBe("succeeded");
  });

  it("pauses a kind or a task for everybody", async () => {
    await using bench = createBench();
    const other = defineTask({ kind: "other", run: () => 2 });
    const host = await bench.started({ tasks: [quick, other] });
    await host.pause({ kind: "quick" }, { by: "ann", why: "broken" });
    const { task: held } = await host.enqueue(quick, undefined);
    const { task: free } = await host.enqueue(other, undefined);
    await bench.pass(5_000);
    expect((await bench.store.get([held.id, free.id])).map((task) => task?.status)).toEqual(["queued", "succeeded"]);
    expect((await host.listKinds()).find(({ kind }) => kind === "quick")).toMatchObject({
      pausedBy: "ann",
      pausedWhy: "broken",
    });
    await host.pause(held.id);
    await host.resume({ kind: "quick" });
    await bench.pass(5_000);
    expect((await bench.task(held.id)).status).toBe("paused");
    await host.resume({ taskId: held.id });
    await bench.until(async () => (await bench.task(held.id)).status === "succeeded");
    await expect(host.pause(held.id)).rejects.toMatchObject({ code: "WRONG_STATUS" });
    await expect(host.pause("01234567-89ab-7def-8123-456789abcdef")).rejects.toMatchObject({ code: "TASK_NOT_FOUND" });
  });

  it("an operator drains a host, which takes no more until it may again", async () => {
    await using bench = createBench();
    const host = await bench.started({ tasks: [quick], label: "worker 1" });
    expect(await host.listHosts()).toMatchObject([
      { hostId: host.id, label: "worker 1", state: "running", kinds: ["quick"] },
    ]);
    expect(await host.drain()).toBe(true);
    await bench.pass(15_000);
    const { task } = await host.enqueue(quick, undefined);
    await bench.pass(15_000);
    expect((await bench.task(task.id)).status).toBe("queued");
    await host.drain(host.id, false);
    await bench.until(async () => (await bench.task(task.id)).status === "succeeded");
    expect(await host.drain("nobody")).toBe(false);
  });

  it("T20: brings a task that waits forward, and reopens a final one", async () => {
    await using bench = createBench();
    let fail = true;
    const task = defineTask({
      kind: "retries",
      retry: { maxAttempts: 2, backoff: { type: "fixed", delayMs: 3_600_000 } },
      run() {
        if (fail) throw new Error("no");
        return "yes";
      },
    });
    const host = await bench.started({ tasks: [task] });
    const { task: made } = await host.enqueue(task, undefined);
    await bench.until(async () => (await bench.task(made.id)).failures === 1);
    expect(await host.retry(made.id)).toMatchObject({ status: "queued" });
    await bench.until(async () => (await bench.task(made.id)).status === "failed");
    fail = false;
    expect(await host.retry(made.id)).toMatchObject({ status: "queued", failures: 0 });
    await bench.until(async () => (await bench.task(made.id)).status === "succeeded");
    expect(await host.retry("01234567-89ab-7def-8123-456789abcdef")).toBeNull();
  });

  it("R57, T43, F49, F50: compacts by a policy when it is asked, and by its own about every interval", async () => {
    await using bench = createBench();
    const host = await bench.started({
      tasks: [quick],
      retentionPolicy: { successTtlMs: 600_000 },
      retentionScanIntervalMs: 10_000,
    });
    const { task } = await host.enqueue(quick, undefined);
    const { task: own } = await host.enqueue(quick, undefined, { retainForMs: 5_000 });
    await turn();
    await bench.pass(1_000);
    expect(await host.compact({})).toMatchObject({ deletedTasks: 0 });
    await bench.pass(20_000);
    expect(await host.getTask(own.id)).toBeNull();
    expect(await host.getTask(task.id)).not.toBeNull();
    expect(await host.compact({ successTtlMs: 1 })).toMatchObject({ deletedTasks: 1 });
    await expect(host.compact({ successTtlMs: -1 })).rejects.toMatchObject({ code: "OPTION_INVALID" });
  });

  it("R12, R13: a kind's limit and the store's hold over all hosts, and are lifted at once", async () => {
    await using bench = createBench();
    const go = gate();
    let running = 0;
    let most = 0;
    const limited = defineTask({
      kind: "limited",
      concurrency: { limit: 2 },
      async run() {
        most = Math.max(most, (running += 1));
        await go.opened;
        running -= 1;
      },
    });
    const [a] = [
      await bench.started({ tasks: [limited], concurrency: 5 }),
      await bench.started({ tasks: [limited], concurrency: 5 }),
    ];
    await a.enqueueMany(Array.from({ length: 10 }, () => ({ task: limited, input: undefined })));
    await bench.pass(3_000);
    expect(running).toBe(2);
    await a.setLimit({ type: "kind", kind: "limited" }, 6, { by: "ann" });
    expect(await a.listKinds()).toMatchObject([{ limitFromCode: 2, limitOverride: 6, limitOverrideBy: "ann" }]);
    await bench.pass(3_000);
    expect(running).toBe(6);
    expect(await a.listLimits()).toContainEqual(
      expect.objectContaining({ scope: { type: "kind", kind: "limited" }, limit: 6, held: 6 }),
    );
    go.open();
    await bench.until(async () => (await bench.store.aggregate({})).byStatus.succeeded.count === 10);
    expect(most).toBe(6);
  });

  it("R13: storeConcurrency holds over all hosts and kinds", async () => {
    await using bench = createBench();
    const go = gate();
    let running = 0;
    const kinds = ["a", "b"].map((kind) => defineTask({ kind, run: async () => ((running += 1), go.opened) }));
    const host = await bench.started({ tasks: kinds, storeConcurrency: 3, concurrency: 10 });
    await bench.started({ tasks: kinds, concurrency: 10 });
    await host.enqueueMany(Array.from({ length: 10 }, (_, n) => ({ kind: n % 2 === 0 ? "a" : "b" })));
    await bench.pass(3_000);
    expect(running).toBe(3);
    go.open();
  });

  it("T32: kinds run beside each other: a long queue of one does not hide another", async () => {
    await using bench = createBench();
    const go = gate();
    const slow = defineTask({ kind: "slow", concurrency: { limit: 1 }, run: () => go.opened });
    const host = await bench.started({ tasks: [slow, quick], concurrency: 2 });
    await host.enqueueMany(Array.from({ length: 200 }, () => ({ task: slow, input: undefined })));
    const { task } = await host.enqueue(quick, undefined);
    await bench.pass(100);
    expect((await bench.task(task.id)).status).toBe("succeeded");
    go.open();
  });

  it("R64, F48: finds a task by its dedupe key, removes by filter, and never everything by an empty one", async () => {
    await using bench = createBench();
    const host = bench.host({ tasks: [quick] });
    const { task } = await host.enqueue(quick, undefined, { dedupeKey: "d", tags: ["x"] });
    await host.enqueue(quick, undefined);
    expect((await host.findTaskByDedupeKey("quick", "d"))?.id).toBe(task.id);
    await host.cancel(task.id);
    expect(await host.findTaskByDedupeKey("quick", "d")).toBeNull();
    expect((await host.findTaskByDedupeKey("quick", "d", { openOnly: false }))?.id).toBe(task.id);
    await expect(host.removeMany({})).rejects.toMatchObject({ code: "FILTER_EMPTY" });
    expect(await host.removeMany({ tags: ["x"] })).toEqual({ removed: 1, needed: 0 });
    expect(await host.removeMany({}, { all: true })).toEqual({ removed: 1, needed: 0 });
  });

  it("R45: bootstraps a view: snapshots, steps, numbers, and the place from which to go on", async () => {
    await using bench = createBench();
    const steps = defineTask({
      kind: "steps",
      async run(_input: unknown, context: TaskContext) {
        for (let n = 1; n <= 5; n += 1) void context.appendStep({ message: `step ${n}` });
      },
    });
    const host = await bench.started({ tasks: [steps] });
    const { task } = await host.enqueue(steps, undefined, { channels: ["scope:a"] });
    await bench.until(async () => (await bench.task(task.id)).status === "succeeded");
    const view = await host.bootstrap({ channels: ["scope:a"], recentSteps: 2 });
    expect(view.snapshots.map(({ id }) => id)).toEqual([task.id]);
    expect(view.steps[task.id]?.map(({ message }) => message)).toEqual(["step 4", "step 5"]);
    expect(view.aggregate?.byState.succeeded).toEqual({ count: 1, exact: true });
    expect(await bench.store.events(view.cursor, 10)).toMatchObject({ status: "events", events: [] });
    expect((await host.readSnapshot(task.id, { includeSteps: true }))?.steps).toHaveLength(5);
    expect((await host.bootstrap({ includeAggregate: false })).aggregate).toBeNull();
  });
});

describe("starting and stopping at any time", () => {
  it("R1, I16: never hangs, never leaves a timer, a promise or a rejection behind", async () => {
    await stressStartStop({
      create: ({ clock }) =>
        createTaskHost({
          store: createMemoryTaskStore({ clock }),
          executor: createInProcessTaskExecutor(),
          tasks: [quick],
          clock,
          random: createSeededRandom(1),
          logger: silentLogger,
        }),
      isRunning: (host) => host.getState() === "running",
      runs: 40,
    });
  }, 30_000);
});
