import { describe, expect, it } from "vitest";
import { startOfTests as now } from "../../test/a-task.ts";
import {
  aClaim,
  aFailure,
  after,
  aNewTask,
  aPause,
  aSettle,
  aTermination,
  leaseOf,
  make,
  taskIn,
} from "../../test/made-by-moves.ts";
import { applyMove } from "./apply-move.ts";

describe("cancel and terminate", () => {
  it("R10: a superseded task says so, and a running one can never report success afterwards", () => {
    const gone = after(taskIn.running, { ...aTermination, code: "TASK_SUPERSEDED" });
    expect(gone).toMatchObject({ status: "cancelled", reason: "TASK_SUPERSEDED", lastEndedBy: "terminate" });
    const late = aSettle({ type: "succeed", output: "1" });
    expect(applyMove(gone, late, now)).toEqual({ type: "refused", why: "wrong-status" });
  });

  it("R32: a request is kept, and a termination after it keeps who asked first unless it says otherwise", () => {
    const asked = after(taskIn.running, { type: "cancel", reason: "enough", by: "ann" });
    const bare = make(asked, { ...aTermination, reason: null, by: null }, now + 9).task;
    expect(bare).toMatchObject({
      cancelRequestedAt: now,
      cancelReason: "enough",
      cancelledBy: "ann",
      finishedAt: now + 9,
    });
    const told = make(asked, { ...aTermination, reason: "now", by: "bob" }, now + 9).task;
    expect(told).toMatchObject({ cancelReason: "now", cancelledBy: "bob" });
  });

  it("T22: an open task is cancelled at once with the time of the request", () => {
    expect(make(taskIn.queued, { type: "cancel", reason: null, by: null }, now + 5).task).toMatchObject({
      status: "cancelled",
      reason: "TASK_CANCELLED",
      cancelRequestedAt: now + 5,
      finishedAt: now + 5,
    });
  });
});

describe("a retry by hand", () => {
  it("starts from the top with a fresh budget; attempt and version go on", () => {
    const before = {
      ...taskIn.failed,
      interruptions: 2,
      suspect: true,
      stage: 3,
      state: "[1]",
      expiresAt: now,
      output: "1",
    };
    const { task } = make(before, { type: "retry" }, now + 50);
    expect(task).toMatchObject({
      status: "queued",
      reason: null,
      failures: 0,
      interruptions: 0,
      suspect: false,
      stage: 0,
      state: null,
      expiresAt: null,
      output: null,
      failure: null,
      finishedAt: null,
      scheduledAt: now + 50,
      attempt: before.attempt,
      version: before.version + 1,
    });
  });

  it("writes the row of the attempt it reopens, with its host and its own end", () => {
    const { endedAttempt } = make(taskIn.failed, { type: "retry" }, now + 50);
    expect(endedAttempt).toMatchObject({
      attempt: 1,
      leaseToken: "t1",
      hostId: "h1",
      endedAt: now,
      endedBy: "owner",
      outcome: "failed",
      endedAs: "failed",
      failure: taskIn.failed.failure,
    });
    const quarantined = make({ ...taskIn.running, maxInterruptions: 1 }, { type: "expire-lease" }, now + 60_000).task;
    expect(make({ ...quarantined, finishedAt: null }, { type: "retry" }, now + 5).endedAttempt?.endedAt).toBe(now + 5);
    expect(make(quarantined, { type: "retry" }).endedAttempt).toMatchObject({
      outcome: "quarantined",
      endedBy: "expire",
    });
    expect(make(taskIn.cancelled, { type: "retry" }).endedAttempt).toMatchObject({
      outcome: "cancelled",
      endedBy: "terminate",
    });
  });

  it("leaves the replay of that attempt's settlement to its row", () => {
    const reopened = after(taskIn.failed, { type: "retry" });
    expect(reopened).toMatchObject({ lastLeaseToken: null, lastEndedBy: null, lastEndedAs: null, lastHostId: "h1" });
    expect(applyMove(reopened, aSettle(aFailure()), now)).toEqual({ type: "refused", why: "wrong-status" });
  });

  it("writes the row of an attempt once, also when the task is cancelled and retried again before it ran", () => {
    const again = after(taskIn.failed, { type: "retry" }, aTermination);
    expect(make(again, { type: "retry" }).endedAttempt).toBeNull();
  });

  it("writes none when no attempt was open at the end: it has its row, or there was none", () => {
    const neverBegan = after(aNewTask(), aTermination);
    expect(make(neverBegan, { type: "retry" }).endedAttempt).toBeNull();
    const cancelledWhileWaiting = after(taskIn.running, aSettle(aFailure()), aTermination);
    expect(make(cancelledWhileWaiting, { type: "retry" }).endedAttempt).toBeNull();
  });

  it("of a task cancelled while paused leaves no trace of the pause", () => {
    expect(after(aNewTask(), aPause, aTermination, { type: "retry" })).toMatchObject({
      status: "queued",
      pausedFrom: null,
      pausedBy: null,
      pausedWhy: null,
    });
  });
});

describe("a change of a queued task", () => {
  it("T20: brings it forward, with or without a new priority", () => {
    const waiting = aNewTask({ delayMs: 10_000, priority: 2 });
    const move = { type: "reschedule", scheduledAt: now, priority: null } as const;
    expect(after(waiting, move)).toMatchObject({ scheduledAt: now, priority: 2 });
    expect(after(waiting, { ...move, priority: 9 }).priority).toBe(9);
  });

  it("replaces the input and keeps the time unless one is given", () => {
    const waiting = aNewTask({ delayMs: 10_000 });
    const move = { type: "replace-input", input: "2", scheduledAt: null } as const;
    expect(after(waiting, move)).toMatchObject({ input: "2", scheduledAt: now + 10_000 });
    expect(after(waiting, { ...move, scheduledAt: now }).scheduledAt).toBe(now);
  });
});

describe("events told without a move", () => {
  it("carry what they are about in one short word", () => {
    expect(make(taskIn.suspended, { type: "signalled", name: "go" }).events[0]).toMatchObject({
      type: "signalled",
      data: "go",
    });
    const lease = leaseOf(taskIn.running);
    const key = `${"x".repeat(63)}𝄞`;
    const [event] = make(taskIn.running, { type: "checkpoint", lease, key }).events;
    expect(event?.data).toBe(`${"x".repeat(63)}\ufffd`);
    const stale = { ...lease, leaseToken: "old" };
    expect(applyMove(taskIn.running, { type: "checkpoint", lease: stale, key }, now)).toMatchObject({
      why: "stale-lease",
    });
  });

  it("T21: a removal is told with no status after it, whatever the status", () => {
    expect(make(taskIn.running, { type: "remove" }).events).toMatchObject([
      {
        type: "removed",
        statusBefore: "running",
        statusAfter: null,
        version: taskIn.running.version + 1,
        hostId: "h1",
      },
    ]);
  });

  it("name the host that held the lease before or after", () => {
    expect(make(taskIn.queued, aClaim).events[0]?.hostId).toBe("h1");
    expect(make(taskIn.running, aTermination).events[0]?.hostId).toBe("h1");
    expect(make(taskIn.queued, aTermination).events[0]?.hostId).toBeNull();
  });
});
