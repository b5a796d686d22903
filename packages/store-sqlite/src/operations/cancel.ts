import { type CancelAnswer, type CancelAsk, cancelMove, isFinal } from "@millrace/models";
import { drainEnded } from "../effects/drain-ended.ts";
import { makeMove } from "../effects/make-move.ts";
import { getTask } from "../transaction/read-stored.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";

/** M13, M14, M15. */
export function cancel(tx: StoreTransaction, asks: readonly CancelAsk[]): readonly CancelAnswer[] {
  tx.journal.begin("cancel");
  return asks.map((ask) => {
    const answer = cancelOne(tx, ask);
    drainEnded(tx);
    return answer;
  });
}

function cancelOne(tx: StoreTransaction, ask: CancelAsk): CancelAnswer {
  const stored = getTask(tx, ask.taskId);
  if (!stored) return { status: "not-found" };
  const { task } = stored;
  if (isFinal(task.status)) return { status: "already-final", task };
  const result = makeMove(tx, stored, cancelMove(ask));
  const after = result.type === "made" ? result.task : task;
  return { status: isFinal(after.status) ? "cancelled" : "cancel-requested", task: after };
}
