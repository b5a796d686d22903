import type { Lease, LostLease } from "@millrace/models";
import type { StoredTask } from "../row/task-row.ts";
import { getTask } from "../transaction/read-stored.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";

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
): Answer | LostLease {
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
