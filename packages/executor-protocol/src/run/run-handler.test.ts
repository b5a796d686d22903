import {
  PermanentError,
  RetryLaterError,
  SnoozeError,
  TaskError,
  isTaskError,
  type RunAnswer,
  type TaskContext,
  type TaskOutcome,
} from "@millrace/models";
import { describe, expect, it } from "vitest";
import { aRun, recordIo, type RecordedIo } from "../testing/a-run.ts";
import { createAbortSwitch } from "./abort-switch.ts";
import { runHandler, type AnyTaskHandler } from "./run-handler.ts";

type Body = (context: TaskContext) => unknown;

async function runBody(
  body: Body,
  io: RecordedIo = recordIo(),
  fields: Parameters<typeof aRun>[0] = {},
): Promise<TaskOutcome> {
  const run = (_input: unknown, context: TaskContext): unknown => body(context);
  const [outcome] = await runHandler({ run }, [aRun(fields)], { io, closing: createAbortSwitch() });
  if (!outcome) throw new Error("no outcome");
  return outcome;
}

function runBatch(
  handler: AnyTaskHandler["runBatch"],
  count: number,
  io = recordIo(count),
): Promise<readonly TaskOutcome[]> {
  const [first, ...rest] = Array.from({ length: count }, () => aRun());
  if (!first || !handler) throw new Error("a batch needs a run");
  return runHandler({ runBatch: handler }, [first, ...rest], { io, closing: createAbortSwitch() });
}

describe("the context of a handler", () => {
  it("may be taken apart, and its functions are still those of this run", async () => {
    const io = recordIo();
    const outcome = await runBody(async ({ setProgress, appendStep, heartbeat, signal, log }) => {
      log.info("begun");
      await Promise.all([setProgress({ percent: 5 }), appendStep({ message: "one" }), heartbeat()]);
      return signal.aborted;
    }, io);
    expect(outcome).toEqual({ type: "succeeded", output: false });
    expect(io.reports.map(({ report }) => Object.keys(report))).toEqual([
      ["started"],
      ["progress"],
      ["steps"],
      ["alive"],
    ]);
    expect(io.lines.map(({ line }) => line.message)).toEqual(["begun"]);
  });
});

describe("the output of a handler", () => {
  it.each([[0], [false], [""], [null], [[1, { a: null }]]])("T29, Q6: %j is an output", async (output) => {
    expect(await runBody(() => output)).toEqual({ type: "succeeded", output });
  });

  it("Q6: undefined is no output, and no null", async () => {
    expect(await runBody(() => undefined)).toEqual({ type: "succeeded", output: undefined });
  });

  it("Q24: an output that contains itself fails for good and says where", async () => {
    const output: Record<string, unknown> = { rows: [{}] };
    output["rows"] = [{ parent: output }];
    const outcome = await runBody(() => output);
    expect(outcome).toMatchObject({
      type: "failed",
      permanent: true,
      reason: "TASK_OUTPUT_INVALID",
      failure: { code: "TASK_OUTPUT_INVALID", details: { path: "output.rows[0].parent" } },
    });
  });

  it.each([[{ n: 1n }], [{ n: Number.NaN }], [{ f: () => 1 }], [new Map([[1, 2]])]])(
    "an output JSON would lose is refused: %o",
    async (output) => {
      expect(await runBody(() => output)).toMatchObject({ type: "failed", reason: "TASK_OUTPUT_INVALID" });
    },
  );

  it("is a copy: what the handler changes afterwards is not stored", async () => {
    const output = { n: 1 };
    const outcome = await runBody(() => output);
    output.n = 2;
    expect(outcome).toEqual({ type: "succeeded", output: { n: 1 } });
  });
});

describe("what a handler throws", () => {
  it.each([[null], ["text"], [42], [undefined], [{ message: "m" }]])(
    "R39, Q7: %o becomes a failure",
    async (thrown) => {
      const outcome = await runBody(() => {
        throw thrown;
      });
      expect(outcome).toMatchObject({
        type: "failed",
        failure: { name: expect.any(String), message: expect.any(String) },
      });
    },
  );

  it("R39, T28: keeps name, code, details and the causes, also those that run in a circle", async () => {
    const inner = new Error("inner");
    const outer = Object.assign(new TypeError("outer", { cause: inner }), { code: "E_OUTER" });
    inner.cause = outer;
    const outcome = await runBody(() => Promise.reject(outer));
    expect(outcome).toMatchObject({
      type: "failed",
      failure: { name: "TypeError", message: "outer", code: "E_OUTER", cause: { message: "inner" } },
    });
  });

  it("an aggregate error tells its parts", async () => {
    const outcome = await runBody(() => {
      throw new AggregateError([new Error("one"), new Error("two")], "both");
    });
    expect(JSON.stringify(outcome)).toMatch(/one.*two/);
  });

  it("PermanentError, RetryLaterError and SnoozeError say what comes next", async () => {
    const thrown = (error: Error): Promise<TaskOutcome> =>
      runBody(() => {
        throw error;
      });
    expect(await thrown(new PermanentError("no"))).toMatchObject({ type: "failed", permanent: true });
    expect(await thrown(new RetryLaterError(5_000))).toMatchObject({ type: "failed", retryAfterMs: 5_000 });
    expect(await thrown(new SnoozeError(7_000))).toEqual({ type: "snoozed", forMs: 7_000 });
  });

  it("the control errors of another copy of the package count too", async () => {
    class Other extends Error {
      override readonly name = "SnoozeError";
      readonly forMs = 9;
    }
    expect(await runBody(() => Promise.reject(new Other()))).toEqual({ type: "snoozed", forMs: 9 });
  });
});

describe("an aborted run", () => {
  const abortedWith = (thrown: () => unknown): Promise<TaskOutcome> => {
    const io = recordIo();
    return runBody(() => {
      io.controllers[0]?.abort("cancelled");
      throw thrown();
    }, io);
  };

  it.each([
    ["AbortError", () => new DOMException("stop", "AbortError")],
    ["ABORT_ERR", () => Object.assign(new Error("stop"), { code: "ABORT_ERR" })],
    ["a wrapped abort", () => new Error("request failed", { cause: new DOMException("stop", "AbortError") })],
  ])("R34: %s ends it as aborted, with the reason", async (_name, thrown) => {
    expect(await abortedWith(thrown)).toMatchObject({ type: "aborted", why: "cancelled", failure: {} });
  });

  it("R34: the signal's own reason is no failure", async () => {
    const io = recordIo();
    const outcome = await runBody((context) => {
      io.controllers[0]?.abort("shutdown");
      context.signal.throwIfAborted();
    }, io);
    expect(outcome).toEqual({ type: "aborted", why: "shutdown", failure: null });
  });

  it("an abort error without an abort is a failure like any other", async () => {
    const outcome = await runBody(() => Promise.reject(new DOMException("stop", "AbortError")));
    expect(outcome).toMatchObject({ type: "failed" });
  });

  it("another error during an abort stays a failure, a result stays a result", async () => {
    expect(await abortedWith(() => new Error("broken"))).toMatchObject({
      type: "failed",
      failure: { message: "broken" },
    });
    const io = recordIo();
    const outcome = await runBody(() => {
      io.controllers[0]?.abort("timeout");
      return 1;
    }, io);
    expect(outcome).toEqual({ type: "succeeded", output: 1 });
  });

  it("is not started when it was aborted before", async () => {
    const io = recordIo();
    io.controllers[0]?.abort("lease-lost");
    expect(await runBody(() => 1, io)).toEqual({ type: "aborted", why: "lease-lost", failure: null });
    expect(io.reports).toEqual([]);
  });

  it("F19: checkTimeout throws once the time is up, and the run counts as timed out", async () => {
    const outcome = await runBody(
      (context) => {
        for (;;) context.checkTimeout();
      },
      recordIo(),
      { timeoutMs: 5 },
    );
    expect(outcome).toMatchObject({ type: "aborted", why: "timeout" });
  });

  it("F19: checkTimeout throws after an abort and is silent before", async () => {
    const io = recordIo();
    const outcome = await runBody((context) => {
      context.checkTimeout();
      io.controllers[0]?.abort("cancelled");
      context.checkTimeout();
    }, io);
    expect(outcome).toMatchObject({ type: "aborted", why: "cancelled" });
  });
});

describe("what a handler says", () => {
  it("says started first, once, then progress and numbered steps in order", async () => {
    const io = recordIo();
    await runBody(async (context) => {
      void context.setProgress({ percent: 250, label: "far", meta: { a: 1 } });
      void context.appendStep({ message: "one" });
      void context.appendStep({ label: "two", level: "warn", kind: "note", progressPercent: 30, meta: [1] });
      void context.appendStep({});
      expect(await context.heartbeat()).toBe(true);
    }, io);
    const plain = { kind: "step", level: "info", meta: null, percent: null };
    expect(io.reports.map(({ report }) => report)).toEqual([
      { started: true },
      { progress: { percent: 100, label: "far", meta: { a: 1 } } },
      { steps: [{ ...plain, n: 1, message: "one" }] },
      { steps: [{ n: 2, kind: "note", level: "warn", message: "two", meta: [1], percent: 30 }] },
      { steps: [{ ...plain, n: 3, message: "step" }] },
      { alive: true },
    ]);
  });

  it("R28: null clears, absent keeps, and what does not fit is left out and told in the log", async () => {
    const io = recordIo();
    await runBody((context) => {
      void context.setProgress({ percent: null, label: null });
      void context.setProgress({ percent: Number.NaN, meta: { bad: 1n as never } });
    }, io);
    expect(io.reports.slice(1).map(({ report }) => report.progress)).toEqual([{ percent: null, label: null }, {}]);
    expect(io.lines.map(({ line }) => line.level)).toEqual(["warn", "warn"]);
  });

  it("answers false when the lease is lost", async () => {
    const io = recordIo(1, { report: async () => false });
    expect(await runBody((context) => context.setProgress({ percent: 1 }), io)).toEqual({
      type: "succeeded",
      output: false,
    });
  });

  it("logs with task, attempt and the enqueuer's own fields", async () => {
    const io = recordIo();
    await runBody((context) => context.log.info("hello", { rows: 3 }), io, { logContext: { requestId: "r1" } });
    expect(io.lines).toMatchObject([
      {
        i: 0,
        line: { level: "info", message: "hello", fields: { kind: "demo", attempt: 1, requestId: "r1", rows: 3 } },
      },
    ]);
  });
});

describe("once", () => {
  const memoHost = (stored: Map<string, unknown>) =>
    recordIo(1, {
      ask: async (question): Promise<RunAnswer> => {
        if (question.type === "memo-get") {
          const found = stored.has(question.key);
          return { type: "memo", found, ...(found ? { value: stored.get(question.key) as never } : {}) };
        }
        if (question.type === "memo-put") stored.set(question.key, question.value);
        return { type: "done" };
      },
    });

  it("runs once for concurrent and later calls of one key, and stores the JSON result", async () => {
    const stored = new Map<string, unknown>();
    const io = memoHost(stored);
    let runs = 0;
    const outcome = await runBody(async (context) => {
      const make = async (): Promise<{ at: Date }> => {
        runs += 1;
        return { at: new Date(0) };
      };
      const both = await Promise.all([context.once("k", make), context.once("k", make)]);
      return [...both, await context.once("k", make)];
    }, io);
    const value = { at: "1970-01-01T00:00:00.000Z" };
    expect(outcome).toEqual({ type: "succeeded", output: [value, value, value] });
    expect(runs).toBe(1);
    expect(stored.get("k")).toEqual(value);
    expect(io.questions.map(({ type }) => type)).toEqual(["memo-put"]);
  });

  it("takes what an earlier attempt has stored instead of running", async () => {
    const io = memoHost(new Map([["k", null]]));
    const outcome = await runBody((context) => context.once("k", () => "new"), io, { mayHaveMemos: true });
    expect(outcome).toEqual({ type: "succeeded", output: null });
  });

  it("remembers undefined, but not a throw", async () => {
    const stored = new Map<string, unknown>();
    let tries = 0;
    await runBody(async (context) => {
      const flaky = (): void => {
        tries += 1;
        if (tries === 1) throw new Error("first");
      };
      await expect(context.once("k", flaky)).rejects.toThrow("first");
      await context.once("k", flaky);
      await context.once("k", flaky);
    }, memoHost(stored));
    expect(tries).toBe(2);
    expect(stored.has("k")).toBe(true);
  });

  it("rejects a result that is no JSON, and a refused write with the host's code", async () => {
    const outcome = await runBody((context) => context.once("k", () => ({ n: 1n })));
    expect(outcome).toMatchObject({ type: "failed", permanent: true, failure: { code: "SERIALIZATION_ERROR" } });
    const lost = recordIo(1, { ask: async () => ({ type: "refused", code: "LEASE_LOST", message: "gone" }) });
    expect(await runBody((context) => context.once("k", () => 1), lost)).toMatchObject({
      failure: { code: "LEASE_LOST" },
    });
  });
});

describe("questions", () => {
  it("enqueue and signalTask ask the host, with a copy of the payload", async () => {
    const io = recordIo(1, {
      ask: async (question) => (question.type === "enqueue" ? { type: "enqueued", taskId: "t-1" } : { type: "done" }),
    });
    const outcome = await runBody(async (context) => {
      await context.signalTask("t-0", "go", { n: 1 });
      return context.enqueue({ kind: "next", input: { n: 2 } });
    }, io);
    expect(outcome).toEqual({ type: "succeeded", output: { taskId: "t-1" } });
    expect(io.questions).toEqual([
      { type: "signal", taskId: "t-0", name: "go", payload: { n: 1 } },
      { type: "enqueue", invocation: { kind: "next", input: { n: 2 } } },
    ]);
  });

  it("the end of a run waits for an enqueue nobody awaited", async () => {
    let answer: (value: RunAnswer) => void = () => {};
    const io = recordIo(1, { ask: () => new Promise((resolve) => (answer = resolve)) });
    let ended = false;
    const outcome = runBody((context) => void context.enqueue({ kind: "next" }), io).then(() => (ended = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(ended).toBe(false);
    answer({ type: "enqueued", taskId: "t-1" });
    await outcome;
  });

  it("a forgotten refusal or a call after the end brings nobody down", async () => {
    const io = recordIo(1, { ask: async () => ({ type: "refused", code: "KIND_UNKNOWN", message: "?" }) });
    let kept: TaskContext | undefined;
    const outcome = await runBody((context) => {
      kept = context;
      void context.enqueue({ kind: "nobody" });
      void context.enqueue({ kind: "x", input: 1n as never });
    }, io);
    expect(outcome).toEqual({ type: "succeeded", output: undefined });
    expect(await kept?.setProgress({ percent: 1 })).toBe(false);
    const late = await kept?.enqueue({ kind: "late" }).catch((error: unknown) => error);
    expect(isTaskError(late, "LEASE_LOST")).toBe(true);
  });

  it("completeInTx ends the task by itself; a throw after it is a failure", async () => {
    const tx = { live: true };
    const io = recordIo();
    expect(await runBody((context) => context.completeInTx(tx, { n: 1 }), io)).toEqual({ type: "completed-in-tx" });
    expect(io.questions).toEqual([{ type: "complete-in-tx", tx, output: { n: 1 } }]);
    const outcome = await runBody(async (context) => {
      await context.completeInTx(tx, null);
      throw new Error("rolled back");
    });
    expect(outcome).toMatchObject({ type: "failed", failure: { message: "rolled back" } });
  });
});

describe("calls that end a run", () => {
  it.each<[string, Body, object]>([
    [
      "spawn",
      (context) =>
        context.spawn([{ kind: "child", input: { n: 1 } }], { onFailure: "abort", timeoutMs: 10, state: { s: 1 } }),
      {
        wait: { reason: "children", children: [{ kind: "child", input: { n: 1 } }], onFailure: "abort", timeoutMs: 10 },
        state: { s: 1 },
      },
    ],
    ["sleep", (context) => context.sleep(50), { wait: { reason: "sleep", forMs: 50 }, state: undefined }],
    [
      "waitForSignal",
      (context) => context.waitForSignal("go", { state: null }),
      { wait: { reason: "signal", name: "go", timeoutMs: null }, state: null },
    ],
    [
      "suspend",
      (context) => context.suspend({ reason: "approval" }),
      { wait: { reason: "manual", note: "approval", timeoutMs: null }, state: undefined },
    ],
  ])("%s suspends the task", async (_name, body, expected) => {
    expect(await runBody(body)).toEqual({ type: "suspended", ...expected });
  });

  it("finally blocks run, and swallowing the value changes nothing", async () => {
    let cleaned = false;
    const outcome = await runBody(async (context) => {
      let result = "slept";
      try {
        await context.sleep(1);
      } catch {
        result = "swallowed";
      } finally {
        cleaned = true;
      }
      return result;
    });
    expect(outcome).toMatchObject({ type: "suspended", wait: { reason: "sleep" } });
    expect(cleaned).toBe(true);
  });

  it("further calls are refused: the first one counts", async () => {
    const io = recordIo();
    const outcome = await runBody(async (context) => {
      const first = await context.sleep(1).catch((error: unknown) => error);
      expect(await context.spawn([]).catch((error: unknown) => error)).toBe(first);
      expect(await context.enqueue({ kind: "x" }).catch((error: unknown) => error)).toBe(first);
      expect(await context.once("k", () => 1).catch((error: unknown) => error)).toBe(first);
      expect(await context.setProgress({ percent: 1 })).toBe(false);
      expect(await context.appendStep({ message: "late" })).toBe(false);
    }, io);
    expect(outcome).toMatchObject({ type: "suspended", wait: { reason: "sleep" } });
    expect(io.questions).toEqual([]);
    expect(io.reports).toHaveLength(1);
  });

  it("a mistake in the arguments is a failure and does not end the run", async () => {
    const outcome = await runBody(async (context) => {
      await expect(context.sleep(-1)).rejects.toMatchObject({ code: "OPTION_INVALID" });
      await expect(context.spawn([{ kind: "c", input: 1n as never }])).rejects.toMatchObject({
        code: "INPUT_NOT_SERIALISABLE",
        details: { path: "children[0].input" },
      });
      return "went on";
    });
    expect(outcome).toEqual({ type: "succeeded", output: "went on" });
  });
});

describe("batches", () => {
  it("Q5: outcomes are aligned with their tasks", async () => {
    const outcomes = await runBatch(
      (items) =>
        items.map((_item, index) =>
          index === 1
            ? { status: "failed", error: new PermanentError("bad row") }
            : { status: "succeeded", output: index },
        ),
      3,
    );
    expect(outcomes).toMatchObject([
      { type: "succeeded", output: 0 },
      { type: "failed", permanent: true, failure: { message: "bad row" } },
      { type: "succeeded", output: 2 },
    ]);
  });

  it("Q9: a task without an outcome fails, the others do not", async () => {
    const outcomes = await runBatch(() => [undefined, { status: "succeeded" }, { status: "done" } as never], 4);
    expect(outcomes.map((outcome) => (outcome.type === "failed" ? outcome.reason : outcome.type))).toEqual([
      "TASK_NO_OUTCOME",
      "succeeded",
      "TASK_NO_OUTCOME",
      "TASK_NO_OUTCOME",
    ]);
  });

  it("Q8: a throw fails only the undecided ones", async () => {
    const outcomes = await runBatch(async ([first, second]) => {
      await first?.context.sleep(5).catch(() => {});
      await second?.context.completeInTx({}, 1);
      throw new Error("boom");
    }, 3);
    expect(outcomes).toMatchObject([
      { type: "suspended", wait: { reason: "sleep" } },
      { type: "failed", failure: { message: "boom" } },
      { type: "failed", failure: { message: "boom" } },
    ]);
  });

  it("one output that is no JSON harms no neighbour", async () => {
    const outcomes = await runBatch(
      () => [
        { status: "succeeded", output: 1n },
        { status: "succeeded", output: 1 },
      ],
      2,
    );
    expect(outcomes).toMatchObject([
      { type: "failed", reason: "TASK_OUTPUT_INVALID" },
      { type: "succeeded", output: 1 },
    ]);
  });

  it("leaves out the tasks that were aborted before the start", async () => {
    const io = recordIo(3);
    io.controllers[1]?.abort("cancelled");
    const outcomes = await runBatch((items) => items.map(() => ({ status: "succeeded", output: items.length })), 3, io);
    expect(outcomes).toMatchObject([{ output: 2 }, { type: "aborted", why: "cancelled" }, { output: 2 }]);
    expect(io.reports.map(({ i }) => i)).toEqual([0, 2]);
  });

  it("runs several tasks beside each other when there is only run", async () => {
    const run = (_input: unknown, context: TaskContext): string => context.task.id;
    const runs = [aRun(), aRun()] as const;
    const outcomes = await runHandler({ run }, runs, { io: recordIo(2), closing: createAbortSwitch() });
    expect(outcomes).toEqual(runs.map(({ task }) => ({ type: "succeeded", output: task.id })));
  });
});

describe("the closing of an executor", () => {
  it("aborts what runs with its reason, and leaves no listener on the run's signal", async () => {
    const io = recordIo();
    const closing = createAbortSwitch();
    const run = (_input: unknown, context: TaskContext): Promise<never> =>
      new Promise((_resolve, reject) => {
        context.signal.addEventListener("abort", () =>
          reject(new TaskError("INTERNAL", "x", { cause: context.signal.reason })),
        );
        closing.abortAll("shutdown");
      });
    const [outcome] = await runHandler({ run }, [aRun()], { io, closing });
    expect(outcome).toMatchObject({ type: "aborted", why: "shutdown" });
  });
});
