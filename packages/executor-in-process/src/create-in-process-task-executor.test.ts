import type { HandlerRef, RunTask, TaskContext } from "@millrace/models";
import { aRun, recordedIo } from "@millrace/conformance";
import { describe, expect, it } from "vitest";
import { createInProcessTaskExecutor } from "./create-in-process-task-executor.ts";

const options = { abortGraceMs: 1_000 };

function calling(run: RunTask<never, unknown>): HandlerRef {
  return { type: "function", kind: "demo", run };
}

function loading(module: string | URL, more: object = {}): HandlerRef {
  return { type: "module", kind: "demo", entrypoint: { module, ...more } };
}

describe("createInProcessTaskExecutor", () => {
  it("R37: runs a function with its input and context", async () => {
    const executor = createInProcessTaskExecutor();
    const handler = calling((input: { n: number }, context: TaskContext) => [input, context.task.kind]);
    const io = recordedIo();
    const outcomes = await executor.execute([aRun({ handler, input: { n: 1 } })], io, options);
    expect(outcomes).toEqual([{ type: "succeeded", output: [{ n: 1 }, "work"] }]);
    expect(io.reports).toEqual([{ i: 0, report: { started: true } }]);
    await executor.close();
  });

  it("R37: runs modules through a custom loader, loaded once", async () => {
    const asked: string[] = [];
    const executor = createInProcessTaskExecutor({
      loadModule: (specifier) => {
        asked.push(specifier);
        return { default: () => "loaded" };
      },
    });
    const handler = loading("virtual-tasks");
    for (let n = 0; n < 3; n += 1) {
      expect(await executor.execute([aRun({ handler })], recordedIo(), options)).toMatchObject([{ output: "loaded" }]);
    }
    expect(asked).toEqual(["virtual-tasks"]);
  });

  it("R4: a module that cannot be used fails its tasks, it never rejects", async () => {
    const executor = createInProcessTaskExecutor();
    const missing = loading(new URL("./no-such-module.ts", import.meta.url));
    const wrong = loading(new URL("./index.ts", import.meta.url), { export: "missing" });
    expect(await executor.execute([aRun({ handler: missing }), aRun()], recordedIo(2), options)).toMatchObject([
      { type: "failed", failure: { code: "HANDLER_MODULE_NOT_FOUND" } },
      { type: "failed", failure: { code: "HANDLER_MODULE_NOT_FOUND" } },
    ]);
    expect(await executor.execute([aRun({ handler: wrong })], recordedIo(), options)).toMatchObject([
      { type: "failed", failure: { code: "HANDLER_EXPORT_INVALID" } },
    ]);
  });

  it("Q5: runs a batch handler with all its tasks at once", async () => {
    const executor = createInProcessTaskExecutor();
    const handler: HandlerRef = {
      type: "function",
      kind: "demo",
      runBatch: (items) => items.map(({ input }) => ({ status: "succeeded", output: input })),
    };
    const runs = [aRun({ handler, input: 1 }), aRun({ handler, input: 2 })] as const;
    expect(await executor.execute(runs, recordedIo(2), options)).toMatchObject([{ output: 1 }, { output: 2 }]);
  });

  it("says what it refuses, before anything runs", () => {
    const executor = createInProcessTaskExecutor();
    expect(executor.refuses({ type: "function", kind: "k" })).toMatch(/neither run nor runBatch/);
    expect(executor.refuses(loading("./relative.ts"))).toMatch(/relative/);
    expect(executor.refuses(loading("data:text/javascript,1"))).toMatch(/data:/);
    expect(executor.refuses(loading("/abs/task.ts", { runtime: "bun" }))).toMatch(/"bun".*process of its own/);
    expect(executor.refuses(loading("/abs/task.ts", { runtime: "inherit" }))).toBeNull();
    expect(executor.refuses(calling(() => 1))).toBeNull();
  });

  it("T41, R34: close aborts what runs, waits for it, and starts nothing more", async () => {
    const executor = createInProcessTaskExecutor();
    let ended = false;
    let started: () => void = () => {};
    const running = new Promise<void>((resolve) => (started = resolve));
    const handler = calling(async (_input, context: TaskContext) => {
      started();
      await new Promise((resolve) => context.signal.addEventListener("abort", resolve));
      await new Promise((resolve) => setImmediate(resolve));
      ended = true;
      throw new DOMException("stopped", "AbortError");
    });
    const outcomes = executor.execute([aRun({ handler })], recordedIo(), options);
    await running;
    await executor.close();
    expect(ended).toBe(true);
    expect(await outcomes).toMatchObject([{ type: "aborted", why: "shutdown" }]);
    expect(await executor.execute([aRun({ handler })], recordedIo(), options)).toMatchObject([
      { type: "aborted", why: "shutdown", failure: { code: "EXECUTOR_CLOSED" } },
    ]);
    await executor.close();
  });

  it("is not isolated, and holds as many runs as it was told", () => {
    expect(createInProcessTaskExecutor()).toMatchObject({ name: "in-process", isolated: false, capacity: null });
    expect(createInProcessTaskExecutor({ capacity: 3 }).capacity).toBe(3);
    expect(() => createInProcessTaskExecutor({ capacity: 0 })).toThrow(
      expect.objectContaining({ code: "OPTION_INVALID" }),
    );
  });
});
