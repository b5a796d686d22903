import { noProgress } from "../task/task-progress.ts";
import type { TaskRecord } from "../task/task-record.ts";
import { isFinal, isLeased } from "../task/task-status.ts";
import type { EpochMs } from "../time/clock.ts";
import { attemptRow, draftOf, leaseEnded, lostBecause, made, notPaused, refused, tell } from "./draft.ts";
import type { Move, MoveResult } from "./move.ts";

type Of<Type extends Move["type"]> = Extract<Move, { type: Type }>;

/** M13, or M14 for a leased task. Asking twice changes nothing. */
export function cancel(task: TaskRecord, move: Of<"cancel">, now: EpochMs): MoveResult {
  if (!isLeased(task.status)) return terminate(task, { ...move, type: "terminate", code: "TASK_CANCELLED" }, now);
  const draft = draftOf(task, now);
  if (task.cancelRequestedAt === null) {
    tell(draft, "cancel_requested", { cancelRequestedAt: now, cancelReason: move.reason, cancelledBy: move.by });
  }
  return made(draft);
}

/** M13, or M15 for a leased task: its lease is gone, so that a late result is `lost`. */
export function terminate(task: TaskRecord, move: Of<"terminate">, now: EpochMs): MoveResult {
  if (isFinal(task.status)) return refused("final");
  const draft = draftOf(task, now);
  tell(draft, "cancelled", {
    ...(isLeased(task.status) ? leaseEnded(task, "terminate", "cancelled") : {}),
    status: "cancelled",
    reason: move.code,
    cancelRequestedAt: task.cancelRequestedAt ?? now,
    cancelReason: move.reason ?? task.cancelReason,
    cancelledBy: move.by ?? task.cancelledBy,
    ...notPaused,
    openDependencies: 0,
    waitSignal: null,
    wakeAt: null,
    finishedAt: now,
  });
  return made(draft);
}

/**
 * M16: from the top, with a fresh budget; only `attempt` and `version` go on counting. The attempt that ended the task, if one did,
 * becomes a row like every earlier one, and leaves the record: a replay of its settlement is answered from the row.
 */
export function retry(task: TaskRecord, now: EpochMs): MoveResult {
  if (task.status !== "failed" && task.status !== "cancelled") return refused("not-final");
  const draft = draftOf(task, now);
  const { lastEndedBy, lastEndedAs } = task;
  if (lastEndedBy !== null && lastEndedAs !== null && isFinal(lastEndedAs)) {
    draft.endedAttempt = attemptRow(task, task.finishedAt ?? now, {
      by: lastEndedBy,
      outcome: task.reason === "TASK_QUARANTINED" ? "quarantined" : task.status,
      as: lastEndedAs,
      failure: task.failure,
    });
  }
  tell(draft, "retried", {
    lastLeaseToken: null,
    lastEndedBy: null,
    lastEndedAs: null,
    status: "queued",
    reason: null,
    scheduledAt: now,
    failures: 0,
    interruptions: 0,
    suspect: false,
    stage: 0,
    state: null,
    wakeReason: null,
    wakePayload: null,
    waitAborted: false,
    cancelRequestedAt: null,
    cancelReason: null,
    cancelledBy: null,
    expiresAt: null,
    output: null,
    failure: null,
    failureFingerprint: null,
    finishedAt: null,
    progress: noProgress,
  });
  return made(draft);
}

/** M17, in. */
export function pause(task: TaskRecord, move: Of<"pause">, now: EpochMs): MoveResult {
  const { status } = task;
  if (status !== "blocked" && status !== "queued" && status !== "suspended") return refused("wrong-status");
  const draft = draftOf(task, now);
  tell(draft, "paused", { status: "paused", pausedFrom: status, pausedBy: move.by, pausedWhy: move.why });
  return made(draft);
}

/** M17, out: back to where the task would be by now. */
export function resume(task: TaskRecord, now: EpochMs): MoveResult {
  if (task.status !== "paused" || task.pausedFrom === null) return refused("wrong-status");
  const draft = draftOf(task, now);
  tell(draft, "resumed", { ...notPaused, status: task.pausedFrom });
  return made(draft);
}

/** M18 */
export function reschedule(task: TaskRecord, move: Of<"reschedule">, now: EpochMs): MoveResult {
  if (task.status !== "queued") return refused("wrong-status");
  const draft = draftOf(task, now);
  tell(draft, "rescheduled", { scheduledAt: move.scheduledAt, priority: move.priority ?? task.priority });
  return made(draft);
}

/** M18 */
export function replaceInput(task: TaskRecord, move: Of<"replace-input">, now: EpochMs): MoveResult {
  if (task.status !== "queued") return refused("wrong-status");
  const draft = draftOf(task, now);
  tell(draft, "rescheduled", { input: move.input, scheduledAt: move.scheduledAt ?? task.scheduledAt });
  return made(draft);
}

/** The watchdog's label. */
export function markStale(task: TaskRecord, why: string, now: EpochMs): MoveResult {
  if (!isLeased(task.status) || task.staleAt !== null) return refused("wrong-status");
  const draft = draftOf(task, now);
  tell(draft, "stale", { staleAt: now, staleReason: why });
  return made(draft);
}

/** A signal that was kept, or that woke the task. */
export function signalled(task: TaskRecord, name: string, now: EpochMs): MoveResult {
  if (isFinal(task.status)) return refused("final");
  const draft = draftOf(task, now);
  tell(draft, "signalled", { data: name });
  return made(draft);
}

/** A memo that `once` wrote. */
export function checkpoint(task: TaskRecord, move: Of<"checkpoint">, now: EpochMs): MoveResult {
  const lost = lostBecause(task, move.lease);
  if (lost) return refused(lost);
  const draft = draftOf(task, now);
  tell(draft, "checkpoint", { data: move.key.slice(0, 64).toWellFormed() });
  return made(draft);
}

/** The record goes; its last event tells so. */
export function remove(task: TaskRecord, now: EpochMs): MoveResult {
  const draft = draftOf(task, now);
  tell(draft, "removed", {});
  return made(draft);
}
