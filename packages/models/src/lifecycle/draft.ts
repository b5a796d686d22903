import type { Lease, LostReason } from "../contracts/lease.ts";
import type { TaskEventType } from "../events/task-event.ts";
import type { StoredValue } from "../task/stored-value.ts";
import type { AttemptEndedBy, AttemptRecord, TaskRecord } from "../task/task-record.ts";
import { isLeased, type TaskStatus } from "../task/task-status.ts";
import type { TaskStep } from "../task/task-step.ts";
import type { EpochMs } from "../time/clock.ts";
import type { MadeMove, MoveEvent, RefusedMove } from "./move.ts";

/** A task on its way through a move: each `tell` is one change, one event and one version. */
export interface Draft {
  task: TaskRecord;
  readonly now: EpochMs;
  readonly events: MoveEvent[];
  readonly steps: TaskStep[];
  endedAttempt: AttemptRecord | null;
}

/** Starts a move of a task at a moment; nothing is told yet. */
export function draftOf(task: TaskRecord, now: EpochMs): Draft {
  return { task, now, events: [], steps: [], endedAttempt: null };
}

/** Changes the task and tells it. */
export function tell(
  draft: Draft,
  type: TaskEventType,
  change: Partial<TaskRecord> & { readonly data?: string | number | null },
): void {
  const before = draft.task;
  const { data = null, ...fields } = change;
  const after: TaskRecord = { ...before, ...fields, version: before.version + 1, updatedAt: draft.now };
  draft.task = after;
  draft.events.push({
    type,
    version: after.version,
    attempt: after.attempt,
    at: draft.now,
    statusBefore: before.status,
    statusAfter: type === "removed" ? null : after.status,
    reason: after.reason,
    hostId: before.hostId ?? after.hostId,
    data,
  });
}

/** Ends a move: what it did. */
export function made(draft: Draft): MadeMove {
  return {
    type: "made",
    task: draft.task,
    events: draft.events,
    endedAttempt: draft.endedAttempt,
    steps: draft.steps,
  };
}

/** A move that is not made, and the word why. */
export function refused(
  why: RefusedMove extends infer R ? (R extends { why: infer W } ? W : never) : never,
): RefusedMove {
  return { type: "refused", why };
}

/** Why a lease does not hold; null when it does. A lease that has expired but was taken by nobody holds. */
export function lostBecause(task: TaskRecord, lease: Lease): LostReason | null {
  if (!isLeased(task.status)) return "wrong-status";
  if (task.leaseToken !== lease.leaseToken || task.attempt !== lease.attempt) return "stale-lease";
  return null;
}

/** The fields that say nobody set it aside. */
export const notPaused: Partial<TaskRecord> = Object.freeze({ pausedFrom: null, pausedBy: null, pausedWhy: null });

/** The fields that say nobody owns the task any more, and who ended the attempt. */
export function leaseEnded(task: TaskRecord, by: AttemptEndedBy, as: TaskStatus): Partial<TaskRecord> {
  return {
    hostId: null,
    leaseToken: null,
    leaseExpiresAt: null,
    lastLeaseToken: task.leaseToken,
    lastEndedBy: by,
    lastEndedAs: as,
    staleAt: null,
    staleReason: null,
  };
}

/** The row of an attempt that has ended without being the record's last word. */
export function attemptRow(
  task: TaskRecord,
  now: EpochMs,
  end: {
    readonly by: AttemptEndedBy;
    readonly outcome: string;
    readonly as: TaskStatus;
    readonly failure: StoredValue | null;
  },
): AttemptRecord {
  return {
    taskId: task.id,
    attempt: task.attempt,
    leaseToken: task.leaseToken ?? task.lastLeaseToken ?? "",
    hostId: task.lastHostId,
    claimedAt: task.claimedAt,
    startedAt: task.startedAt,
    endedAt: now,
    endedBy: end.by,
    outcome: end.outcome,
    endedAs: end.as,
    failure: end.failure,
  };
}

/** Tells M3 unless it was told. */
export function tellStarted(draft: Draft): void {
  if (draft.task.started) return;
  tell(draft, "started", { status: "running", started: true, startedAt: draft.now, lastSignAt: draft.now });
}
