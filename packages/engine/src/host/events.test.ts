import { defineTask, type TaskContext, type TaskHostEvent, type TaskLifecycleEvent } from "@millrace/models";
import { describe, expect, it } from "vitest";
import { createBench, gate, listen, turn } from "../testing/host-bench.ts";

describe("what a host tells its listeners", () => {
  it("R48: each event with the task as it then stood, its step and its result", async () => {
    await using bench = createBench();
    const events: TaskLifecycleEvent[] = [];
    const task = defineTask({
      kind: "told",
      async run(_input: unknown, context: TaskContext) {
        void context.setProgress({ percent: 10, label: "begin" });
        await context.appendStep({ level: "success", message: "half", percent: 50, meta: { n: 1 } });
        return "out";
      },
    });
    const host = await bench.started({ tasks: [task], onLifecycleEvent: (event) => void events.push(event) });
    const { task: made } = await host.enqueue(task, undefined, { channels: ["scope:a"] });
    await bench.until(() => events.some(({ event }) => event === "succeeded"));
    const { events: journal } = (await bench.store.events("", 100)) as {
      events: readonly { type: string; version: number }[];
    };
    const told = events.map(({ event, version }) => [event, version]);
    expect(told).toEqual(
      journal
        .filter(({ type }) => events.some(({ event }) => event === type))
        .map(({ type, version }) => [type, version]),
    );
    expect(events.find(({ event }) => event === "step")).toMatchObject({
      taskId: made.id,
      step: { id: "1.1", message: "half", level: "success", percent: 50, meta: { n: 1 } },
      snapshot: { progress: { percent: 50 } },
    });
    expect(events.at(-1)).toMatchObject({
      event: "succeeded",
      result: { status: "ok", code: "task-execution-succeeded" },
      channels: ["scope:a"],
      snapshot: { state: "succeeded", output: "out", progress: { percent: 100, label: "begin" } },
    });
    expect(events.at(-1)?.snapshot && "leaseToken" in events.at(-1)!.snapshot!).toBe(false);
  });

  it("R47: a retry and a final failure, with what was thrown", async () => {
    await using bench = createBench();
    const events: TaskHostEvent[] = [];
    const task = defineTask({
      kind: "fails",
      retry: { maxAttempts: 2, backoff: { type: "fixed", delayMs: 5_000 } },
      run() {
        throw new Error("no");
      },
    });
    const host = await bench.started({ tasks: [task], onEvent: listen(events) });
    await host.enqueue(task, undefined);
    await bench.until(() => events.some(({ type }) => type === "task:failed"));
    const retry = events.find(({ type }) => type === "task:retry");
    expect(retry).toMatchObject({
      event: { result: { code: "task-retry-scheduled" }, snapshot: { state: "retrying", failure: { message: "no" } } },
    });
    expect(events.find(({ type }) => type === "task:failed")).toMatchObject({
      event: { result: { code: "task-failed" }, snapshot: { state: "failed", attempt: 2 } },
    });
  });

  it("R47: an enqueue that was answered with an open task, as what it is", async () => {
    await using bench = createBench();
    const events: TaskLifecycleEvent[] = [];
    const host = bench.host({
      tasks: [defineTask({ kind: "k", run: () => 1 })],
      onLifecycleEvent: (event) => void events.push(event),
    });
    await host.enqueue("k", 1, { dedupeKey: "d" });
    expect(await host.enqueue("k", 2, { dedupeKey: "d" })).toMatchObject({ disposition: "reused", deduplicated: true });
    expect(events.map(({ event, disposition }) => [event, disposition])).toEqual([
      ["enqueued", "created"],
      ["enqueued", "reused"],
    ]);
  });

  it("Q62, T5: a listener that throws or rejects is logged, and changes nothing", async () => {
    await using bench = createBench();
    const task = defineTask({ kind: "k", run: () => 1 });
    const host = await bench.started({
      tasks: [task],
      onEvent() {
        throw new Error("listener");
      },
      onLifecycleEvent: async () => {
        throw new Error("listener");
      },
    });
    const { task: made } = await host.enqueue(task, undefined);
    await bench.until(async () => (await bench.task(made.id)).status === "succeeded");
    expect(bench.lines.filter(({ message }) => message.includes("listener")).length).toBeGreaterThan(2);
  });

  it("R47: each listener until it is taken back, by itself", async () => {
    await using bench = createBench();
    let calls = 0;
    const host = bench.host({ tasks: [defineTask({ kind: "k", run: () => 1 })] });
    const listener = (): void => void (calls += 1);
    const stopFirst = host.onEvent(listener);
    const stopSecond = host.onEvent(listener);
    await host.enqueue("k");
    expect(calls).toBe(2);
    stopFirst();
    stopFirst();
    await host.enqueue("k");
    expect(calls).toBe(3);
    stopSecond();
    await host.enqueue("k");
    expect(calls).toBe(3);
  });

  it("R22, R47: a task that fell silent is told as stale, and a sign of life takes it back", async () => {
    await using bench = createBench();
    const events: TaskHostEvent[] = [];
    const go = gate();
    const task = defineTask({
      kind: "silent",
      async run(_input: unknown, context: TaskContext) {
        await go.opened;
        await context.heartbeat();
        await gate().opened;
      },
    });
    const host = await bench.started({ tasks: [task], watchdogMs: 20_000, onEvent: listen(events) });
    const { task: made } = await host.enqueue(task, undefined);
    await bench.until(() => events.some(({ type }) => type === "task:stale"));
    expect(await host.getTask(made.id)).toMatchObject({ state: "stale", status: "running" });
    go.open();
    await bench.pass(100);
    expect((await host.getTask(made.id))?.state).toBe("running");
  });

  it("R62: log lines go to a logger of another shape", async () => {
    await using bench = createBench();
    const task = defineTask({
      kind: "logs",
      run: (_input: unknown, context: TaskContext) => context.log.info("hello", { n: 1 }),
    });
    const host = await bench.started({ tasks: [task] });
    const { task: made } = await host.enqueue(task, undefined, { logContext: { request: "r1" } });
    await bench.until(async () => (await bench.task(made.id)).status === "succeeded");
    expect(bench.lines).toContainEqual({
      level: "info",
      message: "hello",
      fields: { taskId: made.id, kind: "logs", attempt: 1, request: "r1", n: 1 },
    });
    await turn();
  });
});
