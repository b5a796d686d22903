import { createInProcessTaskExecutor } from "@millrace/executor-in-process";
import { defineTask, type HandlerRef, type TaskContext, type TaskExecutor, type TaskOutcome } from "@millrace/models";
import { describe, expect, it } from "vitest";
import { createBench, gate, turn } from "../testing/host-bench.ts";

/** An executor that answers what it is told, and remembers what it ran. */
function scripted(fields: Partial<TaskExecutor> = {}, outcome: (input: unknown) => TaskOutcome = ok) {
  const ran: { readonly handler: HandlerRef; readonly size: number; readonly alone: boolean }[] = [];
  const executor: TaskExecutor = {
    name: "scripted",
    isolated: false,
    capacity: null,
    refuses: () => null,
    async execute(runs, io) {
      ran.push({ handler: runs[0].handler, size: runs.length, alone: runs[0].alone });
      await Promise.all(runs.map((_, i) => io.report(i, { started: true })));
      return runs.map(({ input }) => outcome(input));
    },
    close: async () => {},
    ...fields,
  };
  return { executor, ran };
}

const ok = (input: unknown): TaskOutcome => ({ type: "succeeded", output: input as never });

describe("handlers of a host", () => {
  it("R3, F3: are added before or after the start, in a chain", async () => {
    await using bench = createBench();
    const host = bench.host();
    host
      .registerHandler(defineTask({ kind: "a", run: () => "a" }))
      .registerHandler(defineTask({ kind: "b", run: () => "b" }));
    await host.start();
    host.registerHandler(defineTask({ kind: "c", run: () => "c" }));
    const ids = await Promise.all(["a", "b", "c"].map(async (kind) => (await host.enqueue(kind)).task.id));
    await bench.until(async () => (await bench.store.get(ids)).every((task) => task?.status === "succeeded"));
    expect(await Promise.all(ids.map((id) => host.awaitResult(id)))).toEqual(["a", "b", "c"]);
    expect((await host.listKinds()).map(({ kind }) => kind).toSorted()).toEqual(["a", "b", "c"]);
  });

  it("R3, T2, F12: are replaced at run time; an attempt that runs keeps the one it began with", async () => {
    await using bench = createBench();
    const go = gate();
    const version = (name: string, wait = false) =>
      defineTask({
        kind: "k",
        retry: { maxAttempts: 2, backoff: { type: "fixed", delayMs: 1 } },
        run: async (_: unknown, context: TaskContext) => {
          if (wait) await go.opened;
          if (wait && context.task.attempt === 1) throw new Error(name);
          return name;
        },
      });
    const host = await bench.started({ tasks: [version("old", true)] });
    const { task } = await host.enqueue("k");
    await turn();
    host.registerHandler(version("new"));
    go.open();
    await bench.until(async () => (await bench.task(task.id)).failures === 1);
    expect(await host.getTask(task.id)).toMatchObject({ failure: { message: "old" } });
    await bench.until(async () => (await bench.task(task.id)).status === "succeeded");
    expect(await host.awaitResult(task.id)).toBe("new");
  });

  it("F4, T3, R14: are taken away, one or many, with their count; their tasks stay and cost nothing", async () => {
    await using bench = createBench();
    const host = await bench.started({
      tasks: [
        defineTask({ kind: "a", run: () => 1 }),
        defineTask({ kind: "b", run: () => 1 }),
        defineTask({ kind: "c", run: () => 1 }),
      ],
    });
    expect(host.unregisterHandler("a")).toBe(1);
    expect(host.unregisterHandler(["a", "b", "nothing"])).toBe(1);
    expect(host.getTaskInfo("b")).toBeNull();
    // The store still knows the kind: a task may be made and waits.
    const { task } = await host.enqueue("b");
    await bench.pass(30_000);
    expect(await bench.task(task.id)).toMatchObject({ status: "queued", attempt: 0 });
    host.registerHandler(defineTask({ kind: "b", run: () => "late" }));
    expect(await host.awaitResult(task.id)).toBe("late");
  });

  it("R63: that vanish between claim and start give the task back, unburnt", async () => {
    let whenClaimed: () => void = () => {};
    await using bench = createBench((store) => ({
      ...store,
      async claim(request) {
        const answer = await store.claim(request);
        if (answer.tasks.length > 0) whenClaimed();
        return answer;
      },
    }));
    const task = defineTask({ kind: "gone", run: () => 1 });
    const host = await bench.started({ tasks: [task] });
    whenClaimed = () => host.unregisterHandler("gone");
    const { task: made } = await host.enqueue(task, undefined);
    await bench.until(async () => (await bench.task(made.id)).releases === 1);
    expect(await bench.task(made.id)).toMatchObject({ status: "queued", failures: 0, releases: 1 });
  });

  it("F6, F62: tell what they are", async () => {
    await using bench = createBench();
    const host = bench.host({
      tasks: [defineTask({ kind: "a", version: 3, description: "does a", batch: { maxSize: 5 }, runBatch: () => [] })],
    });
    expect(host.getTaskInfo("a")).toEqual({
      kind: "a",
      version: 3,
      description: "does a",
      executor: "in-process",
      batchSize: 5,
    });
  });

  it("R38: run on the first executor that does not refuse them", async () => {
    await using bench = createBench();
    const functions = scripted({
      name: "functions",
      refuses: (handler) => (handler.type === "module" ? "no modules" : null),
    });
    const modules = scripted({
      name: "modules",
      isolated: true,
      refuses: (handler) => (handler.type === "function" ? "no functions" : null),
    });
    const host = await bench.started({
      executor: [modules.executor, functions.executor],
      tasks: [defineTask({ kind: "inline", run: () => 1 })],
      handlers: [{ kind: "module", entrypoint: { module: "/x.js" } }],
    });
    const ids = await Promise.all(["inline", "module"].map(async (kind) => (await host.enqueue(kind, 1)).task.id));
    await bench.until(async () => (await bench.store.get(ids)).every((task) => task?.status === "succeeded"));
    expect(host.getTaskInfo("inline")?.executor).toBe("functions");
    expect(modules.ran).toMatchObject([{ handler: { type: "module", kind: "module" } }]);
    expect(functions.ran).toMatchObject([{ handler: { type: "function", kind: "inline" } }]);
  });

  it.each([
    ["HANDLER_MISSING", { tasks: [defineTask({ kind: "a" })] }],
    ["KIND_INVALID", { tasks: [defineTask({ kind: "", run: () => 1 })] }],
    ["KIND_INVALID", { tasks: [defineTask({ kind: "millrace.bulk", run: () => 1 })] }],
    ["KIND_INVALID", { tasks: [defineTask({ kind: "a\nb", run: () => 1 })] }],
    ["KIND_DUPLICATE", { tasks: [defineTask({ kind: "a", run: () => 1 }), defineTask({ kind: "a", run: () => 2 })] }],
    ["OPTION_INVALID", { tasks: [defineTask({ kind: "a", timeoutMs: 0, run: () => 1 })] }],
    ["OPTION_INVALID", { tasks: [defineTask({ kind: "a", retry: { maxAttempts: 0 }, run: () => 1 })] }],
    ["OPTION_INVALID", { tasks: [defineTask({ kind: "a", batch: { maxSize: 1_001 }, runBatch: () => [] })] }],
    [
      "HANDLER_REFUSED",
      { handlers: [{ kind: "a", entrypoint: { module: "./relative.js" } }], executor: createInProcessTaskExecutor() },
    ],
  ])("T47: are refused with %s before anything runs", async (code, options) => {
    await using bench = createBench();
    expect(() => bench.host(options)).toThrow(expect.objectContaining({ code }));
  });

  it("a custom executor that rejects, or forgets an outcome, fails its tasks and nothing else", async () => {
    await using bench = createBench();
    const rejecting = scripted({ execute: () => Promise.reject(new Error("broken")) });
    const forgetful = scripted({
      name: "forgetful",
      refuses: ({ kind }) => (kind === "forgotten" ? null : "no"),
      execute: async () => [],
    });
    const host = await bench.started({
      executor: [forgetful.executor, rejecting.executor],
      tasks: [defineTask({ kind: "rejected", run: () => 1 }), defineTask({ kind: "forgotten", run: () => 1 })],
    });
    const ids = await Promise.all(["rejected", "forgotten"].map(async (kind) => (await host.enqueue(kind)).task.id));
    await bench.until(async () => (await bench.store.get(ids)).every((task) => task?.status === "failed"));
    expect(await host.getTask(ids[0] ?? "")).toMatchObject({ reason: "TASK_FAILED", failure: { message: "broken" } });
    expect(await host.getTask(ids[1] ?? "")).toMatchObject({ reason: "TASK_NO_OUTCOME" });
  });
});

describe("batch handlers", () => {
  it("Q5: take as many waiting tasks as they may at once, each with its own outcome", async () => {
    await using bench = createBench();
    const sizes: number[] = [];
    const task = defineTask({
      kind: "batch",
      batch: { maxSize: 10 },
      runBatch(items: readonly { readonly input: number }[]) {
        sizes.push(items.length);
        return items.map(({ input }) =>
          input % 2 === 0
            ? { status: "succeeded" as const, output: input }
            : { status: "failed" as const, error: new Error(`odd ${input}`) },
        );
      },
    });
    const host = bench.host({ tasks: [task], concurrency: 1 });
    const made = await host.enqueueMany(Array.from({ length: 25 }, (_, input) => ({ task, input })));
    await host.start();
    const ids = made.map(({ task: { id } }) => id);
    await bench.until(async () => (await bench.store.get(ids)).every((found) => found?.finishedAt !== null));
    expect(sizes).toEqual([10, 10, 5]);
    const tasks = await bench.store.get(ids);
    expect(tasks.map((found) => found?.status)).toEqual(ids.map((_, n) => (n % 2 === 0 ? "succeeded" : "failed")));
  });

  it("Q8, Q9: fail those they leave without an outcome, and all of them when they throw", async () => {
    await using bench = createBench();
    const host = await bench.started({
      tasks: [
        defineTask({
          kind: "forgets",
          batch: { maxSize: 3 },
          runBatch: () => [{ status: "succeeded" as const, output: 1 }],
        }),
        defineTask({
          kind: "throws",
          batch: { maxSize: 3 },
          runBatch() {
            throw new Error("all of them");
          },
        }),
      ],
    });
    const made = await host.enqueueMany(["forgets", "forgets", "throws", "throws"].map((kind) => ({ kind })));
    const ids = made.map(({ task: { id } }) => id);
    await bench.until(async () => (await bench.store.get(ids)).every((found) => found?.finishedAt !== null));
    const reasons = (await bench.store.get(ids)).map((found) => found?.reason);
    expect(reasons.slice(0, 2)).toEqual([null, "TASK_NO_OUTCOME"]);
    expect(reasons.slice(2)).toEqual(["TASK_FAILED", "TASK_FAILED"]);
  });
});

describe("suspects", () => {
  /** Leaves a task behind as a host does that dies under it. */
  async function crashOnce(bench: ReturnType<typeof createBench>, kind: string): Promise<void> {
    const { tasks } = await bench.store.claim({
      hostId: "dead",
      kinds: [{ kind, slots: 1 }],
      limit: 1,
      leaseMs: 500,
      suspects: "include",
    });
    expect(tasks).toHaveLength(1);
    bench.clock.advance(1_000);
    await bench.store.expire(10);
  }

  it("T38: run alone in this process: nothing beside them, and nobody waits for ever", async () => {
    await using bench = createBench();
    let running = 0;
    const beside: number[] = [];
    const go = gate();
    const task = defineTask({
      kind: "k",
      async run(input: string) {
        running += 1;
        if (input === "suspect") beside.push(running);
        await (input === "long" ? go.opened : turn());
        if (input === "suspect") beside.push(running);
        running -= 1;
      },
    });
    const host = bench.host({ tasks: [task] });
    await host.enqueue(task, "suspect");
    await bench.store.setKind([
      { type: "register", kind: "k", version: 1, inputSchema: null, limit: null, rate: null, fairness: "none" },
    ]);
    await crashOnce(bench, "k");
    const others = await host.enqueueMany(
      ["long", ...Array.from({ length: 10 }, () => "short")].map((input) => ({
        task,
        input,
        options: { priority: 1 },
      })),
    );
    await host.start();
    await bench.pass(4_000);
    go.open();
    await bench.until(async () => (await bench.store.aggregate({})).byStatus.succeeded.count === others.length + 1);
    expect(beside).toEqual([1, 1]);
  });

  it("T38: are given to an isolated executor with the word that they must be alone", async () => {
    await using bench = createBench();
    const { executor, ran } = scripted({ isolated: true, capacity: 2 });
    const host = bench.host({ executor, handlers: [{ kind: "k", entrypoint: { module: "/x.js" } }] });
    await host.enqueue("k");
    await bench.store.setKind([
      { type: "register", kind: "k", version: 1, inputSchema: null, limit: null, rate: null, fairness: "none" },
    ]);
    await crashOnce(bench, "k");
    await host.start();
    await bench.until(() => ran.length === 1);
    expect(ran).toMatchObject([{ alone: true }]);
  });
});
