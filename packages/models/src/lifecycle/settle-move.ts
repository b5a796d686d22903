import type { Lease } from "../contracts/lease.ts";
import type { Settlement, SuspendWait } from "../contracts/settlement.ts";
import { noProgress } from "../task/task-progress.ts";
import type { TaskRecord } from "../task/task-record.ts";
import { isLeased, type TaskStatus } from "../task/task-status.ts";
import type { EpochMs } from "../time/clock.ts";
import { attemptRow, type Draft, draftOf, leaseEnded, lostBecause, made, refused, tell, tellStarted } from "./draft.ts";
import type { Move, MoveResult } from "./move.ts";
import { goOn } from "./wait-moves.ts";

type SettleMove = Extract<Move, { type: "settle" }>;
type Fail = Extract<Settlement, { type: "fail" }>;

/** M6–M10. */
export function settle(task: TaskRecord, move: SettleMove, now: EpochMs): MoveResult {
  const lost = lostBecause(task, move.lease);
  if (lost) {
    const next = replayOf(task, move.lease);
    return next ? { type: "replayed", next } : refused(lost);
  }
  const draft = draftOf(task, now);
  if (move.started) tellStarted(draft);
  const settlement = whatIsDone(task, move.settlement);
  switch (settlement.type) {
    case "succeed":
      succeed(draft, settlement.output);
      break;
    case "cancelled":
      cancelled(draft, settlement);
      break;
    case "fail":
      fail(draft, settlement);
      break;
    case "snooze":
      goBack(draft, "snoozed", { snoozes: task.snoozes + 1, suspect: false, scheduledAt: now + settlement.delayMs });
      break;
    case "release":
      goBack(draft, "released", { releases: task.releases + 1 });
      break;
    case "suspend":
      suspend(draft, settlement, move);
      break;
  }
  return made(draft);
}

/** What the lease's own settlement led to, when it is the last attempt that ended and its owner ended it; else null. */
function replayOf(task: TaskRecord, lease: Lease): TaskStatus | null {
  const lastEnded = isLeased(task.status) ? task.attempt - 1 : task.attempt;
  const isTheLast = lease.attempt === lastEnded && lease.leaseToken === task.lastLeaseToken;
  return isTheLast && task.lastEndedBy === "owner" ? task.lastEndedAs : null;
}

/** A cancel that was asked for wins over everything but success; one that nobody asked for is a failure. */
function whatIsDone(task: TaskRecord, settlement: Settlement): Settlement {
  if (task.cancelRequestedAt !== null) {
    if (settlement.type === "succeed" || settlement.type === "cancelled") return settlement;
    const failure = settlement.type === "fail" ? settlement.failure : null;
    const fingerprint = settlement.type === "fail" ? settlement.fingerprint : null;
    return { type: "cancelled", failure, fingerprint, maxAttempts: null, delayMs: 0 };
  }
  if (settlement.type !== "cancelled") return settlement;
  const aborted = { name: "AbortError", message: "The handler ended as aborted although nobody asked for it." };
  return {
    type: "fail",
    reason: "TASK_ABORTED",
    failure: settlement.failure ?? JSON.stringify(aborted),
    fingerprint: settlement.fingerprint ?? "TASK_ABORTED",
    permanent: false,
    maxAttempts: settlement.maxAttempts,
    delayMs: settlement.delayMs,
  };
}

function succeed(draft: Draft, output: TaskRecord["output"]): void {
  const { task, now } = draft;
  tell(draft, "succeeded", {
    ...leaseEnded(task, "owner", "succeeded"),
    status: "succeeded",
    reason: null,
    output,
    failure: null,
    failureFingerprint: null,
    suspect: false,
    progress: { ...task.progress, percent: 100, updatedAt: now },
    finishedAt: now,
  });
}

function cancelled(draft: Draft, settlement: Extract<Settlement, { type: "cancelled" }>): void {
  const { task, now } = draft;
  tell(draft, "cancelled", {
    ...leaseEnded(task, "owner", "cancelled"),
    status: "cancelled",
    reason: "TASK_CANCELLED",
    failure: settlement.failure ?? task.failure,
    failureFingerprint: settlement.failure === null ? task.failureFingerprint : settlement.fingerprint,
    finishedAt: now,
  });
}

function fail(draft: Draft, settlement: Fail): void {
  const { task, now } = draft;
  const failures = task.failures + 1;
  const counted = { failures, suspect: false, failure: settlement.failure, failureFingerprint: settlement.fingerprint };
  const isLast = settlement.permanent || (settlement.maxAttempts !== null && failures >= settlement.maxAttempts);
  if (isLast) {
    tell(draft, "failed", {
      ...leaseEnded(task, "owner", "failed"),
      ...counted,
      status: "failed",
      reason: settlement.reason,
      finishedAt: now,
    });
    return;
  }
  goBack(draft, "retried", { ...counted, scheduledAt: now + settlement.delayMs, progress: noProgress });
}

/** Back to the queue; the attempt that ended becomes a row. */
function goBack(draft: Draft, event: "retried" | "snoozed" | "released", change: Partial<TaskRecord>): void {
  const { task, now } = draft;
  // A snooze or release leaves the failure of an earlier attempt in the record; it is not this one's.
  const { failure = null } = change;
  draft.endedAttempt = attemptRow(task, now, { by: "owner", outcome: event, as: "queued", failure });
  tell(draft, event, { ...leaseEnded(task, "owner", "queued"), status: "queued", reason: null, ...change });
}

function suspend(draft: Draft, settlement: Extract<Settlement, { type: "suspend" }>, move: SettleMove): void {
  const { task, now } = draft;
  const { wait } = settlement;
  const as = move.waitMet ? "queued" : "suspended";
  draft.endedAttempt = attemptRow(task, now, { by: "owner", outcome: "suspended", as, failure: null });
  tell(draft, "suspended", {
    ...leaseEnded(task, "owner", as),
    status: "suspended",
    reason: wait.reason,
    suspect: false,
    state: settlement.state === undefined ? task.state : settlement.state,
    openDependencies: wait.reason === "children" ? move.openDependencies : 0,
    waitSignal: wait.reason === "signal" ? wait.name : null,
    wakeAt: deadlineOf(wait, now),
    wakeReason: null,
    wakePayload: null,
    waitAborted: false,
    data: wait.reason,
  });
  if (!move.waitMet) return;
  const reason = wait.reason === "sleep" ? "timeout" : wait.reason;
  goOn(draft, { reason, payload: move.waitMet.payload, aborted: false });
}

function deadlineOf(wait: SuspendWait, now: EpochMs): EpochMs | null {
  if (wait.reason === "sleep") return now + wait.forMs;
  return wait.timeoutMs === null ? null : now + wait.timeoutMs;
}
