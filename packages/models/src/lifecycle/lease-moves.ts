import { isLeased } from "../task/task-status.ts";
import { clampPercent, mergeProgress } from "../task/task-progress.ts";
import type { TaskRecord } from "../task/task-record.ts";
import type { EpochMs } from "../time/clock.ts";
import { attemptRow, draftOf, leaseEnded, lostBecause, made, refused, tell, tellStarted } from "./draft.ts";
import type { Move, MoveResult } from "./move.ts";

type Of<Type extends Move["type"]> = Extract<Move, { type: Type }>;

/** M2, and M3 in the same move for a suspect. */
export function claim(task: TaskRecord, move: Of<"claim">, now: EpochMs): MoveResult {
  if (task.status !== "queued") return refused("wrong-status");
  if (task.scheduledAt > now) return refused("not-due");
  if (mayNotBegin(task, now)) return refused("expired");
  const draft = draftOf(task, now);
  tell(draft, "claimed", {
    status: "claimed",
    reason: null,
    attempt: task.attempt + 1,
    hostId: move.hostId,
    lastHostId: move.hostId,
    leaseToken: move.leaseToken,
    leaseExpiresAt: now + move.leaseMs,
    claimedAt: now,
    started: false,
    startedAt: null,
    lastSignAt: now,
    staleAt: null,
    staleReason: null,
  });
  if (task.suspect) tellStarted(draft);
  return made(draft);
}

/** M4 */
export function extend(task: TaskRecord, move: Of<"extend">, now: EpochMs): MoveResult {
  const lost = lostBecause(task, move.lease);
  if (lost) return refused(lost);
  const draft = draftOf({ ...task, leaseExpiresAt: now + move.leaseMs }, now);
  return made(draft);
}

/** M3 and M5. Anything a handler says implies that it has started. */
export function report(task: TaskRecord, move: Of<"report">, now: EpochMs): MoveResult {
  const lost = lostBecause(task, move.lease);
  if (lost) return refused(lost);
  const draft = draftOf(task, now);
  tellStarted(draft);
  const sign = { lastSignAt: now, staleAt: null, staleReason: null };
  const wasStale = task.staleAt !== null;
  for (const step of move.steps) {
    const id = `${task.attempt}.${step.n}`;
    const percent = step.percent === null ? null : clampPercent(step.percent);
    draft.steps.push({ id, taskId: task.id, attempt: task.attempt, ...step, percent, at: now });
    const { progress } = draft.task;
    const patched = percent === null ? progress : mergeProgress(progress, { percent }, now);
    tell(draft, "step", { ...sign, progress: patched, data: id });
  }
  if (move.progress) {
    const progress = mergeProgress(draft.task.progress, move.progress, now);
    tell(draft, "progress", { ...sign, progress, data: progress.percent });
  } else if (wasStale && move.steps.length === 0) {
    // Nobody would learn otherwise that it is no longer stale.
    tell(draft, "progress", { ...sign, data: draft.task.progress.percent });
  }
  draft.task = { ...draft.task, ...sign };
  return made(draft);
}

/** M12 */
export function expireLease(task: TaskRecord, { supersededBy }: Of<"expire-lease">, now: EpochMs): MoveResult {
  if (!isLeased(task.status)) return refused("wrong-status");
  const isOverdue = task.leaseExpiresAt !== null && task.leaseExpiresAt < now;
  if (!isOverdue && supersededBy === undefined) return refused("not-due");
  const draft = draftOf(task, now);
  const interruptions = task.interruptions + (task.started ? 1 : 0);
  if (task.cancelRequestedAt !== null) {
    tell(draft, "cancelled", {
      ...leaseEnded(task, "expire", "cancelled"),
      status: "cancelled",
      reason: "TASK_CANCELLED",
      interruptions,
      suspect: true,
      finishedAt: now,
    });
  } else if (task.afterCrash === "fail") {
    const what = supersededBy === undefined ? "was not heard of within the lease" : `gave way to ${supersededBy}`;
    const text = `its host ${String(task.hostId)} ${what}`;
    tell(draft, "failed", { ...expiredAs(task, "TASK_LEASE_EXPIRED", text), interruptions, finishedAt: now });
  } else if (task.started && task.maxInterruptions !== null && interruptions >= task.maxInterruptions) {
    const text = `its host died under it ${interruptions} times`;
    tell(draft, "quarantined", { ...expiredAs(task, "TASK_QUARANTINED", text), interruptions, finishedAt: now });
  } else {
    draft.endedAttempt = attemptRow(task, now, { by: "expire", outcome: "lease_lost", as: "queued", failure: null });
    tell(draft, "lease_lost", {
      ...leaseEnded(task, "expire", "queued"),
      status: "queued",
      reason: null,
      interruptions,
      suspect: true,
      data: supersededBy ?? null,
    });
  }
  return made(draft);
}

function expiredAs(
  task: TaskRecord,
  reason: "TASK_LEASE_EXPIRED" | "TASK_QUARANTINED",
  text: string,
): Partial<TaskRecord> {
  const message = `Task ${task.id} failed in attempt ${task.attempt}: ${text}.`;
  return {
    ...leaseEnded(task, "expire", "failed"),
    status: "failed",
    reason,
    suspect: true,
    failure: JSON.stringify({ name: "TaskError", message, code: reason }),
    failureFingerprint: reason,
  };
}

/** Whether `expiresAt` has passed before the task ever began; one that has begun no longer expires. */
export function mayNotBegin(task: TaskRecord, now: EpochMs): boolean {
  return task.attempt === 0 && task.expiresAt !== null && task.expiresAt <= now;
}
