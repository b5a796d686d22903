import type { Lease, LeaseAnswer, LostReason, RefusedMove, TaskRecord } from "@millrace/models";
import type { StoredTask } from "../row/task-row.ts";
import { getTask } from "../transaction/hold.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";

/** An answer to an owner whose lease does not hold. */
export type Lost = Extract<LeaseAnswer, { status: "lost" }>;

/** The answer to an owner whose write was stored while the task goes on. */
export function heldAnswer(task: Pick<TaskRecord, "cancelRequestedAt" | "version">): LeaseAnswer {
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

/** Answers an owner from its locked task. */
export async function withLease<Answer>(
  tx: StoreTransaction,
  lease: Lease,
  work: (stored: StoredTask) => Answer | Promise<Answer>,
): Promise<Answer | Lost> {
  const stored = await getTask(tx, lease.taskId);
  return stored ? work(stored) : { status: "lost", why: "not-found" };
}
