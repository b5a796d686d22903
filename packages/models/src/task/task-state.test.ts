import { describe, expect, it } from "vitest";
import { aTask, startOfTests as now } from "../../test/a-task.ts";
import { taskState, taskStates } from "./task-state.ts";
import { isFinal, isLeased, taskStatuses } from "./task-status.ts";

describe("taskState", () => {
  it("R27: tells queued ones apart by time and failures", () => {
    expect(taskState(aTask(), now)).toBe("queued");
    expect(taskState(aTask({ scheduledAt: now + 1 }), now)).toBe("scheduled");
    expect(taskState(aTask({ scheduledAt: now + 1, failures: 1 }), now)).toBe("retrying");
    expect(taskState(aTask({ failures: 1 }), now)).toBe("queued");
  });

  it("R22, R27: is stale only while leased and labelled", () => {
    for (const status of taskStatuses) {
      const state = taskState(aTask({ status, staleAt: now }), now);
      expect(state).toBe(isLeased(status) ? "stale" : status);
    }
  });

  it("R27: is the status everywhere else", () => {
    for (const status of taskStatuses) {
      expect(taskState(aTask({ status, failures: 3 }), now)).toBe(status);
    }
  });

  it("names every state once: all statuses and three more", () => {
    expect(new Set(taskStates).size).toBe(taskStates.length);
    expect([...taskStates].toSorted()).toEqual([...taskStatuses, "scheduled", "retrying", "stale"].toSorted());
  });
});

describe("statuses", () => {
  it("stand in the order of their numbers, which are stored and never change", () => {
    expect(taskStatuses.join(" ")).toBe("blocked queued claimed running suspended paused succeeded failed cancelled");
  });

  it("are final or leased as the semantics say", () => {
    expect(taskStatuses.filter(isFinal)).toEqual(["succeeded", "failed", "cancelled"]);
    expect(taskStatuses.filter(isLeased)).toEqual(["claimed", "running"]);
  });
});
