import { spawn } from "node:child_process";
import { once } from "node:events";
import { realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { aRun, recordedIo, type RecordedIo } from "@millrace/conformance";
import {
  createManualClock,
  type HandlerEntrypoint,
  type Json,
  type TaskExecutor,
  type TaskOutcome,
  type TaskRun,
} from "@millrace/models";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ChildProcessTaskExecutorOptions } from "./child-process-options.ts";
import { createChildProcessTaskExecutor } from "./create-child-process-task-executor.ts";
import { bunPath } from "./testing/bun-path.ts";
import { openLifeline, type Lifeline } from "./testing/lifeline.ts";
import { quickStart } from "./testing/quick-start.ts";

const module = new URL("./testing/handlers.ts", import.meta.url);
const bun = bunPath();
const grace = { abortGraceMs: 60_000 };

function runOf(
  name: string,
  input?: Json,
  more: Partial<TaskRun> & { entrypoint?: Partial<HandlerEntrypoint> } = {},
): TaskRun {
  const { entrypoint, ...fields } = more;
  return aRun({
    handler: { type: "module", kind: "demo", entrypoint: { module, export: name, ...entrypoint } },
    input,
    ...fields,
  });
}

async function execute(executor: TaskExecutor, run: TaskRun, io: RecordedIo = recordedIo()): Promise<TaskOutcome> {
  const [outcome] = await executor.execute([run], io, grace);
  if (!outcome) throw new Error("no outcome");
  return outcome;
}

async function outputOf(executor: TaskExecutor, run: TaskRun): Promise<Json | undefined> {
  const outcome = await execute(executor, run);
  if (outcome.type !== "succeeded") throw new Error(JSON.stringify(outcome));
  return outcome.output;
}

const open: TaskExecutor[] = [];
const lines: Lifeline[] = [];

function anExecutor(options: ChildProcessTaskExecutorOptions = {}): TaskExecutor {
  const executor = createChildProcessTaskExecutor({
    size: 1,
    killGraceMs: 60_000,
    ...options,
    env: { ...quickStart, ...options.env },
  });
  open.push(executor);
  return executor;
}

async function aLifeline(): Promise<Lifeline> {
  const line = await openLifeline();
  lines.push(line);
  return line;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((executor) => executor.close()));
  await Promise.all(lines.splice(0).map((line) => line.close()));
});

describe("a handler in a child", () => {
  let executor: TaskExecutor;
  beforeAll(() => {
    executor = createChildProcessTaskExecutor({ size: 1, env: quickStart });
  });
  afterAll(() => executor.close());

  it("R35, T13, T29: gets its input and gives its output; undefined and null stay apart", async () => {
    expect(await execute(executor, runOf("echo", { rows: [1, null, "ü"] }))).toEqual({
      type: "succeeded",
      output: { rows: [1, null, "ü"] },
    });
    expect(await execute(executor, runOf("echo", null))).toEqual({ type: "succeeded", output: null });
    expect(await execute(executor, runOf("nothing"))).toEqual({ type: "succeeded", output: undefined });
  });

  it("takes and gives 5 MB", async () => {
    const input = { text: "x".repeat(2_500_000), rows: Array.from({ length: 250_000 }, (_none, n) => n * 11) };
    expect(await outputOf(executor, runOf("echo", input))).toEqual(input);
  });

  it("R35, T8: stays up between runs, with the state of its modules", async () => {
    const first = await outputOf(executor, runOf("count"));
    expect(await outputOf(executor, runOf("count"))).toBe(Number(first) + 1);
  });

  it("reports, asks and logs through the host", async () => {
    const io = recordedIo(1, {
      ask: (question) => (question.type === "enqueue" ? { type: "enqueued", taskId: "t-1" } : { type: "done" }),
    });
    const outcome = await execute(executor, runOf("everything", { n: 3 }, { state: { s: 1 } }), io);
    expect(outcome).toEqual({
      type: "succeeded",
      output: { held: true, memo: { at: "1970-01-01T00:00:00.000Z" }, taskId: "t-1", state: { s: 1 }, children: [] },
    });
    expect(io.reports[0]).toMatchObject({ i: 0, report: { started: true } });
    expect(io.reports.flatMap(({ report }) => report.steps ?? []).map(({ n }) => n)).toEqual([1, 2, 3]);
    expect(io.questions.map(({ question }) => question.type)).toEqual(["memo-put", "enqueue", "signal"]);
    expect(io.lines).toMatchObject([
      { line: { level: "info", message: "hello", fields: { error: { message: "shown" } } } },
    ]);
  });

  it("R39, T28: its error comes over with code and cause, a permanent one as such", async () => {
    expect(await execute(executor, runOf("fail"))).toMatchObject({
      type: "failed",
      permanent: true,
      failure: { name: "PermanentError", message: "for good", code: "E_GOOD", cause: { message: "the cause" } },
    });
  });

  it("Q24: an output that contains itself fails for good", async () => {
    expect(await execute(executor, runOf("circular"))).toMatchObject({
      type: "failed",
      reason: "TASK_OUTPUT_INVALID",
      permanent: true,
    });
  });

  it("a call that ends the run comes over as a suspension", async () => {
    expect(await execute(executor, runOf("sleepLong"))).toEqual({
      type: "suspended",
      wait: { reason: "sleep", forMs: 60_000 },
      state: { at: 1 },
    });
  });

  it("Q5, Q9: runs a batch in one child, outcomes aligned", async () => {
    const runs = [runOf("batch", 1), runOf("batch", 2), runOf("batch", 3)] as const;
    expect(await executor.execute(runs, recordedIo(3), grace)).toMatchObject([
      { type: "succeeded", output: 1 },
      { type: "failed", reason: "TASK_NO_OUTCOME" },
      { type: "succeeded", output: 3 },
    ]);
  });

  it("R4: a missing export or module fails the task with its code", async () => {
    const wrong = await execute(executor, runOf("notAHandler"));
    expect(wrong).toMatchObject({
      type: "failed",
      failure: { code: "HANDLER_EXPORT_INVALID", message: expect.stringContaining("echo (function)") },
    });
    const missing = runOf("x", null, { entrypoint: { module: new URL("./none.ts", import.meta.url) } });
    expect(await execute(executor, missing)).toMatchObject({ failure: { code: "HANDLER_MODULE_NOT_FOUND" } });
  });

  it("prints by lines into the log, with or without a line end, and never into the protocol", async () => {
    const io = recordedIo();
    expect(await execute(executor, runOf("noisy"), io)).toEqual({ type: "succeeded", output: "quiet" });
    const told = (stream: string): readonly string[] =>
      io.lines
        .filter(({ line }) => line.fields?.["stream"] === stream)
        .map(({ line }) => `${line.level} ${line.message}`);
    expect(told("stdout")).toEqual(["debug one", "debug two", "debug {not json"]);
    expect(told("stderr")).toEqual(["warn warn"]);
  });

  it("finds no process.send to disturb the line with", async () => {
    expect(await outputOf(executor, runOf("ipcNoise"))).toBe(true);
  });
});

describe("a child that dies", () => {
  it.each<[string, Json, object]>([
    ["exits", { code: 0 }, { exitCode: 0, signal: null, failure: { details: { stderr: "last words" } } }],
    ["exits", { code: 7 }, { exitCode: 7, signal: null }],
    ["killsItself", null, { exitCode: null, signal: "SIGKILL" }],
    ["aborts", null, { exitCode: null, signal: "SIGABRT" }],
  ])(
    "T37: %s %j is a crash, never a cancellation, and the next run gets a new child",
    async (name, input, expected) => {
      const executor = anExecutor();
      expect(await execute(executor, runOf(name, input))).toMatchObject({
        type: "crashed",
        failure: { code: "CHILD_CRASHED" },
        ...expected,
      });
      expect(await outputOf(executor, runOf("echo", 1))).toBe(1);
    },
  );

  it.each([
    ["throwsLater", "RangeError", "nobody catches this"],
    ["rejectsAside", "TypeError", "a forgotten promise"],
  ])(
    "%s: an error nobody caught fails the run with that error, and the child is replaced",
    async (name, error, message) => {
      const executor = anExecutor();
      const before = await outputOf(executor, runOf("pid"));
      expect(await execute(executor, runOf(name))).toMatchObject({ type: "failed", failure: { name: error, message } });
      expect(await outputOf(executor, runOf("pid"))).not.toBe(before);
    },
  );

  it("what an earlier run left behind does not fail the next one, but ends the child after it", async () => {
    const executor = anExecutor();
    const first = await outputOf(executor, runOf("leavesRejection"));
    expect(await outputOf(executor, runOf("pidLater"))).toBe(first);
    expect(await outputOf(executor, runOf("pid"))).not.toBe(first);
  });

  it("a child that dies without work costs the next run nothing", async () => {
    const executor = anExecutor();
    const first = Number(await outputOf(executor, runOf("pid")));
    process.kill(first, "SIGKILL");
    expect(await outputOf(executor, runOf("pid"))).not.toBe(first);
  });

  it("a busy child killed from outside is a crash by that signal", async () => {
    const line = await aLifeline();
    const executor = anExecutor();
    const outcome = execute(executor, runOf("busy", { line: line.path }));
    const child = await line.next();
    process.kill(child.pid, "SIGKILL");
    expect(await outcome).toMatchObject({ type: "crashed", signal: "SIGKILL" });
    await child.gone;
  });

  it("starts again and again wait longer and longer", async () => {
    const clock = createManualClock();
    const executor = anExecutor({ clock, command: "/no/such/program" });
    for (let n = 0; n < 3; n += 1) {
      expect(await execute(executor, runOf("echo"))).toMatchObject({
        type: "failed",
        failure: { code: "CHILD_START_FAILED" },
      });
    }
    for (const delayMs of [100, 200]) {
      const outcome = execute(executor, runOf("echo"));
      expect(clock.nextTimerInMs()).toBe(delayMs);
      clock.advance(delayMs);
      expect(await outcome).toMatchObject({ failure: { code: "CHILD_START_FAILED" } });
    }
  });
});

describe("an aborted run", () => {
  it("R34: ends by itself when it heeds the signal, and its child lives on", async () => {
    const executor = anExecutor();
    const io = recordedIo();
    const before = await outputOf(executor, runOf("pid"));
    const outcome = execute(executor, runOf("obedient"), io);
    await io.logged("running");
    io.abort(0, "cancelled");
    expect(await outcome).toEqual({ type: "aborted", why: "cancelled", failure: null });
    expect(await outputOf(executor, runOf("pid"))).toBe(before);
  });

  it("R36: a deaf one gets SIGTERM after its grace, and that is an abort", async () => {
    const executor = anExecutor();
    const io = recordedIo();
    const outcomes = executor.execute([runOf("deaf")], io, { abortGraceMs: 1 });
    await io.logged("running");
    io.abort(0, "timeout");
    expect(await outcomes).toMatchObject([
      { type: "aborted", why: "timeout", failure: { details: { exitCode: 143 } } },
    ]);
  });

  it("R36: a busy one gets SIGKILL after a second grace", async () => {
    const line = await aLifeline();
    const executor = anExecutor({ killGraceMs: 1 });
    const io = recordedIo();
    const outcomes = executor.execute([runOf("busy", { line: line.path })], io, { abortGraceMs: 1 });
    const child = await line.next();
    io.abort(0, "lease-lost");
    expect(await outcomes).toMatchObject([
      { type: "aborted", why: "lease-lost", failure: { details: { signal: "SIGKILL" } } },
    ]);
    await child.gone;
  });

  it("R36: what the handler has started dies with it, by kill or by its own exit", async () => {
    const line = await aLifeline();
    for (const end of ["wait", "exit"]) {
      const executor = anExecutor({ killGraceMs: 1 });
      const io = recordedIo();
      const outcomes = executor.execute([runOf("withGrandchild", { line: line.path, end })], io, {
        abortGraceMs: end === "wait" ? 1 : 60_000,
      });
      const grandchild = await line.next();
      io.abort(0, "cancelled");
      expect((await outcomes)[0]?.type).toBe(end === "wait" ? "aborted" : "crashed");
      await grandchild.gone;
    }
  });

  it("never starts when it is aborted while it waits for a child, or before", async () => {
    const executor = anExecutor();
    const io = recordedIo();
    const first = execute(executor, runOf("obedient"), io);
    await io.logged("running");
    const waiting = recordedIo();
    const second = execute(executor, runOf("echo"), waiting);
    waiting.abort(0, "cancelled");
    expect(await second).toEqual({ type: "aborted", why: "cancelled", failure: null });
    const before = recordedIo();
    before.abort(0, "shutdown");
    expect(await execute(executor, runOf("echo"), before)).toEqual({ type: "aborted", why: "shutdown", failure: null });
    io.abort(0, "cancelled");
    await first;
  });
});

describe("the pool", () => {
  it("spreads 50 runs over at most 4 children, each answered with its own result", async () => {
    const executor = anExecutor({ size: 4 });
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_none, n) => outputOf(executor, runOf("echoSlowly", n))),
    );
    expect(outcomes.map((output) => (output as { n: number }).n)).toEqual(Array.from({ length: 50 }, (_none, n) => n));
    const pids = new Set(outcomes.map((output) => (output as { pid: number }).pid));
    expect(pids.size).toBeLessThanOrEqual(4);
    expect(pids.size).toBeGreaterThan(1);
  });

  it("a run that must be alone gets a fresh child, which nobody gets after it", async () => {
    const executor = anExecutor({ size: 2 });
    const shared = await outputOf(executor, runOf("pid"));
    const alone = await outputOf(executor, runOf("pid", null, { alone: true }));
    expect(alone).not.toBe(shared);
    expect(await outputOf(executor, runOf("pid"))).toBe(shared);
  });

  it("replaces a child after its runs, and ends it after its idle time", async () => {
    const clock = createManualClock();
    const executor = anExecutor({ clock, maxRunsPerChild: 2, idleMs: 1_000 });
    const pids: unknown[] = [];
    for (let n = 0; n < 3; n += 1) pids.push(await outputOf(executor, runOf("pid")));
    expect(pids[1]).toBe(pids[0]);
    expect(pids[2]).not.toBe(pids[0]);
    clock.advance(1_000);
    expect(await outputOf(executor, runOf("pid"))).not.toBe(pids[2]);
  });

  it("R35: children of other entrypoints have their own directory, environment and arguments", async () => {
    const cwd = realpathSync(tmpdir());
    const executor = anExecutor({
      size: 2,
      inheritEnv: false,
      env: { MILLRACE_BOTH: "options", MILLRACE_TEST: "options" },
    });
    process.env["MILLRACE_SECRET"] = "of the host";
    const entrypoint = {
      cwd,
      env: { MILLRACE_TEST: "entrypoint" },
      args: ["--title=millrace-child"],
      runtime: "node",
    } as const;
    const output = await outputOf(executor, runOf("environment", { secret: "of the row" }, { entrypoint }));
    delete process.env["MILLRACE_SECRET"];
    expect(output).toMatchObject({ cwd, own: "entrypoint", both: "options", argv: [] });
    expect(output).not.toHaveProperty("secret");
    expect(output).toHaveProperty("args", expect.arrayContaining(["--title=millrace-child"]));
    expect(JSON.stringify(output)).not.toContain("of the row");
    expect(await outputOf(executor, runOf("environment"))).toMatchObject({ cwd: process.cwd(), own: "options" });
  });

  // Without the Bun that comes with the install there is nothing to start.
  it.runIf(bun)("R35: a child of Bun gets its input from Node, and Node its output", async () => {
    const executor = anExecutor({ env: { PATH: dirname(bun ?? "") } });
    const input = { text: "ä \u2028", list: [1, null, { deep: true }] };
    expect(await outputOf(executor, runOf("echo", input, { entrypoint: { runtime: "bun" } }))).toEqual(input);
    expect(await outputOf(executor, runOf("runtimeOf", null, { entrypoint: { runtime: "bun" } }))).toMatch(/^bun 1\./);
  });

  it("R35: a runtime that is not there is a clear error", async () => {
    const executor = anExecutor({ env: { PATH: "/nowhere" } });
    const outcome = await execute(executor, runOf("echo", 1, { entrypoint: { runtime: "bun", cwd: "/" } }));
    expect(outcome).toMatchObject({
      type: "failed",
      failure: { code: "CHILD_START_FAILED", message: expect.stringMatching(/bun.* in \//) },
    });
  });

  it("leaves nothing behind: no listener, no handle", async () => {
    const executor = anExecutor({ size: 2 });
    await Promise.all([outputOf(executor, runOf("echo", 1)), outputOf(executor, runOf("echo", 2))]);
    const before = process.getActiveResourcesInfo().length;
    for (let n = 0; n < 300; n += 1) {
      await Promise.all([outputOf(executor, runOf("echo", n)), outputOf(executor, runOf("echo", n))]);
    }
    expect(process.getActiveResourcesInfo().length).toBeLessThanOrEqual(before);
  });
});

describe("closing", () => {
  it("T41, T42: aborts what runs, kills what is deaf, and leaves no process", async () => {
    const line = await aLifeline();
    const executor = anExecutor({ size: 3, killGraceMs: 100 });
    const io = recordedIo();
    const obedient = execute(executor, runOf("obedient"), io);
    const grandchild = execute(executor, runOf("withGrandchild", { line: line.path, end: "wait" }));
    const busy = execute(executor, runOf("busy", { line: line.path }));
    const processes = await Promise.all([line.next(), line.next()]);
    const queued = execute(executor, runOf("echo"));
    await io.logged("running");
    await executor.close();
    expect(await obedient).toEqual({ type: "aborted", why: "shutdown", failure: null });
    expect(await grandchild).toMatchObject({ type: "aborted", why: "shutdown" });
    expect(await busy).toMatchObject({ type: "aborted", why: "shutdown" });
    expect(await queued).toMatchObject({ type: "aborted", why: "shutdown" });
    await Promise.all(processes.map(({ gone }) => gone));
    expect(await execute(executor, runOf("echo"))).toMatchObject({
      type: "aborted",
      failure: { code: "EXECUTOR_CLOSED" },
    });
  });

  it("an orphan dies although it blocks its loop", async () => {
    const line = await aLifeline();
    const file = fileURLToPath(new URL("./testing/orphan-host.ts", import.meta.url));
    const host = spawn(
      process.execPath,
      [...process.execArgv, file, JSON.stringify(runOf("busy", { line: line.path }))],
      { stdio: "inherit" },
    );
    const child = await line.next();
    host.kill("SIGKILL");
    await once(host, "exit");
    await child.gone;
  });
});

describe("createChildProcessTaskExecutor", () => {
  it("says what it refuses, and what it is", () => {
    const executor = createChildProcessTaskExecutor({ size: 3 });
    expect(executor).toMatchObject({ name: "child-process", isolated: true, capacity: 3 });
    expect(executor.refuses({ type: "function", kind: "k", run: () => 1 })).toMatch(/needs a module, got a function/);
    expect(executor.refuses({ type: "module", kind: "k", entrypoint: { module: "./x.ts" } })).toMatch(/relative/);
    expect(executor.refuses({ type: "module", kind: "k", entrypoint: { module } })).toBeNull();
    expect(() => createChildProcessTaskExecutor({ size: 0 })).toThrow(
      expect.objectContaining({ code: "OPTION_INVALID" }),
    );
  });

  it("a function that comes all the same fails its task", async () => {
    const executor = anExecutor();
    expect(await execute(executor, aRun())).toMatchObject({ type: "failed", failure: { code: "HANDLER_REFUSED" } });
  });
});
