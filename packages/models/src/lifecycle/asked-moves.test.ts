import { describe, expect, it } from "vitest";
import { anId, aTask } from "../../test/a-task.ts";
import { cancelMove, changeMove, settleMove, staleMove } from "./asked-moves.ts";

const taskId = anId(1);
const queued = aTask({ id: taskId, status: "queued" });

describe("the move that is asked for", () => {
  it("by a pause names who and why", () => {
    const move = changeMove(queued, { type: "pause", taskId, by: "ann", why: "too hot" }, 0);
    expect(move).toEqual({ type: "pause", by: "ann", why: "too hot" });
  });

  it("by a resume ends a pause, and else a manual wait", () => {
    const resume = { type: "resume", taskId } as const;
    expect(changeMove({ ...queued, status: "paused" }, resume, 0)).toEqual({ type: "resume" });
    const woken = { type: "wake", reason: "manual", aborted: false };
    expect(changeMove(queued, resume, 0)).toEqual({ ...woken, payload: null });
    expect(changeMove(queued, { ...resume, payload: "7" }, 0)).toEqual({ ...woken, payload: "7" });
  });

  it("by a new time counts a delay from now", () => {
    const ask = { type: "reschedule", taskId, scheduledAt: null, delayMs: 30 } as const;
    expect(changeMove(queued, ask, 1_000)).toEqual({ type: "reschedule", scheduledAt: 1_030, priority: null });
    const at = changeMove(queued, { ...ask, scheduledAt: 0, priority: 4 }, 1_000);
    expect(at).toEqual({ type: "reschedule", scheduledAt: 0, priority: 4 });
  });

  it("by a new input leaves the time alone", () => {
    const move = changeMove(queued, { type: "replace-input", taskId, input: "[]" }, 0);
    expect(move).toEqual({ type: "replace-input", input: "[]", scheduledAt: null });
  });

  it("by a cancel asks, or takes the lease away", () => {
    const ask = { taskId, reason: "late", by: "ann" };
    expect(cancelMove({ ...ask, mode: "request" })).toEqual({ type: "cancel", reason: "late", by: "ann" });
    const terminated = { type: "terminate", code: "TASK_CANCELLED", reason: "late", by: "ann" };
    expect(cancelMove({ ...ask, mode: "terminate" })).toEqual(terminated);
  });

  it("by a settlement carries its lease and knows of no wait", () => {
    const settlement = { type: "release" } as const;
    const asked = { taskId, attempt: 2, leaseToken: "t", started: true, settlement };
    const open = { waitMet: null, openDependencies: 0 };
    expect(settleMove(asked)).toEqual({ type: "settle", lease: asked, started: true, settlement, ...open });
  });
});

describe("the watchdog's move", () => {
  const silent = { watchdogMs: null, lastSignAt: 1_000, staleAt: null };

  it("comes when a task has been silent for as long as it may", () => {
    expect(staleMove(silent, 50, 1_049)).toBeNull();
    expect(staleMove(silent, 50, 1_050)).toEqual({ type: "mark-stale", why: "no sign of life for 50 ms" });
  });

  it("goes by the task's own time first, and never comes without any", () => {
    expect(staleMove({ ...silent, watchdogMs: 80 }, 50, 1_079)).toBeNull();
    expect(staleMove({ ...silent, watchdogMs: 80 }, 0, 1_080)?.why).toContain("80 ms");
    expect(staleMove(silent, 0, 1e9)).toBeNull();
  });

  it("comes once", () => {
    expect(staleMove({ ...silent, staleAt: 1_050 }, 50, 2_000)).toBeNull();
  });

  it("leaves a task alone that has not begun to give signs", () => {
    expect(staleMove({ ...silent, lastSignAt: null }, 50, 2_000)).toBeNull();
  });
});
