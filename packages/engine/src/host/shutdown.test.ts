import { createInProcessTaskExecutor } from "@millrace/executor-in-process";
import {
  defineTask,
  type TaskContext,
  type TaskExecutor,
  type TaskHostEvent,
  type TaskOutcome,
} from "@millrace/models";
import { describe, expect, it } from "vitest";
import { createBench, gate, listen, turn, untilAborted } from "../testing/host-bench.ts";

/** Stops a host while time passes. */
async function stopping(bench: ReturnType<typeof createBench>, stop: Promise<void>): Promise<void> {
  let stopped = false;
  void stop.then(() => (stopped = true));
  await bench.until(() => stopped, "the stop");
}

describe("a stop", () => {
  it("F60: lets running tasks end, renews them all the time, and takes no more", async () => {
    await using bench = createBench();
    const go = gate();
    const task = defineTask({ kind: "ends", run: () => go.opened.then(() => "ended") });
    const host = await bench.started({
      tasks: [task],
      concurrency: 1,
      leaseMs: 6_000,
      heartbeatMs: 2_000,
      stopWaitMs: 60_000,
    });
    const { task: first } = await host.enqueue(task, undefined);
    const { task: second } = await host.enqueue(task, undefined);
    await turn();
    const stop = host.stop();
    expect(host.getState()).toBe("stopping");
    await bench.pass(30_000);
    expect((await bench.task(first.id)).leaseExpiresAt ?? 0).toBeGreaterThan(bench.clock.now());
    go.open();
    await stopping(bench, stop);
    expect(host.getState()).toBe("stopped");
    expect(await bench.task(first.id)).toMatchObject({ status: "succeeded" });
    expect(await bench.task(second.id)).toMatchObject({ status: "queued", attempt: 0 });
  });

  it("aborts what has not ended in time, gives it back without a failure, and another host goes on", async () => {
    await using bench = createBench();
    const reasons: unknown[] = [];
    const task = defineTask({
      kind: "stops",
      async run(_input: unknown, context: TaskContext) {
        if (context.task.attempt > 1) return "second";
        return untilAborted(context.signal).finally(() => reasons.push(context.signal.reason));
      },
    });
    const host = await bench.started({ tasks: [task], stopWaitMs: 5_000 });
    const { task: made } = await host.enqueue(task, undefined);
    await turn();
    const stoppedAt = bench.clock.now();
    await stopping(bench, host.stop());
    expect(reasons).toEqual(["shutdown"]);
    expect(await bench.task(made.id)).toMatchObject({
      status: "queued",
      failures: 0,
      releases: 1,
      interruptions: 0,
      suspect: false,
    });
    expect(bench.clock.now() - stoppedAt).toBeLessThan(6_100);
    await bench.started({ tasks: [task] });
    await bench.until(async () => (await bench.task(made.id)).status === "succeeded");
  });

  it("leaves a handler that ignores the abort to the expiry of its lease, and says so", async () => {
    await using bench = createBench();
    const forever = gate();
    const task = defineTask({ kind: "deaf", run: () => forever.opened });
    const host = await bench.started({ tasks: [task], stopWaitMs: 1_000, abortGraceMs: 500 });
    const { task: made } = await host.enqueue(task, undefined);
    await turn();
    await stopping(bench, host.stop());
    expect((await bench.task(made.id)).hostId).toBe(host.id);
    expect(bench.lines.some(({ message }) => message.includes("did not stop"))).toBe(true);
    forever.open();
    await turn();
    // Its late end must not be written: nobody renews the lease any more.
    expect((await bench.task(made.id)).status).not.toBe("succeeded");
  });

  it("gives back at once what was claimed ahead and has not started", async () => {
    await using bench = createBench();
    const go = gate();
    const task = defineTask({ kind: "quick", run: async (input: number) => (input < 100 ? undefined : go.opened) });
    const host = await bench.started({ tasks: [task], concurrency: 1 });
    await host.enqueueMany(Array.from({ length: 20 }, (_, input) => ({ task, input })));
    await bench.until(async () => (await bench.store.aggregate({})).byStatus.succeeded.count === 20);
    await host.enqueueMany(Array.from({ length: 20 }, (_, input) => ({ task, input: 100 + input })));
    await turn();
    expect((await bench.store.aggregate({ statuses: ["claimed", "running"] })).total.count).toBeGreaterThan(1);
    const stop = host.stop();
    await turn();
    expect((await bench.store.aggregate({ statuses: ["claimed", "running"] })).total.count).toBe(1);
    go.open();
    await stopping(bench, stop);
  });

  it("is hurried by a second signal", async () => {
    await using bench = createBench();
    const forever = gate();
    const task = defineTask({ kind: "deaf", run: () => forever.opened });
    const host = await bench.started({ tasks: [task] });
    await host.enqueue(task, undefined);
    await turn();
    const stoppedAt = bench.clock.now();
    const stop = host.stop();
    await turn();
    void host.stop({ kill: true });
    await stopping(bench, stop);
    expect(bench.clock.now() - stoppedAt).toBeLessThan(1_000);
  });

  it("waits for an isolated executor to end its children, and closes it when it does not", async () => {
    await using bench = createBench();
    const killed = gate<readonly TaskOutcome[]>();
    let closed = 0;
    const executor: TaskExecutor = {
      name: "stubborn",
      isolated: true,
      capacity: 1,
      refuses: () => null,
      execute: (_runs, io) => {
        void io.report(0, { started: true });
        return killed.opened;
      },
      async close() {
        closed += 1;
        killed.open([{ type: "aborted", why: "shutdown", failure: null }]);
      },
    };
    const host = await bench.started({
      executor,
      handlers: [{ kind: "child", entrypoint: { module: "/x.js" } }],
      stopWaitMs: 0,
    });
    const { task } = await host.enqueue("child");
    await turn();
    await stopping(bench, host.stop());
    expect(closed).toBe(1);
    expect(await bench.task(task.id)).toMatchObject({ status: "queued", releases: 1 });
  });

  it("R1: can be followed by another start, which goes on with what waits", async () => {
    await using bench = createBench();
    const events: TaskHostEvent[] = [];
    const task = defineTask({ kind: "quick", run: () => 1 });
    const host = await bench.started({ tasks: [task], onEvent: listen(events) });
    await stopping(bench, host.stop());
    const { task: made } = await host.enqueue(task, undefined);
    expect((await bench.task(made.id)).status).toBe("queued");
    await host.start();
    await bench.until(async () => (await bench.task(made.id)).status === "succeeded");
    expect(events.filter(({ type }) => type.startsWith("runner")).map(({ type }) => type)).toEqual([
      "runner:start",
      "runner:stop",
      "runner:start",
    ]);
  });

  it("leaves no timer, and `await using` closes executor and store", async () => {
    await using bench = createBench();
    let closed = 0;
    const inner = createInProcessTaskExecutor();
    const executor: TaskExecutor = { ...inner, close: async () => ((closed += 1), inner.close()) };
    {
      await using host = bench.host({ executor, tasks: [defineTask({ kind: "quick", run: () => 1 })] });
      await host.start();
    }
    expect(closed).toBe(1);
    expect(bench.clock.nextTimerInMs()).toBeNull();
    await expect(bench.store.get(["01234567-89ab-7def-8123-456789abcdef"])).rejects.toMatchObject({
      code: "STORE_CLOSED",
    });
  });

  it("closed means closed: a start is refused", async () => {
    await using bench = createBench();
    const host = bench.host();
    await host.close();
    await expect(host.start()).rejects.toMatchObject({ code: "HOST_STATE_INVALID" });
  });
});
