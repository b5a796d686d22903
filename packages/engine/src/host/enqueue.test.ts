import { createInProcessTaskExecutor } from "@millrace/executor-in-process";
import { defineTask, type TaskContext, type TaskHostEvent } from "@millrace/models";
import { describe, expect, it } from "vitest";
import { createBench, listen, turn, untilAborted } from "../testing/host-bench.ts";

/** A kind that remembers in which order it ran. */
function recorder(kind: string) {
  const order: unknown[] = [];
  return { order, task: defineTask({ kind, run: (input: unknown) => void order.push(input) }) };
}

describe("what is enqueued", () => {
  it("R8, R10: an enqueue that supersedes stops the older ones, the one that runs here at once", async () => {
    await using bench = createBench();
    const events: TaskHostEvent[] = [];
    const reasons: unknown[] = [];
    const task = defineTask({
      kind: "scan",
      async run(input: number, context: TaskContext) {
        if (input === 3) return input;
        return untilAborted(context.signal).finally(() => reasons.push(context.signal.reason));
      },
    });
    const host = await bench.started({ tasks: [task], concurrency: 1, onEvent: listen(events) });
    const options = { supersedeKey: "repo:1", supersedeExisting: true };
    const first = await host.enqueue(task, 1, { supersedeKey: "repo:1" });
    const second = await host.enqueue(task, 2, { supersedeKey: "repo:1" });
    await turn();
    const third = await host.enqueue(task, 3, options);
    expect(third).toMatchObject({ disposition: "superseded", deduplicated: false });
    expect(third.supersededTaskIds.toSorted()).toEqual([first.task.id, second.task.id].toSorted());
    await turn();
    expect(reasons).toEqual(["lease-lost"]);
    await bench.until(async () => (await bench.task(third.task.id)).status === "succeeded");
    for (const { task: older } of [first, second]) {
      expect(await host.getTask(older.id)).toMatchObject({ status: "cancelled", reason: "TASK_SUPERSEDED" });
    }
    // A superseded one must never be told as a success.
    const succeeded = events.filter(({ type }) => type === "task:succeeded");
    expect(succeeded).toMatchObject([{ event: { taskId: third.task.id } }]);
  });

  it("F7, F9, R7: may be told when to run and how urgently, before the host starts", async () => {
    await using bench = createBench();
    const { order, task } = recorder("ordered");
    const host = bench.host({ tasks: [task], concurrency: 1 });
    const now = bench.clock.now();
    await host.enqueue(task, "later", { delayMs: 60_000 });
    await host.enqueue(task, "on time", { scheduledAt: new Date(now + 30_000).toISOString() });
    await host.enqueue(task, "low", { priority: -1 });
    await host.enqueue(task, "first");
    await host.enqueue(task, "second");
    await host.enqueue(task, "high", { priority: 1, tags: ["urgent"] });
    await host.start();
    await bench.pass(29_000);
    expect(order).toEqual(["high", "first", "second", "low"]);
    await bench.pass(32_000);
    expect(order).toEqual(["high", "first", "second", "low", "on time", "later"]);
    expect((await host.listTasks({ tags: ["urgent"] })).snapshots).toHaveLength(1);
  });

  it("Q3, Q4, F11: runs one after another with a concurrency of 1, and beside each other with more", async () => {
    await using bench = createBench();
    for (const concurrency of [1, 3]) {
      let running = 0;
      let most = 0;
      const kind = `at once ${concurrency}`;
      const task = defineTask({
        kind,
        async run() {
          most = Math.max(most, (running += 1));
          await turn();
          running -= 1;
        },
      });
      const host = await bench.started({ tasks: [task], concurrency });
      await host.enqueueMany(Array.from({ length: 12 }, () => ({ task, input: undefined })));
      await bench.until(async () => (await bench.store.aggregate({ kinds: [kind] })).byStatus.succeeded.count === 12);
      expect(most).toBe(concurrency);
    }
  });

  it("T15: is tried for ever when its attempts are unlimited", async () => {
    await using bench = createBench();
    let calls = 0;
    const task = defineTask({
      kind: "stubborn",
      run() {
        calls += 1;
        if (calls < 30) throw new Error("not yet");
        return calls;
      },
    });
    const host = await bench.started({ tasks: [task] });
    const { task: made } = await host.enqueue(task, undefined, {
      maxAttempts: null,
      backoff: { type: "fixed", delayMs: 5_000 },
    });
    await bench.until(async () => (await bench.task(made.id)).status === "succeeded");
    expect(await bench.task(made.id)).toMatchObject({ attempt: 30, failures: 29 });
  });

  it("starts at once in an idle host: nothing waits for a poll, a heartbeat or a sweep", async () => {
    await using bench = createBench();
    const { order, task } = recorder("now");
    const host = await bench.started({ tasks: [task], pollIntervalMs: 60_000 });
    await turn();
    const before = bench.clock.now();
    await host.enqueue(task, 1);
    await turn();
    expect(order).toEqual([1]);
    expect(bench.clock.now()).toBe(before);
  });

  it("is noticed by a host that was not told of it, with the next look", async () => {
    await using bench = createBench((store) => ({ ...store, watch: () => () => {} }));
    const { order, task } = recorder("polled");
    const other = bench.host({ tasks: [task] });
    await bench.started({ tasks: [task], pollIntervalMs: 1_000 });
    await bench.pass(5_000);
    await other.enqueue(task, 1);
    await turn();
    expect(order).toEqual([]);
    await bench.pass(1_100);
    expect(order).toEqual([1]);
  });

  it("Q69: what runs sees its signal abort for a cancel, a time-out, a lost lease or a shutdown, and nothing else", async () => {
    await using bench = createBench();
    const seen: unknown[] = [];
    const task = defineTask({
      kind: "watches",
      run: (_input: unknown, context: TaskContext) =>
        untilAborted(context.signal).finally(() => seen.push(context.signal.reason)),
    });
    const host = await bench.started({ tasks: [task], stopWaitMs: 0 });
    const ids: string[] = [];
    for (const options of [{}, { timeoutMs: 500 }, {}, {}])
      ids.push((await host.enqueue(task, undefined, options)).task.id);
    await turn();
    await host.cancel(ids[0] ?? "");
    await bench.pass(600);
    await host.cancel(ids[2] ?? "", "now", { mode: "terminate" });
    await turn();
    let stopped = false;
    void host.stop().then(() => (stopped = true));
    await bench.until(() => stopped);
    expect(seen).toEqual(["cancelled", "timeout", "lease-lost", "shutdown"]);
  });

  it("T36: is not lost, and costs nothing, when its executor was closed under the host", async () => {
    await using bench = createBench();
    const executor = createInProcessTaskExecutor();
    const { task } = recorder("closed");
    const host = await bench.started({ executor, tasks: [task] });
    await executor.close();
    const { task: made } = await host.enqueue(task, 1);
    await bench.pass(5_000);
    const record = await bench.task(made.id);
    expect(record).toMatchObject({ status: "queued", failures: 0 });
    // Not in a tight circle either.
    expect(record.attempt).toBeLessThanOrEqual(7);
  });
});
