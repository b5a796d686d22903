import { describe, expect, it } from "vitest";
import { taskStates } from "../task/task-state.ts";
import { taskStatuses } from "../task/task-status.ts";
import { aTask, startOfTests as now } from "../../test/a-task.ts";
import { buildTaskAggregateSnapshot } from "./build-task-aggregate.ts";

describe("buildTaskAggregateSnapshot", () => {
  it("R44: counts by status, state and kind, and names every status and state", () => {
    const tasks = [
      aTask(),
      aTask({ scheduledAt: now + 1 }),
      aTask({ scheduledAt: now + 1, failures: 2 }),
      aTask({ status: "running", kind: "__proto__", staleAt: now }),
      aTask({ status: "failed", kind: "b" }),
    ];
    const aggregate = buildTaskAggregateSnapshot(tasks, { now, cursor: "c" });
    const one = { count: 1, exact: true };
    expect(aggregate.total).toEqual({ count: 5, exact: true });
    expect(Object.keys(aggregate.byStatus)).toEqual(taskStatuses);
    expect(Object.keys(aggregate.byState)).toEqual(taskStates);
    expect(aggregate.byStatus).toMatchObject({ queued: { count: 3 }, running: one, failed: one, paused: { count: 0 } });
    expect(aggregate.byState).toMatchObject({ queued: one, scheduled: one, retrying: one, stale: one, failed: one });
    expect(aggregate.byState.running.count).toBe(0);
    expect(Object.entries(aggregate.byKind)).toEqual([
      ["report.generate", { count: 3, exact: true }],
      ["__proto__", one],
      ["b", one],
    ]);
    expect(aggregate).toMatchObject({ updatedAt: now, cursor: "c" });
  });

  it("counts nothing as nothing", () => {
    const aggregate = buildTaskAggregateSnapshot([], { now, cursor: "" });
    expect(aggregate.total.count).toBe(0);
    expect(aggregate.byKind).toEqual({});
  });
});
