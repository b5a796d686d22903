import type { RunAnswer, RunQuestion } from "@millrace/models";
import { expect } from "vitest";
import { recordedIo } from "../../builders/recorded-io.ts";
import { aRun } from "../../builders/task-run.ts";
import type { ExecutorCases } from "../executor-bench.ts";

/** What a handler is told, says and asks. */
export const contextCases: ExecutorCases = (add) => {
  add(
    "R28, R30: `started` is said first and once, then reports in order, steps numbered from 1",
    async ({ outcome, run }) => {
      const io = recordedIo();
      expect(await outcome(run("reports"), io)).toEqual({ type: "succeeded", output: [true, true, true] });
      expect(io.reports[0]).toEqual({ i: 0, report: { started: true } });
      const said = io.reports.map(({ report }) => report);
      expect(said.filter(({ started }) => started)).toHaveLength(1);
      expect(said.flatMap(({ steps }) => steps ?? [])).toEqual([
        { n: 1, kind: "step", level: "warn", message: "one", meta: { n: 1 }, percent: null },
        { n: 2, kind: "step", level: "info", message: "two", meta: null, percent: 30 },
        { n: 3, kind: "load", level: "info", message: "three", meta: null, percent: null },
      ]);
      expect(said.find(({ progress }) => progress)?.progress).toEqual({ percent: 10, label: "a" });
      expect(said.some(({ alive }) => alive)).toBe(true);
    },
  );

  add("R18: a report answers false when the lease is lost, and does not reject", async ({ outcome, run }) => {
    const io = recordedIo(1, { report: () => false });
    expect(await outcome(run("reports"), io)).toEqual({ type: "succeeded", output: [false, false, false] });
  });

  add("`once` runs once for calls side by side, and stores the result", async ({ outcome, run }) => {
    const io = recordedIo();
    expect(await outcome(run("once", "k"), io)).toEqual({
      type: "succeeded",
      output: { both: [{ n: 1 }, { n: 1 }], runs: 1 },
    });
    expect(io.questions).toEqual([{ i: 0, question: { type: "memo-put", key: "k", value: { n: 1 } } }]);
  });

  add("`once` takes what an earlier attempt has stored", async ({ outcome, run }) => {
    const ask = ({ type }: RunQuestion): RunAnswer =>
      type === "memo-get" ? { type: "memo", found: true, value: { n: 7 } } : { type: "done" };
    const io = recordedIo(1, { ask });
    expect(await outcome(run("once", "k", { mayHaveMemos: true }), io)).toEqual({
      type: "succeeded",
      output: { both: [{ n: 7 }, { n: 7 }], runs: 0 },
    });
    expect(io.questions.map(({ question }) => question.type)).toEqual(["memo-get"]);
  });

  add("Q11: enqueue and signal are asked of the host, in order, and answered", async ({ outcome, run }) => {
    const ask = ({ type }: RunQuestion): RunAnswer =>
      type === "enqueue" ? { type: "enqueued", taskId: "t-1" } : { type: "done" };
    const io = recordedIo(1, { ask });
    expect(await outcome(run("asks"), io)).toEqual({ type: "succeeded", output: { taskId: "t-1" } });
    expect(io.questions.map(({ question }) => question)).toEqual([
      { type: "enqueue", invocation: { kind: "other", input: { n: 1 }, options: { priority: 3 } } },
      { type: "signal", taskId: "t-1", name: "go", payload: [1] },
    ]);
  });

  add("a refused question rejects the handler's call with its code", async ({ outcome, run }) => {
    const io = recordedIo(1, { ask: () => ({ type: "refused", code: "KIND_UNKNOWN", message: "no such kind" }) });
    expect(await outcome(run("asks"), io)).toEqual({
      type: "succeeded",
      output: { code: "KIND_UNKNOWN", name: "TaskError" },
    });
  });

  add("T33, F33: the handler knows its task, state, wake, children and context", async ({ outcome, run }) => {
    const plain = aRun();
    const waited = { kind: "child", status: "succeeded", reason: null } as const;
    const io = recordedIo();
    const one = run("tells", "in", {
      task: { ...plain.task, attempt: 3, stage: 2 },
      context: { user: "ann" },
      logContext: { request: "r" },
      state: { page: 2 },
      wake: { reason: "signal", payload: [1], timedOut: false, aborted: false },
      children: [{ ...waited, taskId: "c1" }],
      dependencies: [{ ...waited, taskId: "d1", status: "failed" }],
      timeoutMs: 60_000,
    });
    expect(await outcome(one, io)).toEqual({
      type: "succeeded",
      output: {
        input: "in",
        id: plain.task.id,
        kind: "work",
        attempt: 3,
        stage: 2,
        context: { user: "ann" },
        state: { page: 2 },
        wake: { reason: "signal", payload: [1], timedOut: false, aborted: false },
        children: ["c1 succeeded"],
        dependencies: ["d1 failed"],
        hasDeadline: true,
        isAborted: false,
      },
    });
    expect(io.lines).toMatchObject([
      { i: 0, line: { level: "info", message: "hello", fields: { n: 1, taskId: plain.task.id, request: "r" } } },
    ]);
  });
};
