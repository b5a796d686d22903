import { type ChangeAnswer, type ChangeAsk, changeMove } from "@millrace/models";
import { drainEnded } from "../effects/drain-ended.ts";
import { makeMove } from "../effects/make-move.ts";
import { getTask } from "../transaction/read-stored.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";

/** M17, M18, and `resume` of a manual wait. */
export function change(tx: StoreTransaction, asks: readonly ChangeAsk[]): readonly ChangeAnswer[] {
  tx.journal.begin("change");
  return asks.map((ask) => {
    const answer = changeOne(tx, ask);
    drainEnded(tx);
    return answer;
  });
}

function changeOne(tx: StoreTransaction, ask: ChangeAsk): ChangeAnswer {
  const stored = getTask(tx, ask.taskId);
  if (!stored) return { status: "refused", why: "not-found" };
  const result = makeMove(tx, stored, changeMove(stored.task, ask, tx.now));
  if (result.type === "made") return { status: "changed", task: result.task };
  return { status: "refused", why: "wrong-status", task: stored.task };
}
