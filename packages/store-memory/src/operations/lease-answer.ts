import type { LeaseAnswer, LostReason, RefusedMove, TaskRecord } from "@millrace/models";

type Lost = Extract<LeaseAnswer, { status: "lost" }>;

/** The answer to an owner whose write was stored while the task goes on. */
export function heldAnswer(task: TaskRecord): LeaseAnswer {
  const status = task.cancelRequestedAt === null ? "held" : "cancel-requested";
  return { status, version: task.version };
}

/** The answer to an owner whose lease does not hold. */
export function lostAnswer(refused: RefusedMove): Lost {
  return { status: "lost", why: refused.type === "refused" ? lostReasonOf(refused.why) : "stale-lease" };
}

function lostReasonOf(why: Extract<RefusedMove, { type: "refused" }>["why"]): LostReason {
  return why === "stale-lease" || why === "not-found" ? why : "wrong-status";
}
