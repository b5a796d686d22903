import { type CancelAnswer, type CancelAsk, cancelMove, isFinal } from "@millrace/models";
import { makeMove } from "../effects/make-move.ts";
import { getTask } from "../transaction/hold.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { answerEach } from "./each.ts";

/** M13, M14, M15. */
export function cancel(tx: StoreTransaction, asks: readonly CancelAsk[]): Promise<readonly CancelAnswer[]> {
  tx.journal.begin("cancel");
  return answerEach(tx, asks, (ask) => cancelOne(tx, ask));
}

async function cancelOne(tx: StoreTransaction, ask: CancelAsk): Promise<CancelAnswer> {
  const stored = await getTask(tx, ask.taskId);
  if (!stored) return { status: "not-found" };
  const { task } = stored;
  if (isFinal(task.status)) return { status: "already-final", task };
  const result = makeMove(tx, stored, cancelMove(ask));
  const after = result.type === "made" ? result.task : task;
  return { status: isFinal(after.status) ? "cancelled" : "cancel-requested", task: after };
}
