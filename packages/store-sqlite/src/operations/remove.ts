import type { RemoveAnswer, RemoveAsk } from "@millrace/models";
import { neededBy } from "../effects/edges.ts";
import { removeTask } from "../effects/remove-task.ts";
import { getTask } from "../transaction/read-stored.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";

/** Removes tasks, whatever their status, unless an open task still needs their result. */
export function remove(tx: StoreTransaction, asks: readonly RemoveAsk[]): readonly RemoveAnswer[] {
  tx.journal.begin("remove");
  return asks.map(({ taskId }): RemoveAnswer => {
    const stored = getTask(tx, taskId);
    if (!stored) return { status: "not-found" };
    const by = neededBy(tx, stored.seq);
    if (by !== null) return { status: "needed", by };
    removeTask(tx, stored);
    return { status: "removed" };
  });
}
