import type { Lease, LostLease } from "@millrace/models";
import type { StoredTask } from "../row/task-row.ts";
import { getTask } from "../transaction/hold.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";

/** Answers an owner from its locked task. */
export async function withLease<Answer>(
  tx: StoreTransaction,
  lease: Lease,
  work: (stored: StoredTask) => Answer | Promise<Answer>,
): Promise<Answer | LostLease> {
  const stored = await getTask(tx, lease.taskId);
  return stored ? work(stored) : { status: "lost", why: "not-found" };
}
