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
  waitForSignal,
} from "../../test/made-by-moves.ts";
import type { Settlement, SuspendWait } from "../contracts/settlement.ts";
import { applyMove } from "./apply-move.ts";

const succeed: Settlement = { type: "succeed", output: '{"path":"x"}' };
const everySettlement: readonly Settlement[] = [
  succeed,
  aFailure(),
  aFailure({ permanent: true }),
  { type: "cancelled", failure: null, fingerprint: null, maxAttempts: 3, delayMs: 0 },
  { type: "snooze", delayMs: 5 },
  { type: "release" },
  waitForSignal,
];
const askCancel = { type: "cancel", reason: "enough", by: "ann" } as const;

describe("a settlement", () => {
  it("that tells the start too makes two events and two versions", () => {
    const { task, events } = make(taskIn.claimed, aSettle(succeed, { started: true }), now + 7);
    expect(
      events.map(({ type, version, statusBefore, statusAfter }) => [type, version, statusBefore, statusAfter]),
    ).toEqual([
      ["started", 3, "claimed", "running"],
      ["succeeded", 4, "running", "succeeded"],
    ]);
    expect(task).toMatchObject({ version: 4, startedAt: now + 7, finishedAt: now + 7 });
    expect(make(taskIn.running, aSettle(succeed, { started: true })).events).toHaveLength(1);
  });

  it("R18: is refused when its lease is one claim old, or its token another's", () => {
    const again = after(taskIn.running, aSettle(aFailure({ delayMs: 0 })), { ...aClaim, leaseToken: "t2" });
    const stolen = { taskId: anId(1), attempt: 2, leaseToken: "t1" };
    expect(applyMove(again, aSettle(succeed, { lease: stolen }), now)).toEqual({ type: "refused", why: "stale-lease" });
    const guessed = { taskId: anId(1), attempt: 1, leaseToken: "t2" };
    expect(applyMove(again, aSettle(succeed, { lease: guessed }), now)).toEqual({
      type: "refused",
      why: "stale-lease",
    });
    expect(applyMove(again, aSettle(succeed, { lease: leaseOf(again) }), now).type).toBe("made");
  });

  it("that was stored before is recognised, whatever came after, and changes nothing", () => {
    const retried = after(taskIn.running, aSettle(aFailure({ delayMs: 0 })));
    const replay = aSettle(succeed);
    expect(applyMove(retried, replay, now)).toEqual({ type: "replayed", next: "queued" });
    const claimedAgain = after(retried, { ...aClaim, leaseToken: "t2" });
    expect(applyMove(claimedAgain, replay, now)).toEqual({ type: "replayed", next: "queued" });
    const otherAttempt = aSettle(succeed, { lease: { taskId: anId(1), attempt: 7, leaseToken: "t1" } });
    expect(applyMove(retried, otherAttempt, now)).toEqual({ type: "refused", why: "wrong-status" });
  });

  it("of an attempt that expiry or a termination ended is lost, not replayed", () => {
    const expired = make(taskIn.running, { type: "expire-lease" }, now + 60_000).task;
    for (const task of [expired, taskIn.cancelled]) {
      expect(applyMove(task, aSettle(succeed), now)).toEqual({ type: "refused", why: "wrong-status" });
    }
  });

  it("still counts after the lease has expired when nobody took the task", () => {
    expect(make(taskIn.running, aSettle(succeed), now + 600_000).task.status).toBe("succeeded");
  });
});

describe("a cancel that was asked for", () => {
  const asked = after(taskIn.running, askCancel);

  it.each(everySettlement)("wins over $type, except over success", (settlement) => {
    const { task, events } = make(asked, aSettle(settlement));
    const isSuccess = settlement.type === "succeed";
    expect(task.status).toBe(isSuccess ? "succeeded" : "cancelled");
    expect(task.reason).toBe(isSuccess ? null : "TASK_CANCELLED");
    expect(task).toMatchObject({
      cancelRequestedAt: now,
      cancelReason: "enough",
      failures: 0,
      snoozes: 0,
      releases: 0,
    });
    expect(events.map(({ type }) => type)).toEqual([isSuccess ? "succeeded" : "cancelled"]);
  });

  it("keeps the failure of the attempt, else the one before", () => {
    const failure = '{"name":"AbortError","message":"stopped"}';
    const cancelled: Settlement = { type: "cancelled", failure, fingerprint: "f9", maxAttempts: 1, delayMs: 0 };
    expect(make(asked, aSettle(cancelled)).task).toMatchObject({ failure, failureFingerprint: "f9" });
    expect(make(asked, aSettle(aFailure())).task).toMatchObject({ failureFingerprint: "f1" });
    const second = after(
      aNewTask(),
      aClaim,
      aSettle(aFailure({ delayMs: 0 })),
      { ...aClaim, leaseToken: "t2" },
      askCancel,
    );
    const released = make(second, aSettle({ type: "release" }, { lease: leaseOf(second) })).task;
    expect(released).toMatchObject({ status: "cancelled", failureFingerprint: "f1" });
  });

  it("R33: asked twice changes nothing", () => {
    const again = make(asked, { type: "cancel", reason: "other", by: "bob" }, now + 9);
    expect(again).toMatchObject({ events: [], task: asked });
  });
});

describe("success", () => {
  it("R29: stores the output, sets 100 percent and clears failure and suspicion", () => {
    const failedOnce = after(aNewTask(), aClaim, aSettle(aFailure({ delayMs: 0 })), { ...aClaim, leaseToken: "t2" });
    const { task } = make({ ...failedOnce, suspect: true }, aSettle(succeed, { lease: leaseOf(failedOnce) }), now + 3);
    expect(task).toMatchObject({
      status: "succeeded",
      output: '{"path":"x"}',
      failure: null,
      failureFingerprint: null,
      suspect: false,
      failures: 1,
      progress: { percent: 100, updatedAt: now + 3 },
    });
  });

  it("Q6: keeps null and falsy outputs apart from no output", () => {
    for (const output of ["null", "0", "false", '""', null]) {
      expect(make(taskIn.running, aSettle({ type: "succeed", output })).task.output).toBe(output);
    }
  });
});

describe("a failure", () => {
  it("R24, F14: counts first, and ends the task when the new count reaches maxAttempts", () => {
    let task = aNewTask();
    const seen: string[] = [];
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      task = after(task, { ...aClaim, leaseToken: `t${attempt}` });
      task = make(task, aSettle(aFailure({ delayMs: 0, maxAttempts: 3 }), { lease: leaseOf(task) })).task;
      seen.push(`${task.status} ${task.failures}`);
    }
    expect(seen).toEqual(["queued 1", "queued 2", "failed 3"]);
    expect(task.reason).toBe("TASK_FAILED");
  });

  it("never ends a task of unlimited attempts, and always one that is permanent", () => {
    const many = { ...taskIn.running, failures: 99_999 };
    expect(make(many, aSettle(aFailure({ maxAttempts: null }))).task.status).toBe("queued");
    expect(make(taskIn.running, aSettle(aFailure({ maxAttempts: null, permanent: true }))).task.status).toBe("failed");
  });

  it("R29: clears progress for the next attempt, waits as long as asked, and leaves a row of the attempt", () => {
    const running = after(taskIn.running, aReport({ progress: { percent: 50, label: "half" } }));
    const { task, endedAttempt } = make(running, aSettle(aFailure({ delayMs: 5_000 })), now + 10);
    expect(task.progress).toEqual({ percent: null, label: null, meta: null, updatedAt: null });
    expect(task.scheduledAt).toBe(now + 5_010);
    expect(endedAttempt).toEqual({
      taskId: anId(1),
      attempt: 1,
      leaseToken: "t1",
      hostId: "h1",
      claimedAt: now,
      startedAt: now,
      endedAt: now + 10,
      endedBy: "owner",
      outcome: "retried",
      endedAs: "queued",
      failure: task.failure,
    });
  });

  it.each(["TASK_TIMED_OUT", "TASK_INPUT_INVALID", "TASK_OUTPUT_INVALID", "TASK_NO_OUTCOME"] as const)(
    "ends with its own reason, %s, and writes no row: the record has it",
    (reason) => {
      const { task, endedAttempt } = make(taskIn.running, aSettle(aFailure({ reason, maxAttempts: 1 })));
      expect(task).toMatchObject({ status: "failed", reason, lastEndedBy: "owner", lastHostId: "h1" });
      expect(endedAttempt).toBeNull();
    },
  );

  it("a cancelled settlement nobody asked for is one, TASK_ABORTED", () => {
    const settlement: Settlement = { type: "cancelled", failure: null, fingerprint: null, maxAttempts: 1, delayMs: 0 };
    const bare = make(taskIn.running, aSettle(settlement)).task;
    expect(bare).toMatchObject({ status: "failed", reason: "TASK_ABORTED", failures: 1 });
    expect(bare).toMatchObject({ failureFingerprint: "TASK_ABORTED", failure: expect.stringContaining("AbortError") });
    const own = make(taskIn.running, aSettle({ ...settlement, failure: '"x"', fingerprint: "f" })).task;
    expect(own).toMatchObject({ failure: '"x"', failureFingerprint: "f" });
  });
});

describe("a snooze and a release", () => {
  it("are no failures; a snooze clears suspicion, a release does not, and is due as it was", () => {
    const suspect = { ...taskIn.running, suspect: true };
    const snoozed = make(suspect, aSettle({ type: "snooze", delayMs: 70 }), now + 1).task;
    expect(snoozed).toMatchObject({ failures: 0, snoozes: 1, suspect: false, scheduledAt: now + 71, failure: null });
    const released = make(suspect, aSettle({ type: "release" }), now + 1).task;
    expect(released).toMatchObject({ failures: 0, releases: 1, suspect: true, scheduledAt: now });
  });
});

describe("a suspension", () => {
  const suspendFor = (wait: SuspendWait): Settlement => ({ type: "suspend", wait, state: undefined });
  const waits: readonly SuspendWait[] = [
    { reason: "children", children: [], onFailure: "continue", timeoutMs: 50 },
    { reason: "sleep", forMs: 50 },
    { reason: "signal", name: "go", timeoutMs: 50 },
    { reason: "manual", note: "look", timeoutMs: 50 },
  ];

  it.each(waits)("gives the slot back and says what it waits for: $reason", (wait) => {
    const { task, events } = make(taskIn.running, aSettle(suspendFor(wait), { openDependencies: 2 }));
    expect(task).toMatchObject({
      status: "suspended",
      reason: wait.reason,
      stage: 0,
      hostId: null,
      leaseToken: null,
      wakeAt: now + 50,
      openDependencies: wait.reason === "children" ? 2 : 0,
      waitSignal: wait.reason === "signal" ? "go" : null,
    });
    expect(events.map(({ type, data }) => [type, data])).toEqual([["suspended", wait.reason]]);
  });

  it.each(waits)("goes on at once when its wait is met already: $reason", (wait) => {
    const { task, events, endedAttempt } = make(
      taskIn.running,
      aSettle(suspendFor(wait), { waitMet: { payload: "1" } }),
    );
    const reason = wait.reason === "sleep" ? "timeout" : wait.reason;
    expect(task).toMatchObject({
      status: "queued",
      stage: 1,
      wakeReason: reason,
      wakePayload: "1",
      wakeAt: null,
      scheduledAt: now,
    });
    expect(task.lastEndedAs).toBe("queued");
    expect(endedAttempt).toMatchObject({ outcome: "suspended", endedAs: "queued" });
    expect(events.map(({ type, statusBefore, statusAfter }) => [type, statusBefore, statusAfter])).toEqual([
      ["suspended", "running", "suspended"],
      ["resumed", "suspended", "queued"],
    ]);
  });

  it("waits for ever without a timeout, and clears what the wait before left", () => {
    const woken = {
      ...taskIn.running,
      wakeReason: "signal",
      wakePayload: "1",
      waitAborted: true,
      suspect: true,
    } as const;
    const wait: SuspendWait = { reason: "manual", note: null, timeoutMs: null };
    expect(make(woken, aSettle(suspendFor(wait))).task).toMatchObject({
      wakeAt: null,
      wakeReason: null,
      wakePayload: null,
      waitAborted: false,
      suspect: false,
    });
  });

  it("F33: carries state to the next stage: absent keeps it, null clears it", () => {
    const task = { ...taskIn.running, state: "[1]" };
    const suspend = (state: string | null | undefined) =>
      make(task, aSettle({ type: "suspend", wait: { reason: "sleep", forMs: 1 }, state })).task.state;
    expect([suspend(undefined), suspend(null), suspend("[2]")]).toEqual(["[1]", null, "[2]"]);
  });
});
