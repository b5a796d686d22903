import { drainEnded } from "../effects/drain-ended.ts";
import { lockKeysOfHeld } from "../transaction/key-rows.ts";
import { hold } from "../transaction/hold.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import type { TaskId } from "@millrace/models";

/** Locks the tasks of all asks at once, then answers them one after the other, each with all that follows from it. */
export async function answerEach<Ask, Answer>(
  tx: StoreTransaction,
  asks: readonly (Ask & { readonly taskId: TaskId })[],
  answer: (ask: Ask & { readonly taskId: TaskId }) => Promise<Answer>,
): Promise<readonly Answer[]> {
  const ids = asks.map(({ taskId }) => taskId);
  await hold(tx, ids);
  await lockKeysOfHeld(tx, ids);
  const answers: Answer[] = [];
  for (const ask of asks) {
    answers.push(await answer(ask));
    await drainEnded(tx);
  }
  return answers;
}
