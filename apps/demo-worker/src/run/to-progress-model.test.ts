import { describe, expect, it } from "vitest";
import { toProgressModel, type ShownTask } from "./to-progress-model.ts";
import { toSummary, type EndedTask } from "./to-summary.ts";

const aTask = (changes: Partial<ShownTask> = {}): ShownTask => ({
  id: "0190a000-0000-7000-8000-000000000000",
  kind: "demo.profile-dataset",
  summary: "Cars",
  state: "running",
  failures: 0,
  failure: null,
  openDependencies: 0,
  startedAt: 1000,
  finishedAt: null,
  progress: { percent: 40, label: "200 rows" },
  ...changes,
});

const shown = (changes: Partial<ShownTask>) =>
  toProgressModel({ title: "Demo", startedAt: 0, maxAttempts: 3, snapshots: [aTask(changes)] }).tasks[0];

describe("a task on the terminal", () => {
  it("carries what the handler said", () => {
    expect(shown({})).toMatchObject({ label: "Cars", state: "running", percent: 40, note: "200 rows", attempt: 1 });
  });

  it("says what it waits for", () => {
    expect(shown({ state: "blocked", openDependencies: 14 })).toMatchObject({ state: "waiting", note: "waits for 14" });
  });

  it.each(["retrying", "queued"] as const)("shows the failure between two attempts, when %s", (state) => {
    const failure = { name: "Error", message: "row 7 is broken" };
    expect(shown({ state, failures: 1, failure })).toMatchObject({
      state: "retrying",
      note: "row 7 is broken",
      attempt: 1,
    });
  });

  it("counts failures as attempts, not the deaths of hosts", () => {
    expect(shown({ state: "running", failures: 1 })?.attempt).toBe(2);
    expect(shown({ state: "failed", failures: 3 })?.attempt).toBe(3);
    expect(shown({ state: "queued" })).toMatchObject({ state: "waiting", attempt: 0 });
  });
});

describe("a task in the summary", () => {
  const row = (changes: Partial<EndedTask>) => {
    const task: EndedTask = { ...aTask({ state: "succeeded", finishedAt: 3500 }), ...changes };
    return toSummary({ snapshots: [task], tookMs: 1, reportPath: null }).rows[0];
  };

  it("has the headline numbers it returned", () => {
    const output = { path: "x", rows: 406, columns: 9, bytes: 100_492, charts: 3 };
    expect(row({ output })).toEqual({
      label: "Cars",
      rows: 406,
      columns: 9,
      bytes: 100_492,
      tookMs: 2500,
      problem: "",
    });
  });

  it("has its failure, or at least how it ended", () => {
    expect(row({ state: "failed", failure: { name: "Error", message: "broken" } })).toMatchObject({
      rows: null,
      problem: "broken",
    });
    expect(row({ state: "cancelled" })?.problem).toBe("ended as cancelled");
    expect(row({ output: "odd" })?.problem).toBe("ended as succeeded");
  });
});
