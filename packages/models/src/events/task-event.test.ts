import { describe, expect, it } from "vitest";
import { legalMoves } from "../lifecycle/legal-moves.ts";
import { controlEventTypes, isTaskEvent, taskEventTypes, type ControlEvent, type TaskEvent } from "./task-event.ts";

describe("event types", () => {
  it("stand in the order of their numbers, which are stored and never change", () => {
    expect(taskEventTypes.join(" ")).toBe(
      "enqueued claimed started progress step retried released snoozed suspended resumed paused rescheduled succeeded failed cancelled stale lease_lost expired quarantined cancel_requested signalled checkpoint removed",
    );
    expect(controlEventTypes.join(" ")).toBe(
      "host_started host_draining host_stopped host_lost kind_paused kind_resumed limit_changed host_superseded kind_unserved kind_served schedule_added schedule_changed schedule_removed schedule_paused schedule_resumed occurrence_late occurrence_missed occurrence_skipped occurrence_refused",
    );
  });

  it("are all told by some move, or without one", () => {
    const told = new Set([
      ...legalMoves.flatMap(({ events }) => events),
      "stale",
      "signalled",
      "checkpoint",
      "removed",
    ]);
    expect([...told].toSorted()).toEqual([...taskEventTypes].toSorted());
  });
});

describe("isTaskEvent", () => {
  it("goes by the task id", () => {
    const control: ControlEvent = { type: "host_started", taskId: null, at: 0, name: null, hostId: "h", data: null };
    expect(isTaskEvent(control)).toBe(false);
    const task: TaskEvent = {
      type: "removed",
      taskId: "x",
      tenantId: "",
      kind: "k",
      version: 1,
      attempt: 0,
      at: 0,
      statusBefore: "queued",
      statusAfter: null,
      reason: null,
      hostId: null,
      channels: [],
      data: null,
    };
    expect(isTaskEvent(task)).toBe(true);
  });
});
