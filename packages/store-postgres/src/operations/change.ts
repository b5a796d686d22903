import { type ChangeAnswer, type ChangeAsk, changeMove } from "@millrace/models";
import { makeMove } from "../effects/make-move.ts";
import { getTask } from "../transaction/hold.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { answerEach } from "./each.ts";

/** M17, M18, and `resume` of a manual wait. */
export function change(tx: StoreTransaction, asks: readonly ChangeAsk[]): Promise<readonly ChangeAnswer[]> {
  tx.journal.begin("change");
  return answerEach(tx, asks, (ask) => changeOne(tx, ask));
}

async function changeOne(tx: StoreTransaction, ask: ChangeAsk): Promise<ChangeAnswer> {
  const stored = await getTask(tx, ask.taskId);
  if (!stored) return { status: "refused", why: "not-found" };
  const result = makeMove(tx, stored, changeMove(stored.task, ask, tx.now));
  if (result.type === "made") return { status: "changed", task: result.task };
  return { status: "refused", why: "wrong-status", task: stored.task };
}
