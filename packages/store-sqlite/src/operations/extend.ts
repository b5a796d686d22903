import { applyMove, heldAnswer, type Lease, type LeaseAnswer, lostAnswer } from "@millrace/models";
import type { Sql } from "../connection/connection.ts";
import type { StoredTask } from "../row/task-row.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { withLease } from "./lease-answer.ts";

const extendLease: Sql = (n) => `
update ${n.task} set lease_expires_at = ?
where seq = ? and lease_token = ? and version = ? and lease_expires_at is not null`;

/** M4: every lease that still holds ends `leaseMs` from now. */
export function extend(tx: StoreTransaction, leases: readonly Lease[], leaseMs: number): readonly LeaseAnswer[] {
  return leases.map((lease) => withLease(tx, lease, (stored) => extendOne(tx, stored, { lease, leaseMs })));
}

function extendOne(
  tx: StoreTransaction,
  stored: StoredTask,
  { lease, leaseMs }: { readonly lease: Lease; readonly leaseMs: number },
): LeaseAnswer | null {
  const result = applyMove(stored.task, { type: "extend", lease, leaseMs }, tx.now);
  if (result.type !== "made") return lostAnswer(result);
  const { task } = result;
  const { changes } = tx.use(extendLease).run(task.leaseExpiresAt, stored.seq, task.leaseToken, task.version);
  if (Number(changes) === 0) return null;
  tx.leases.set({ ...stored, task: Object.freeze(task) });
  return heldAnswer(task);
}
