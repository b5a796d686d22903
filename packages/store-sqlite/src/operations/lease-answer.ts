import type { Lease, LeaseAnswer, LostReason, RefusedMove, TaskRecord } from "@millrace/models";
import type { StoredTask } from "../row/task-row.ts";
import { getTask } from "../transaction/read-stored.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";

/** An answer to an owner whose lease does not hold. */
export type Lost = Extract<LeaseAnswer, { status: "lost" }>;

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

/** What this process remembers of a task it claimed, if the lease is still that one. */
export function rememberedLease(tx: StoreTransaction, lease: Lease): StoredTask | null {
  const stored = tx.leases.get(lease.taskId);
  const isSame = stored?.task.leaseToken === lease.leaseToken && stored.task.attempt === lease.attempt;
  return isSame ? stored : null;
}

/**
 * Answers an owner from what is remembered of its task, or, when that turns out to be wrong (`work` gives null), from
 * what is stored.
 */
export function withLease<Answer>(
  tx: StoreTransaction,
  lease: Lease,
  work: (stored: StoredTask) => Answer | null,
): Answer | Lost {
  const remembered = rememberedLease(tx, lease);
  const answer = remembered && work(remembered);
  if (answer) return answer;
  tx.leases.delete(lease.taskId);
  const stored = getTask(tx, lease.taskId);
  if (!stored) return { status: "lost", why: "not-found" };
  const found = work(stored);
  if (found) return found;
  throw new Error(`task ${lease.taskId} changed within a transaction`);
}
