import { describe, expect, it } from "vitest";
import { anId, startOfTests as now } from "../../test/a-task.ts";
import {
  aClaim,
  aFailure,
  after,
  aNewTask,
  aPause,
  aReport,
  aSettle,
  make,
  taskIn,
  waitForSignal,
} from "../../test/made-by-moves.ts";
import type { SuspendWait } from "../contracts/settlement.ts";
import { applyMove } from "./apply-move.ts";
import { waitsAs } from "./wait-moves.ts";

const suspendedFor = (wait: SuspendWait) =>
  after(taskIn.running, aSettle({ type: "suspend", wait, state: null }, { openDependencies: 1 }));
const children = suspendedFor({ reason: "children", children: [], onFailure: "fail", timeoutMs: null });
const manual = suspendedFor({ reason: "manual", note: null, timeoutMs: null });
const asleep = suspendedFor({ reason: "sleep", forMs: 50 });

describe("a wake", () => {
  it("F29: advances a suspended task by one stage, due now, and says why and with what", () => {
    const { task } = make(taskIn.suspended, { type: "wake", reason: "signal", payload: "7", aborted: false }, now + 4);
    expect(task).toMatchObject({
      status: "queued",
      stage: 1,
      scheduledAt: now + 4,
      wakeReason: "signal",
      wakePayload: "7",
    });
    const joined = make(children, { type: "wake", reason: "children", payload: null, aborted: true }, now).task;
    expect(joined).toMatchObject({ stage: 1, wakeReason: "children", waitAborted: true, openDependencies: 0 });
    expect(make(manual, { type: "wake", reason: "manual", payload: null, aborted: false }).task.stage).toBe(1);
  });

  it("leaves a blocked task its stage and the time it was given", () => {
    const blocked = { ...taskIn.blocked, scheduledAt: now + 900 };
    const { task } = make(blocked, { type: "wake", reason: "dependencies", payload: null, aborted: false }, now + 4);
    expect(task).toMatchObject({ status: "queued", stage: 0, scheduledAt: now + 900, wakeReason: "dependencies" });
  });

  it("by its deadline comes no sooner than the deadline", () => {
    const timeout = { type: "wake", reason: "timeout", payload: null, aborted: false } as const;
    expect(applyMove(asleep, timeout, now + 49)).toEqual({ type: "refused", why: "not-due" });
    expect(make(asleep, timeout, now + 50).task).toMatchObject({ status: "queued", wakeReason: "timeout" });
    expect(applyMove(manual, timeout, now + 1e9)).toEqual({ type: "refused", why: "not-due" });
  });

  it("must be of the wait the task is in", () => {
    const wake = (reason: "children" | "dependencies" | "manual" | "signal") =>
      ({ type: "wake", reason, payload: null, aborted: false }) as const;
    for (const move of [wake("dependencies"), wake("manual"), wake("signal")]) {
      expect(applyMove(children, move, now)).toEqual({ type: "refused", why: "not-waiting" });
    }
    expect(applyMove(manual, wake("children"), now)).toEqual({ type: "refused", why: "not-waiting" });
  });

  it("is kept over retries of the stage, and forgotten by a retry by hand", () => {
    const woken = after(taskIn.suspended, { type: "wake", reason: "signal", payload: "7", aborted: false });
    const second = { taskId: anId(1), attempt: 2, leaseToken: "t2" };
    const retried = after(woken, { ...aClaim, leaseToken: "t2" }, aSettle(aFailure(), { lease: second }));
    expect(retried).toMatchObject({ stage: 1, wakeReason: "signal", wakePayload: "7" });
    const failed = after(
      woken,
      { ...aClaim, leaseToken: "t2" },
      aSettle(aFailure({ permanent: true }), { lease: second }),
    );
    expect(after(failed, { type: "retry" })).toMatchObject({
      stage: 0,
      state: null,
      wakeReason: null,
      wakePayload: null,
    });
  });
});

describe("a pause", () => {
  it("F23: remembers where the task was, by whom and why; resume returns there", () => {
    for (const task of [taskIn.blocked, taskIn.queued, taskIn.suspended]) {
      const paused = after(task, aPause);
      expect(paused).toMatchObject({ status: "paused", pausedFrom: task.status, pausedBy: "ann", pausedWhy: "look" });
      expect(after(paused, { type: "resume" })).toEqual({ ...task, version: task.version + 2 });
    }
  });

  it("does not stop waits: a wake while paused changes only where resume leads", () => {
    const paused = after(taskIn.suspended, aPause);
    const { task, events } = make(paused, { type: "wake", reason: "signal", payload: "7", aborted: false });
    expect(task).toMatchObject({ status: "paused", pausedFrom: "queued", stage: 1, wakeReason: "signal" });
    expect(events.map(({ type, statusBefore, statusAfter }) => [type, statusBefore, statusAfter])).toEqual([
      ["resumed", "paused", "paused"],
    ]);
    expect(after(task, { type: "resume" }).status).toBe("queued");
    const late = make(
      after(taskIn.blocked, aPause),
      { type: "wake", reason: "timeout", payload: null, aborted: false },
      now + 60_000,
    );
    expect(late.task).toMatchObject({ status: "paused", pausedFrom: "queued" });
  });

  it("keeps a claim away", () => {
    expect(applyMove(taskIn.paused, aClaim, now + 1e9)).toEqual({ type: "refused", why: "wrong-status" });
  });

  it("is seen through by waitsAs", () => {
    expect(waitsAs(taskIn.blocked)).toBe("blocked");
    expect(waitsAs(taskIn.suspended)).toBe("suspended");
    expect(waitsAs(after(taskIn.suspended, aPause))).toBe("suspended");
    expect(waitsAs(taskIn.paused)).toBeNull();
    expect(waitsAs(taskIn.running)).toBeNull();
  });
});

describe("a failed dependency", () => {
  it("fails whoever waits for it, paused or not, and nobody else", () => {
    for (const task of [taskIn.blocked, children, after(taskIn.blocked, aPause), after(children, aPause)]) {
      expect(make(task, { type: "fail-dependency", failure: '"why"' }, now + 5).task).toMatchObject({
        status: "failed",
        reason: "TASK_DEPENDENCY_FAILED",
        failure: '"why"',
        pausedFrom: null,
        pausedBy: null,
        finishedAt: now + 5,
      });
    }
    for (const task of [taskIn.suspended, manual, asleep, taskIn.paused, taskIn.running]) {
      expect(applyMove(task, { type: "fail-dependency", failure: "{}" }, now)).toMatchObject({ why: "not-waiting" });
    }
  });
});

describe("expiry before the start", () => {
  const expireStart = { type: "expire-start" } as const;

  it("Q18: cancels a task that has not begun by then, wherever it waits", () => {
    const queued = aNewTask({ expiresInMs: 10 });
    const blocked = aNewTask({ expiresInMs: 10, dependencies: [{ taskId: anId(9), onFailure: "continue" }] });
    for (const task of [queued, blocked, after(queued, aPause)]) {
      expect(applyMove(task, expireStart, now + 9)).toEqual({ type: "refused", why: "not-due" });
      const { task: gone, events } = make(task, expireStart, now + 10);
      expect(gone).toMatchObject({
        status: "cancelled",
        reason: "TASK_EXPIRED",
        pausedFrom: null,
        openDependencies: 0,
      });
      expect(events.map(({ type }) => type)).toEqual(["expired"]);
    }
  });

  it("never touches a task that has begun, or one retried by hand", () => {
    const begun = after(aNewTask({ expiresInMs: 10 }), aClaim, aReport(), aSettle({ type: "release" }));
    expect(applyMove(begun, expireStart, now + 99)).toEqual({ type: "refused", why: "not-due" });
    const gone = make(aNewTask({ expiresInMs: 10 }), expireStart, now + 10).task;
    const retried = make(gone, { type: "retry" }, now + 20).task;
    expect(applyMove(retried, expireStart, now + 99)).toEqual({ type: "refused", why: "not-due" });
    expect(applyMove(retried, aClaim, now + 99).type).toBe("made");
  });

  it("does not end a suspension", () => {
    const suspended = after(aNewTask({ expiresInMs: 10 }), aClaim, aSettle(waitForSignal));
    expect(applyMove(suspended, expireStart, now + 99)).toEqual({ type: "refused", why: "wrong-status" });
  });
});
