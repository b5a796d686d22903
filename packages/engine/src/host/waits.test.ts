import { defineTask, type Codec, type TaskContext, type TaskStore } from "@millrace/models";
import { describe, expect, it } from "vitest";
import { createBench, gate, turn } from "../testing/host-bench.ts";

/** A codec that anybody could read, but nobody by accident. */
const reversing: Codec = {
  id: "reversed",
  encode: (text) => new TextEncoder().encode(text).toReversed(),
  decode: async (bytes) => new TextDecoder().decode(bytes.toReversed()),
};

describe("what a handler waits for", () => {
  it("F30, F31, F32, F33: children, whose ends it gets in order, with what it carried over", async () => {
    await using bench = createBench();
    const child = defineTask({
      kind: "child",
      run(input: number) {
        if (input === 2) throw new Error("two is bad");
        return input * 10;
      },
    });
    const seen: unknown[] = [];
    const parent = defineTask({
      kind: "parent",
      async run(_input: unknown, context: TaskContext) {
        if (context.task.stage === 0) {
          return context.spawn(
            [1, 2, 3].map((input) => ({ kind: "child", input })),
            { state: { carried: true } },
          );
        }
        seen.push(context.state, context.wake?.reason);
        return context.children.map(({ status, output, failure }) => [status, output ?? failure?.message]);
      },
    });
    const host = await bench.started({ tasks: [child, parent] });
    const { task } = await host.enqueue(parent, undefined, { context: { tenant: "t" }, priority: 3 });
    await bench.until(async () => (await bench.task(task.id)).status === "succeeded");
    expect(await host.awaitResult(task.id)).toEqual([
      ["succeeded", 10],
      ["failed", "two is bad"],
      ["succeeded", 30],
    ]);
    expect(seen).toEqual([{ carried: true }, "children"]);
    const { tasks: children } = await bench.store.read({ parentId: task.id });
    expect(children).toHaveLength(3);
    // F35, F36: what they say nothing of is their parent's.
    for (const made of children) {
      expect(made).toMatchObject({
        rootId: task.id,
        parentId: task.id,
        priority: 3,
        context: { tenant: "t" },
        origin: { type: "task", id: task.id },
      });
    }
  });

  it("F27: a sleep that ends when it should, not at the next sweep", async () => {
    await using bench = createBench();
    const starts: number[] = [];
    const sleeper = defineTask({
      kind: "sleeper",
      async run(_input: unknown, context: TaskContext) {
        starts.push(bench.clock.now());
        if (context.task.stage === 0) await context.sleep(200);
        return null;
      },
    });
    const host = await bench.started({ tasks: [sleeper] });
    const { task } = await host.enqueue(sleeper, undefined);
    await bench.until(async () => (await bench.task(task.id)).status === "suspended");
    bench.clock.advance(210);
    await bench.until(async () => (await bench.task(task.id)).status === "succeeded");
    expect((starts[1] ?? 0) - (starts[0] ?? 0)).toBeLessThan(300);
  });

  it("children that may not be made fail it for good, and say why", async () => {
    await using bench = createBench();
    const parent = defineTask({
      kind: "parent",
      retry: { maxAttempts: 3 },
      run: (_input: unknown, context: TaskContext) => context.spawn([{ kind: "nobody knows" }, { kind: "a\nb" }]),
    });
    const host = await bench.started({ tasks: [parent] });
    const { task } = await host.enqueue(parent, undefined);
    await bench.until(async () => (await bench.task(task.id)).status === "failed");
    expect(await host.getTask(task.id)).toMatchObject({ attempt: 1, failure: { code: "KIND_INVALID" } });
  });

  it("a time, a signal, and a person", async () => {
    await using bench = createBench();
    const task = defineTask({
      kind: "waits",
      async run(_input: unknown, context: TaskContext) {
        const state = [
          ...((context.state as string[] | null) ?? []),
          JSON.stringify(context.wake?.payload ?? context.wake?.reason ?? null),
        ];
        if (context.task.stage === 0) await context.sleep(60_000, { state });
        if (context.task.stage === 1) await context.waitForSignal("go", { state });
        if (context.task.stage === 2) await context.suspend({ reason: "approval", state });
        return state;
      },
    });
    const host = await bench.started({ tasks: [task] });
    const { task: made } = await host.enqueue(task, undefined);
    await bench.until(async () => (await bench.task(made.id)).reason === "signal");
    expect(await host.signal(made.id, "go", "now")).toBe("woke");
    await bench.until(async () => (await bench.task(made.id)).reason === "manual");
    await host.resume(made.id, { payload: "yes" });
    await bench.until(async () => (await bench.task(made.id)).status === "succeeded");
    expect(await host.awaitResult(made.id)).toEqual(["null", '"timeout"', '"now"', '"yes"']);
    await expect(host.signal(made.id, "go")).rejects.toMatchObject({ code: "SIGNAL_CLOSED" });
  });

  it("the tasks named at its enqueue, whose results it gets", async () => {
    await using bench = createBench();
    const first = defineTask({ kind: "first", run: () => ({ n: 1 }) });
    const second = defineTask({
      kind: "second",
      run: (_input: unknown, context: TaskContext) => context.dependencies.map(({ output }) => output ?? null),
    });
    const host = await bench.started({ tasks: [first, second], codec: reversing });
    const { task: a } = await host.enqueue(first, undefined);
    const { task: b } = await host.enqueue(second, undefined, { waitFor: [a.id] });
    await bench.until(async () => (await bench.task(b.id)).status === "succeeded");
    expect(await host.awaitResult(b.id)).toEqual([{ n: 1 }]);
  });
});

describe("what a handler asks", () => {
  it("once: a result is remembered across attempts, also when it is nothing", async () => {
    await using bench = createBench();
    const calls: string[] = [];
    const task = defineTask({
      kind: "memo",
      retry: { maxAttempts: 3, backoff: { type: "fixed", delayMs: 1 } },
      async run(_input: unknown, context: TaskContext) {
        const loaded = await context.once("load", () => (calls.push("load"), { rows: 2 }));
        const nothing = await context.once("nothing", () => void calls.push("nothing"));
        if (context.task.failures === 0) throw new Error("again");
        return [loaded, nothing === undefined];
      },
    });
    const host = await bench.started({ tasks: [task], codec: reversing });
    const { task: made } = await host.enqueue(task, undefined);
    await bench.until(async () => (await bench.task(made.id)).status === "succeeded");
    expect(await host.awaitResult(made.id)).toEqual([{ rows: 2 }, true]);
    expect(calls).toEqual(["load", "nothing"]);
  });

  it("Q11: a task of its own life, and a signal to another", async () => {
    await using bench = createBench();
    const other = defineTask({
      kind: "other",
      run: (_input: unknown, context: TaskContext) =>
        context.task.stage === 0 ? context.waitForSignal("go") : (context.wake?.payload ?? null),
    });
    const maker = defineTask({
      kind: "maker",
      async run(_input: unknown, context: TaskContext) {
        const { taskId } = await context.enqueue({ kind: "other" });
        await context.signalTask(taskId, "go", { from: "maker" });
        return taskId;
      },
    });
    const host = await bench.started({ tasks: [other, maker] });
    const { task } = await host.enqueue(maker, undefined);
    await bench.until(async () => (await bench.task(task.id)).status === "succeeded");
    const otherId = await host.awaitResult<string>(task.id);
    await bench.until(async () => (await bench.task(otherId)).status === "succeeded");
    expect(await host.awaitResult(otherId)).toEqual({ from: "maker" });
    expect(await bench.task(otherId)).toMatchObject({ parentId: null, origin: { type: "task", id: task.id } });
  });

  it("is refused once its lease is lost", async () => {
    await using bench = createBench();
    const go = gate();
    const refusals: unknown[] = [];
    const task = defineTask({
      kind: "late",
      async run(_input: unknown, context: TaskContext) {
        await go.opened;
        await context.once("x", () => 1).catch((error: unknown) => refusals.push(error));
      },
    });
    const host = await bench.started({ tasks: [task] });
    const { task: made } = await host.enqueue(task, undefined);
    await turn();
    await bench.store.cancel([{ taskId: made.id, mode: "terminate", reason: null, by: null }]);
    go.open();
    await bench.until(() => refusals.length === 1);
    expect(refusals[0]).toMatchObject({ code: "LEASE_LOST" });
  });
});

describe("an outcome in the handler's own transaction", () => {
  /** A store whose transactions are lists of settlements, applied by `commit`. */
  function transactional() {
    const wrap = (store: TaskStore): TaskStore => ({
      ...store,
      within: (tx: Parameters<TaskStore["settle"]>[0][number][]) => ({
        enqueue: (groups: Parameters<TaskStore["enqueue"]>[0]) => store.enqueue(groups),
        async settle(settlements: Parameters<TaskStore["settle"]>[0]) {
          tx.push(...settlements);
          return settlements.map(() => ({ status: "held" as const, version: 3, next: "succeeded" as const }));
        },
      }),
    });
    return { wrap };
  }

  it("I12: counts once it is committed, and is told once", async () => {
    await using bench = createBench(transactional().wrap);
    const types: string[] = [];
    const task = defineTask({
      kind: "commits",
      async run(_input: unknown, context: TaskContext) {
        const tx: Parameters<TaskStore["settle"]>[0][number][] = [];
        await context.completeInTx(tx, { stored: true });
        await bench.store.settle(tx);
      },
    });
    const host = await bench.started({ tasks: [task], onEvent: ({ type }) => void types.push(type) });
    const { task: made } = await host.enqueue(task, undefined);
    await bench.until(
      async () => (await bench.task(made.id)).status === "succeeded" && types.includes("task:succeeded"),
    );
    await bench.pass(20_000);
    expect(await host.getTask(made.id)).toMatchObject({ output: { stored: true }, failures: 0 });
    expect(
      types.filter((type) => type === "task:succeeded" || type === "task:failed" || type === "task:lease_lost"),
    ).toEqual(["task:succeeded"]);
  });

  it("gives its output to whoever waits for it in this very process", async () => {
    // A store that wakes nobody: the host's own settlement is the first that is heard.
    await using bench = createBench((store) => ({ ...transactional().wrap(store), watch: () => () => {} }));
    const task = defineTask({
      kind: "commits",
      async run(_input: unknown, context: TaskContext) {
        const tx: Parameters<TaskStore["settle"]>[0][number][] = [];
        await context.completeInTx(tx, { stored: true });
        await bench.store.settle(tx);
      },
    });
    const host = await bench.started({ tasks: [task] });
    const { task: made } = await host.enqueue(task, undefined);
    let output: unknown;
    void host.awaitResult(made.id).then((value) => (output = value));
    await bench.until(() => output !== undefined);
    expect(output).toEqual({ stored: true });
  });

  it("I12: that was rolled back is a failure, though the handler ended well", async () => {
    await using bench = createBench(transactional().wrap);
    const task = defineTask({
      kind: "rolls back",
      async run(_input: unknown, context: TaskContext) {
        await context.completeInTx([], { stored: true });
      },
    });
    const host = await bench.started({ tasks: [task] });
    const { task: made } = await host.enqueue(task, undefined);
    await bench.until(async () => (await bench.task(made.id)).status === "failed");
    expect(await host.getTask(made.id)).toMatchObject({
      failure: { message: expect.stringContaining("not committed") },
    });
  });
});

describe("a codec", () => {
  it("hides inputs, outputs, failures and states from the store, and nobody here notices", async () => {
    await using bench = createBench();
    const task = defineTask({
      kind: "secret",
      async run(input: { word: string }, context: TaskContext) {
        if (context.task.stage === 0) return context.sleep(1, { state: { kept: input.word } });
        if (input.word === "bad") throw new Error(`no ${input.word}`);
        return context.state;
      },
    });
    const host = await bench.started({ tasks: [task], codec: reversing });
    const ids = await Promise.all(["good", "bad"].map(async (word) => (await host.enqueue(task, { word })).task.id));
    await bench.until(async () => (await bench.store.get(ids)).every((found) => found?.finishedAt !== null));
    const records = await bench.store.get(ids);
    for (const record of records) {
      for (const value of [record?.input, record?.state]) expect(value).toMatchObject({ codecId: "reversed" });
    }
    expect(await host.getTask(ids[0] ?? "")).toMatchObject({ input: { word: "good" }, output: { kept: "good" } });
    expect(await host.getTask(ids[1] ?? "")).toMatchObject({ failure: { message: "no bad" } });
    const blind = bench.host({ tasks: [task] });
    expect(await blind.getTask(ids[0] ?? "")).toMatchObject({ input: { unreadable: true, codecId: "reversed" } });
    const reader = bench.host({ tasks: [task], codecs: [reversing] });
    expect(await reader.getTask(ids[0] ?? "")).toMatchObject({ output: { kept: "good" } });
  });

  it("that is missing where a task runs fails it, and says which", async () => {
    await using bench = createBench();
    const task = defineTask({ kind: "secret", run: () => 1 });
    const client = bench.host({ tasks: [task], codec: reversing });
    const { task: made } = await client.enqueue(task, { word: "x" });
    const host = await bench.started({ tasks: [task] });
    await bench.until(async () => (await bench.task(made.id)).status === "failed");
    expect(await host.getTask(made.id)).toMatchObject({
      reason: "TASK_INPUT_INVALID",
      failure: { message: expect.stringContaining('"reversed"') },
    });
  });
});
