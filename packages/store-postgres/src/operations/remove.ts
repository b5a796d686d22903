import type { RemoveAnswer, RemoveAsk } from "@millrace/models";
import { neededBy } from "../effects/edges.ts";
import { removeTask } from "../effects/remove-task.ts";
import { flag } from "../row/task-flags.ts";
import { getTask, hold } from "../transaction/hold.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";

/** Removes tasks, whatever their status, unless an open task still needs their result. */
export async function remove(tx: StoreTransaction, asks: readonly RemoveAsk[]): Promise<readonly RemoveAnswer[]> {
  tx.journal.begin("remove");
  await hold(
    tx,
    asks.map(({ taskId }) => taskId),
  );
  const answers: RemoveAnswer[] = [];
  for (const ask of asks) answers.push(await removeOne(tx, ask));
  return answers;
}

async function removeOne(tx: StoreTransaction, { taskId }: RemoveAsk): Promise<RemoveAnswer> {
  const stored = await getTask(tx, taskId);
  if (!stored) return { status: "not-found" };
  const by = stored.flags & flag.waitedFor ? await neededBy(tx, taskId) : null;
  if (by !== null) return { status: "needed", by };
  await removeTask(tx, stored);
  return { status: "removed" };
}
