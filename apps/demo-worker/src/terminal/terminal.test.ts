import { describe, expect, it } from "vitest";
import { createTerminal, type TerminalStream } from "./create-terminal.ts";
import { wantsColor } from "./paint.ts";
import type { ProgressModel, ProgressTask } from "./progress-model.ts";
import { renderChanges } from "./render-changes.ts";
import { renderFrame } from "./render-frame.ts";
import { renderSummary } from "./render-summary.ts";
import { columnsOf } from "./text-width.ts";

const aTask = (changes: Partial<ProgressTask> = {}): ProgressTask => ({
  id: "flights",
  label: "Flight delays",
  state: "running",
  percent: 50,
  note: "100,000 rows",
  attempt: 1,
  maxAttempts: 3,
  startedAt: 1000,
  finishedAt: null,
  ...changes,
});

const aModel = (...tasks: readonly ProgressTask[]): ProgressModel => ({ title: "Millrace demo", startedAt: 0, tasks });

const escape = "\u001B";

describe("a frame", () => {
  it("has one line a task with glyph, bar, percent, note and elapsed time", () => {
    const model = aModel(
      aTask(),
      aTask({ label: "Cars", state: "succeeded", note: "406 rows", finishedAt: 1500 }),
      aTask({ label: "Jobs", state: "retrying", attempt: 1, percent: 10, note: "file is damaged" }),
      aTask({ label: "Movies", state: "waiting", percent: null, note: "", startedAt: null }),
    );
    expect(renderFrame(model, { columns: 90, color: false, now: 3400 })).toEqual([
      "Millrace demo  1 of 4 done  3.4 s",
      "  ◐ Flight delays ████████████░░░░░░░░░░░░  50%  100,000 rows                      2.4 s",
      "  ✓ Cars          ████████████████████████ 100%  406 rows                          0.5 s",
      "  ↻ Jobs          ██░░░░░░░░░░░░░░░░░░░░░░  10%  attempt 1 of 3, file is damaged   2.4 s",
      "  · Movies        ░░░░░░░░░░░░░░░░░░░░░░░░    ·",
    ]);
  });

  it.each([20, 30, 40, 60, 79, 200])("never is wider than a terminal of %i columns", (columns) => {
    const model = aModel(aTask({ label: "A dataset with a very long name indeed" }), aTask({ attempt: 2 }));
    const frame = renderFrame(model, { columns, color: false, now: 100_000_000 });
    expect(Math.max(...frame.map((line) => columnsOf(line)))).toBeLessThanOrEqual(columns);
  });

  it("keeps what still moves in sight when the terminal is low", () => {
    const ended = Array.from({ length: 9 }, (_, index) =>
      aTask({ label: `ended ${String(index)}`, state: "succeeded" }),
    );
    const frame = renderFrame(aModel(...ended, aTask()), { columns: 80, rows: 8, color: false, now: 2000 });
    expect(frame).toHaveLength(7);
    expect(frame.join("\n")).toContain("Flight delays");
    expect(frame.at(-1)).toBe("  … and 5 more");
  });

  it("has colour only when asked", () => {
    expect(renderFrame(aModel(aTask()), { columns: 80, color: true, now: 0 }).join("")).toContain(escape);
    expect(renderFrame(aModel(aTask()), { columns: 80, color: false, now: 0 }).join("")).not.toContain(escape);
  });
});

describe("the lines of a log", () => {
  it("tell start, quarters, retries and the end, and nothing in between", () => {
    const states = [
      aTask({ state: "waiting", percent: null, attempt: 0, note: "" }),
      aTask({ percent: 0, note: "" }),
      aTask({ percent: 20 }),
      aTask({ percent: 51 }),
      aTask({ percent: 60 }),
      aTask({ state: "retrying", percent: 60, note: "row 7 is broken" }),
      aTask({ attempt: 2, percent: 60, note: "" }),
      aTask({ attempt: 2, state: "succeeded", percent: 100, finishedAt: 3000, note: "406 rows" }),
    ].map((task) => aModel(task));
    const lines = states.flatMap((model, index) => renderChanges(states[index - 1] ?? null, model));
    expect(lines).toEqual([
      "Flight delays: started",
      "Flight delays: 51%, 100,000 rows",
      "Flight delays: attempt 1 of 3 failed, row 7 is broken",
      "Flight delays: started again, attempt 2 of 3",
      "Flight delays: done in 2 s, 406 rows",
    ]);
  });
});

describe("the first line after a restart", () => {
  it("tells what had ended before apart from what ends now", () => {
    const model = aModel(aTask({ state: "succeeded", note: "406 rows" }), aTask({ id: "b", label: "Cars" }));
    expect(renderChanges(null, model)).toEqual([
      "Flight delays: succeeded before this start, 406 rows",
      "Cars: started",
    ]);
  });
});

describe("the summary", () => {
  const summary = {
    tookMs: 8300,
    reportPath: "runs/1/report.html",
    rows: [
      { label: "Flight delays", rows: 200_000, columns: 3, bytes: 9_863_892, tookMs: 6100, problem: "" },
      { label: "Jobs", rows: null, columns: null, bytes: null, tookMs: null, problem: "row 4,757 is broken" },
    ],
  };

  it("has a table, what went wrong, and where the report lies", () => {
    expect(renderSummary(summary, { columns: 80, color: false })).toEqual([
      "  Dataset            rows  columns      size     time",
      "  Flight delays   200,000        3    9.9 MB    6.1 s",
      "  Jobs             failed",
      "",
      "  ✗ Jobs: row 4,757 is broken",
      "",
      "  200,000 rows of one dataset in 8.3 s",
      "  Report: runs/1/report.html",
    ]);
  });

  it("breaks a long problem between words, below its beginning", () => {
    const lines = renderSummary(summary, { columns: 20, color: false });
    expect(lines.slice(4, 6)).toEqual(["  ✗ Jobs: row 4,757", "    is broken"]);
  });

  it("drops columns on a narrow terminal", () => {
    expect(renderSummary(summary, { columns: 40, color: false })[1]).toBe("  Flight delays   200,000        3");
  });
});

describe("the terminal", () => {
  const streamOf = (isTTY: boolean): TerminalStream & { readonly text: () => string } => {
    let text = "";
    return { isTTY, columns: 80, rows: 30, write: (more) => (text += more), text: () => text };
  };

  it("redraws in place on a terminal and gives the cursor back", () => {
    const stream = streamOf(true);
    const terminal = createTerminal(stream, {});
    terminal.show(aModel(aTask()), 2000);
    terminal.show(aModel(aTask({ percent: 60 })), 2100);
    terminal.restore();
    terminal.restore();
    expect(stream.text().split(`${escape}[2A\r${escape}[0J`)).toHaveLength(2);
    expect(stream.text().split(`${escape}[?25h`)).toHaveLength(2);
  });

  it("leaves the last picture standing when it ends early", () => {
    const stream = streamOf(true);
    const terminal = createTerminal(stream, {});
    terminal.show(aModel(aTask()), 2000);
    terminal.restore();
    terminal.say("Stopped.");
    expect(stream.text()).toContain("Flight delays");
    expect(stream.text().endsWith(`${escape}[?25hStopped.\n`)).toBe(true);
  });

  it("writes plain lines elsewhere", () => {
    const stream = streamOf(false);
    const terminal = createTerminal(stream, {});
    terminal.show(aModel(aTask()), 2000);
    terminal.show(aModel(aTask({ percent: 55 })), 2100);
    terminal.end({ rows: [], tookMs: 1000, reportPath: null });
    expect(stream.text()).not.toContain(escape);
    expect(stream.text().split("\n").slice(0, 1)).toEqual(["Flight delays: started"]);
  });

  it.each([
    [true, {}, true],
    [false, {}, false],
    [true, { NO_COLOR: "1", FORCE_COLOR: "1" }, false],
    [false, { FORCE_COLOR: "1" }, true],
    [true, { FORCE_COLOR: "0" }, false],
    [true, { TERM: "dumb" }, false],
  ])("on a terminal (%s) with %j colours: %s", (isTerminal, environment, expected) => {
    expect(wantsColor({ isTerminal, environment })).toBe(expected);
  });
});
