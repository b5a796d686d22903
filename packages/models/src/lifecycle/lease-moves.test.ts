import { describe, expect, it } from "vitest";
import { anId, startOfTests as now } from "../../test/a-task.ts";
import {
  aClaim,
  aFailure,
  after,
  aNewTask,
  aReport,
  aSettle,
  leaseOf,
  make,
  taskIn,
} from "../../test/made-by-moves.ts";
import { readPlainFailure } from "../task/create-task-snapshot.ts";
import type { TaskRecord } from "../task/task-record.ts";
import type { NewStep } from "../task/task-step.ts";
import { applyMove } from "./apply-move.ts";

const expire = { type: "expire-lease" } as const;
const late = now + 60_000;
const aStep = (over: Partial<NewStep> = {}): NewStep => ({
  n: 1,
  kind: "step",
  level: "info",
  message: "m",
  meta: null,
  percent: null,
  ...over,
});
const claimAgain = (task: TaskRecord, at = late): TaskRecord =>
  make(task, { ...aClaim, leaseToken: `t${task.attempt + 1}` }, at).task;

describe("a claim", () => {
  it("R16: makes a new lease and counts the attempt", () => {
    expect(taskIn.claimed).toMatchObject({
      attempt: 1,
      hostId: "h1",
      lastHostId: "h1",
      leaseToken: "t1",
      leaseExpiresAt: now + 30_000,
      claimedAt: now,
    });
    const again = claimAgain(after(taskIn.running, aSettle(aFailure({ delayMs: 0 }))));
    expect(again).toMatchObject({
      attempt: 2,
      leaseToken: "t2",
      started: false,
      startedAt: null,
      lastLeaseToken: "t1",
    });
  });

  it("is refused before the task is due, and at that moment made", () => {
    const task = aNewTask({ delayMs: 10 });
    expect(applyMove(task, aClaim, now + 9)).toEqual({ type: "refused", why: "not-due" });
    expect(applyMove(task, aClaim, now + 10).type).toBe("made");
  });

  it("is refused once a task that never began has expired, and made when it has begun", () => {
    const task = aNewTask({ expiresInMs: 10 });
    expect(applyMove(task, aClaim, now + 10)).toEqual({ type: "refused", why: "expired" });
    const begun = after(task, aClaim, aSettle({ type: "release" }));
    expect(applyMove(begun, aClaim, now + 10).type).toBe("made");
  });

  it("of a suspect starts it in the same move", () => {
    const suspect = make(taskIn.claimed, expire, late).task;
    const { task, events } = make(suspect, { ...aClaim, leaseToken: "t2" }, late);
    expect(task).toMatchObject({ status: "running", started: true, startedAt: late, suspect: true });
    expect(events.map(({ type }) => type)).toEqual(["claimed", "started"]);
  });
});

describe("an extension", () => {
  it("R17: moves the end of the lease and tells nothing", () => {
    const { task, events } = make(
      taskIn.running,
      { type: "extend", lease: leaseOf(taskIn.running), leaseMs: 500 },
      late,
    );
    expect(task.leaseExpiresAt).toBe(late + 500);
    expect(events).toEqual([]);
    expect(task.version).toBe(taskIn.running.version);
  });

  it("R18: is refused with a lease that is one claim old", () => {
    const again = claimAgain(after(taskIn.running, aSettle({ type: "release" })));
    const move = { type: "extend", lease: leaseOf(taskIn.running), leaseMs: 500 } as const;
    expect(applyMove(again, move, late)).toEqual({ type: "refused", why: "stale-lease" });
  });
});

describe("a report", () => {
  it("R28: merges progress: absent keeps, null clears, percent stays within 0 and 100", () => {
    const first = after(taskIn.running, aReport({ progress: { percent: 40, label: "a", meta: { n: 1 } } }));
    expect(first.progress).toEqual({ percent: 40, label: "a", meta: { n: 1 }, updatedAt: now });
    const second = make(first, aReport({ progress: { label: null, percent: 900 } }), now + 5).task;
    expect(second.progress).toEqual({ percent: 100, label: null, meta: { n: 1 }, updatedAt: now + 5 });
    expect(after(first, aReport({ progress: { percent: -3 } })).progress.percent).toBe(0);
    expect(after(first, aReport({ progress: { percent: Number.NaN } })).progress.percent).toBeNull();
  });

  it("R31: a step with a percent is the task's progress too", () => {
    const steps = [aStep({ n: 1, percent: 20 }), aStep({ n: 2 }), aStep({ n: 3, percent: 250 })];
    const made = make(taskIn.running, aReport({ steps }), now + 5);
    expect(made.steps.map(({ id, attempt, percent, at }) => [id, attempt, percent, at])).toEqual([
      ["1.1", 1, 20, now + 5],
      ["1.2", 1, null, now + 5],
      ["1.3", 1, 100, now + 5],
    ]);
    expect(made.events.map(({ type, data }) => [type, data])).toEqual([
      ["step", "1.1"],
      ["step", "1.2"],
      ["step", "1.3"],
    ]);
    expect(made.task.progress.percent).toBe(100);
  });

  it("steps of a later attempt carry its number", () => {
    const again = claimAgain(after(taskIn.running, aSettle(aFailure({ delayMs: 0 }))));
    const { steps } = make(again, aReport({ lease: leaseOf(again), steps: [aStep()] }), late);
    expect(steps[0]?.id).toBe("2.1");
  });

  it("R23: every sign of life clears stale, and a bare one tells so", () => {
    const stale = make(taskIn.running, { type: "mark-stale", why: "silent" }, now + 5).task;
    expect(stale).toMatchObject({ status: "running", staleAt: now + 5, staleReason: "silent" });
    const signs = [
      [aReport({ alive: true }), "progress"],
      [aReport({ progress: { percent: 1 } }), "progress"],
      [aReport({ steps: [aStep()] }), "step"],
    ] as const;
    for (const [move, event] of signs) {
      const { task, events } = make(stale, move, now + 9);
      expect(task).toMatchObject({ staleAt: null, staleReason: null, lastSignAt: now + 9 });
      expect(events.map(({ type }) => type)).toEqual([event]);
    }
  });

  it("of a sign of life alone tells nothing", () => {
    const { task, events } = make(taskIn.running, aReport({ alive: true }), now + 9);
    expect(events).toEqual([]);
    expect(task).toMatchObject({ lastSignAt: now + 9, version: taskIn.running.version });
  });

  it("R22: stale is a label, given once", () => {
    const stale = after(taskIn.claimed, { type: "mark-stale", why: "silent" });
    expect(stale.status).toBe("claimed");
    expect(applyMove(stale, { type: "mark-stale", why: "again" }, now)).toMatchObject({ type: "refused" });
    const extended = after(stale, { type: "extend", lease: leaseOf(stale), leaseMs: 1 });
    expect(extended.staleAt).toBe(now);
  });

  it("R18: with an old lease is refused", () => {
    const other = aReport({ lease: { taskId: anId(1), attempt: 2, leaseToken: "t1" } });
    expect(applyMove(taskIn.running, other, now)).toEqual({ type: "refused", why: "stale-lease" });
  });
});

describe("an expired lease", () => {
  it("R20: requeues the task at once, marks it a suspect and leaves a row; a moment earlier it holds", () => {
    expect(applyMove(taskIn.running, expire, now + 30_000)).toEqual({ type: "refused", why: "not-due" });
    const { task, endedAttempt } = make(taskIn.running, expire, now + 30_001);
    expect(task).toMatchObject({ status: "queued", suspect: true, interruptions: 1, failures: 0, scheduledAt: now });
    expect(endedAttempt).toMatchObject({ attempt: 1, outcome: "lease_lost", endedBy: "expire", hostId: "h1" });
  });

  it("marks a task that had not started, but does not count it", () => {
    expect(make(taskIn.claimed, expire, late).task).toMatchObject({ suspect: true, interruptions: 0 });
  });

  it("T38, I11: quarantines after maxInterruptions counted ones, never before", () => {
    let task = aNewTask();
    const seen: string[] = [];
    let at = now;
    for (let crash = 1; crash <= 3; crash += 1) {
      task = claimAgain(task, at);
      if (!task.started) task = make(task, aReport({ lease: leaseOf(task) }), at).task;
      at += 60_000;
      const made = make(task, expire, at);
      task = made.task;
      seen.push(`${task.status} ${task.interruptions} ${made.events.map(({ type }) => type).join()}`);
    }
    expect(seen).toEqual(["queued 1 lease_lost", "queued 2 lease_lost", "failed 3 quarantined"]);
    expect(task).toMatchObject({ reason: "TASK_QUARANTINED", failures: 0, failureFingerprint: "TASK_QUARANTINED" });
    expect(readPlainFailure(task.failure)).toMatchObject({ name: "TaskError", code: "TASK_QUARANTINED" });
  });

  it("never quarantines without a limit", () => {
    const task = { ...taskIn.running, maxInterruptions: null, interruptions: 10_000 };
    expect(make(task, expire, late).task).toMatchObject({ status: "queued", interruptions: 10_001 });
  });

  it("R20: fails at once, TASK_LEASE_EXPIRED, when the kind says so", () => {
    const { task, events, endedAttempt } = make({ ...taskIn.claimed, afterCrash: "fail" }, expire, late);
    expect(task).toMatchObject({
      status: "failed",
      reason: "TASK_LEASE_EXPIRED",
      finishedAt: late,
      lastEndedBy: "expire",
    });
    expect(events.map(({ type }) => type)).toEqual(["failed"]);
    expect(endedAttempt).toBeNull();
  });

  it("ends as cancelled when a cancel was asked for, whatever else is said", () => {
    const asked = after(taskIn.running, { type: "cancel", reason: null, by: null });
    const { task, events } = make({ ...asked, afterCrash: "fail" }, expire, late);
    expect(task).toMatchObject({ status: "cancelled", reason: "TASK_CANCELLED", interruptions: 1 });
    expect(events.map(({ type }) => type)).toEqual(["cancelled"]);
  });

  it.each([
    ["success", false, aSettle({ type: "succeed", output: null })],
    ["a failure", false, aSettle(aFailure())],
    ["a snooze", false, aSettle({ type: "snooze", delayMs: 0 })],
    ["a release", true, aSettle({ type: "release" })],
  ] as const)("after %s it is a suspect: %o", (_, isSuspect, settle) => {
    const suspect = claimAgain(make(taskIn.running, expire, late).task);
    expect(make(suspect, { ...settle, lease: leaseOf(suspect) }, late).task.suspect).toBe(isSuspect);
  });
});

describe("the lease of a host that gave way", () => {
  const recover = { type: "expire-lease", supersededBy: "h2" } as const;

  it("F52, F57: ends before its time, and says in whose favour", () => {
    const { task, events, endedAttempt } = make(taskIn.running, recover, now + 1);
    expect(task).toMatchObject({ status: "queued", hostId: null, leaseToken: null, interruptions: 1, suspect: true });
    expect(events).toMatchObject([{ type: "lease_lost", hostId: "h1", data: "h2", statusAfter: "queued" }]);
    expect(endedAttempt).toMatchObject({ hostId: "h1", endedBy: "expire", outcome: "lease_lost" });
  });

  it("F52: is no reason to touch a task that nobody leases", () => {
    expect(applyMove(aNewTask(), recover, now)).toEqual({ type: "refused", why: "wrong-status" });
  });
});
