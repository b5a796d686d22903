import type { LeaseAnswer, LostReason } from "../contracts/lease.ts";
import type { TaskRecord } from "../task/task-record.ts";
import type { TaskStatus } from "../task/task-status.ts";
import type { RefusedMove } from "./move.ts";

/** The answer to an owner whose lease does not hold. */
export type LostLease = Extract<LeaseAnswer, { status: "lost" }>;

/** The answer to an owner whose write was stored while the task goes on. */
export function heldAnswer(task: Pick<TaskRecord, "cancelRequestedAt" | "version">): LeaseAnswer {
  const status = task.cancelRequestedAt === null ? "held" : "cancel-requested";
  return { status, version: task.version };
}

/** The answer to an owner whose lease does not hold. */
export function lostAnswer(refused: RefusedMove): LostLease {
  return { status: "lost", why: refused.type === "refused" ? lostReasonOf(refused.why) : "stale-lease" };
}

function lostReasonOf(why: Extract<RefusedMove, { type: "refused" }>["why"]): LostReason {
  return why === "stale-lease" || why === "not-found" ? why : "wrong-status";
}

/**
 * The answer to an owner whose settlement was stored. `task` is what the settlement made of it, `version` the one it has by
 * now: its end may have moved it on. `removed`: it went in the same transaction.
 */
export function settledAnswer(
  task: Pick<TaskRecord, "lastEndedAs" | "status" | "scheduledAt">,
  after: { readonly version: number; readonly removed: boolean },
): LeaseAnswer {
  const next = task.lastEndedAs ?? task.status;
  return {
    status: "held",
    version: after.version,
    next,
    ...(next === "queued" ? { scheduledAt: task.scheduledAt } : {}),
    ...(after.removed ? { removed: true } : {}),
  };
}

/** The answer to an owner whose settlement had been stored before, and had led to `next`. */
export function replayedAnswer(task: Pick<TaskRecord, "version">, next: TaskStatus): LeaseAnswer {
  return { status: "held", version: task.version, replayed: true, next };
}
