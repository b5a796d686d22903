import type { StoredValue } from "../task/stored-value.ts";
import type { TaskRecord } from "../task/task-record.ts";
import type { WakeReason } from "../task/task-status.ts";
import type { EpochMs } from "../time/clock.ts";
import { type Draft, draftOf, made, notPaused, refused, tell } from "./draft.ts";
import { mayNotBegin } from "./lease-moves.ts";
import type { Move, MoveResult } from "./move.ts";

/** What ended a wait. */
export interface WakeUp {
  readonly reason: WakeReason;
  readonly payload: StoredValue | null;
  readonly aborted: boolean;
}

/** Where a task waits, seen through a pause; null when it does not. */
export function waitsAs(task: TaskRecord): "blocked" | "suspended" | null {
  const status = task.status === "paused" ? task.pausedFrom : task.status;
  return status === "blocked" || status === "suspended" ? status : null;
}

/** M11 */
export function wake(task: TaskRecord, move: Extract<Move, { type: "wake" }>, now: EpochMs): MoveResult {
  if (waitsAs(task) === null) return refused("not-waiting");
  if (move.reason === "timeout" && (task.wakeAt === null || task.wakeAt > now)) return refused("not-due");
  if (move.reason === "signal" && task.waitSignal === null) return refused("not-waiting");
  // A late child of an earlier stage, or a resume, must not end a wait for something else.
  const isOfAnotherWait = (move.reason === "manual" || isForOthers(move.reason)) && task.reason !== move.reason;
  if (isOfAnotherWait) return refused("not-waiting");
  const draft = draftOf(task, now);
  goOn(draft, move);
  return made(draft);
}

function isForOthers(reason: WakeReason): boolean {
  return reason === "children" || reason === "dependencies";
}

/** Ends the wait of a task that waits. A paused one stays paused, and will be queued when resumed. */
export function goOn(draft: Draft, up: WakeUp): void {
  const { task, now } = draft;
  const was = waitsAs(task);
  const isPaused = task.status === "paused";
  tell(draft, "resumed", {
    ...(isPaused ? { pausedFrom: "queued" as const } : { status: "queued" as const }),
    reason: null,
    // A blocked task keeps the time it was given; a suspended one is due now.
    ...(was === "suspended" ? { stage: task.stage + 1, scheduledAt: now } : {}),
    openDependencies: 0,
    waitSignal: null,
    wakeAt: null,
    wakeReason: up.reason,
    wakePayload: up.payload,
    waitAborted: up.aborted,
    data: up.reason,
  });
}

/** M19 */
export function failDependency(task: TaskRecord, failure: StoredValue, now: EpochMs): MoveResult {
  // Only an edge fails a waiter, and edges belong to these two waits.
  const hasEdges = task.reason === "dependencies" || task.reason === "children";
  if (waitsAs(task) === null || !hasEdges) return refused("not-waiting");
  const draft = draftOf(task, now);
  tell(draft, "failed", {
    status: "failed",
    reason: "TASK_DEPENDENCY_FAILED",
    failure,
    failureFingerprint: "TASK_DEPENDENCY_FAILED",
    ...notPaused,
    openDependencies: 0,
    waitSignal: null,
    wakeAt: null,
    finishedAt: now,
  });
  return made(draft);
}

/** M20 */
export function expireStart(task: TaskRecord, now: EpochMs): MoveResult {
  const mayExpire = task.status === "blocked" || task.status === "queued" || task.status === "paused";
  if (!mayExpire) return refused("wrong-status");
  if (!mayNotBegin(task, now)) return refused("not-due");
  const draft = draftOf(task, now);
  tell(draft, "expired", {
    status: "cancelled",
    reason: "TASK_EXPIRED",
    ...notPaused,
    openDependencies: 0,
    wakeAt: null,
    finishedAt: now,
  });
  return made(draft);
}
