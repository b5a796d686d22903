import type { TaskRecord } from "../task/task-record.ts";
import type { EpochMs } from "../time/clock.ts";
import { claim, expireLease, extend, report } from "./lease-moves.ts";
import type { Move, MoveResult } from "./move.ts";
import {
  cancel,
  checkpoint,
  markStale,
  pause,
  remove,
  replaceInput,
  reschedule,
  resume,
  retry,
  signalled,
  terminate,
} from "./operator-moves.ts";
import { settle } from "./settle-move.ts";
import { expireStart, failDependency, wake } from "./wait-moves.ts";

/**
 * The state machine of a task: what a move makes of it at a moment, or why it does not. Pure; the task given is never
 * changed. The memory store is this function over a map, and the SQL stores are proved against it.
 */
export function applyMove(task: TaskRecord, move: Move, now: EpochMs): MoveResult {
  switch (move.type) {
    case "claim":
      return claim(task, move, now);
    case "extend":
      return extend(task, move, now);
    case "report":
      return report(task, move, now);
    case "settle":
      return settle(task, move, now);
    case "wake":
      return wake(task, move, now);
    case "expire-lease":
      return expireLease(task, move, now);
    case "cancel":
      return cancel(task, move, now);
    case "terminate":
      return terminate(task, move, now);
    case "retry":
      return retry(task, now);
    case "pause":
      return pause(task, move, now);
    case "resume":
      return resume(task, now);
    case "reschedule":
      return reschedule(task, move, now);
    case "replace-input":
      return replaceInput(task, move, now);
    case "fail-dependency":
      return failDependency(task, move.failure, now);
    case "expire-start":
      return expireStart(task, now);
    case "mark-stale":
      return markStale(task, move.why, now);
    case "signalled":
      return signalled(task, move.name, now);
    case "checkpoint":
      return checkpoint(task, move, now);
    case "remove":
      return remove(task, now);
  }
}
