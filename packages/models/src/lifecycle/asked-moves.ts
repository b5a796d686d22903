import type { LeasedSettlement } from "../contracts/settlement.ts";
import type { CancelAsk, ChangeAsk } from "../contracts/task-store.ts";
import type { TaskRecord } from "../task/task-record.ts";
import type { EpochMs } from "../time/clock.ts";
import type { Move } from "./move.ts";
import { silenceReason } from "./told-texts.ts";

/** The move that an operator's or client's change means for its task as it stands. */
export function changeMove(task: Pick<TaskRecord, "status">, ask: ChangeAsk, now: EpochMs): Move {
  switch (ask.type) {
    case "pause":
      return { type: "pause", by: ask.by, why: ask.why };
    case "resume":
      if (task.status === "paused") return { type: "resume" };
      return { type: "wake", reason: "manual", payload: ask.payload ?? null, aborted: false };
    case "reschedule":
      return { type: "reschedule", scheduledAt: ask.scheduledAt ?? now + ask.delayMs, priority: ask.priority ?? null };
    case "replace-input":
      return { type: "replace-input", input: ask.input, scheduledAt: null };
  }
}

/** The move that a wish to stop a task means. */
export function cancelMove({ mode, reason, by }: CancelAsk): Move {
  if (mode === "request") return { type: "cancel", reason, by };
  return { type: "terminate", code: "TASK_CANCELLED", reason, by };
}

/** The move that a settlement means when nothing is known yet of what a suspension waits for. */
export function settleMove(asked: LeasedSettlement): Extract<Move, { type: "settle" }> {
  const { started, settlement } = asked;
  return { type: "settle", lease: asked, started, settlement, waitMet: null, openDependencies: 0 };
}

/**
 * The move that labels a leased task which has given no sign of life for too long: for the task's own `watchdogMs`, else
 * for `silentForMs` (milliseconds, 0 = as long as it likes). Null when it has not, or bears the label already.
 */
export function staleMove(
  task: Pick<TaskRecord, "watchdogMs" | "lastSignAt" | "staleAt">,
  silentForMs: number,
  now: EpochMs,
): Extract<Move, { type: "mark-stale" }> | null {
  const allowedMs = task.watchdogMs ?? (silentForMs > 0 ? silentForMs : null);
  if (allowedMs === null || task.staleAt !== null || now - (task.lastSignAt ?? now) < allowedMs) return null;
  return { type: "mark-stale", why: silenceReason(allowedMs) };
}
