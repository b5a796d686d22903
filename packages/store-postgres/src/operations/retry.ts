import {
  applyMove,
  beforeFirstStage,
  currentWait,
  type RetryAnswer,
  type TaskId,
  type TaskRecord,
  waitsAs,
} from "@millrace/models";
import { takeDedupeKey } from "../effects/dedupe.ts";
import { followLeft } from "../effects/drain-ended.ts";
import { dropEdgesFrom, type Edge, edgesInto } from "../effects/edges.ts";
import { storeMove } from "../effects/make-move.ts";
import { flag } from "../row/task-flags.ts";
import { getTask, hold } from "../transaction/hold.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { saveStored } from "../transaction/task-table.ts";

/** M16. */
export async function retry(tx: StoreTransaction, taskIds: readonly TaskId[]): Promise<readonly RetryAnswer[]> {
  tx.journal.begin("retry");
  await hold(tx, taskIds);
  const answers: RetryAnswer[] = [];
  for (const id of taskIds) answers.push(await retryOne(tx, id));
  return answers;
}

async function retryOne(tx: StoreTransaction, id: TaskId): Promise<RetryAnswer> {
  // Whoever waits for it must have heard of this end before there can be another.
  await followLeft(tx, [id]);
  const stored = await getTask(tx, id);
  if (!stored) return { status: "not-found" };
  const { task } = stored;
  const result = applyMove(task, { type: "retry" }, tx.now);
  if (result.type !== "made") return { status: "not-final", task };
  return tx.atomically<RetryAnswer>(async (refuse) => {
    const holder = await takeDedupeKey(tx, task);
    if (holder) return refuse({ status: "conflict", why: "dedupe-key-taken", task });
    const edges = stored.flags & flag.waitedFor ? await edgesInto(tx, [id]) : [];
    await hold(
      tx,
      edges.map(({ waiter }) => waiter),
    );
    for (const edge of edges) {
      if (await hasGoneOn(tx, edge)) return refuse({ status: "conflict", why: "flow-has-gone-on", task });
    }
    storeMove(tx, stored, result);
    // Children of the earlier run must never be taken for those of the new one.
    if (stored.flags & flag.waits) dropEdgesFrom(tx, id, 0);
    for (const edge of edges) await waitAgain(tx, edge);
    return { status: "retried", task: result.task };
  });
}

/** Whether the wait that this edge belongs to has let its task go on: then the result has been used as it was. */
async function hasGoneOn(tx: StoreTransaction, edge: Edge): Promise<boolean> {
  const waiter = (await getTask(tx, edge.waiter))?.task;
  if (!waiter) return false;
  if (edge.stage !== beforeFirstStage) return waiter.stage > edge.stage;
  return waitsAs(waiter) !== "blocked" && !endedWhileBlocked(waiter);
}

function endedWhileBlocked(waiter: TaskRecord): boolean {
  return waiter.finishedAt !== null && waiter.attempt === 0 && waiter.wakeReason === null;
}

/** A waiter that has counted the task as done counts it as open again. */
async function waitAgain(tx: StoreTransaction, edge: Edge): Promise<void> {
  const waiter = await getTask(tx, edge.waiter);
  if (!waiter || currentWait(waiter.task) !== edge.stage) return;
  const openDependencies = waiter.task.openDependencies + 1;
  saveStored(tx, waiter, { task: { ...waiter.task, openDependencies }, moreFlags: flag.waits });
}
