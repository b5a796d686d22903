import {
  applyMove,
  beforeFirstStage,
  currentWait,
  type RetryAnswer,
  type TaskId,
  type TaskRecord,
  waitsAs,
} from "@millrace/models";
import { dedupeHolder, takeDedupeKey } from "../effects/dedupe.ts";
import { followLeft } from "../effects/drain-ended.ts";
import { dropEdgesFrom, type Edge, edgesInto } from "../effects/edges.ts";
import { storeMove } from "../effects/make-move.ts";
import { flag } from "../row/task-flags.ts";
import { getBySeq, getTask } from "../transaction/read-stored.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { saveStored } from "../transaction/task-table.ts";

/** M16. */
export function retry(tx: StoreTransaction, taskIds: readonly TaskId[]): readonly RetryAnswer[] {
  tx.journal.begin("retry");
  return taskIds.map((id) => retryOne(tx, id));
}

function retryOne(tx: StoreTransaction, id: TaskId): RetryAnswer {
  // Whoever waits for it must have heard of this end before there can be another.
  followLeft(tx, [id]);
  const stored = getTask(tx, id);
  if (!stored) return { status: "not-found" };
  const { seq, task } = stored;
  const result = applyMove(task, { type: "retry" }, tx.now);
  if (result.type !== "made") return { status: "not-final", task };
  const holder = dedupeHolder(tx, task);
  if (holder && holder.seq !== seq) return { status: "conflict", why: "dedupe-key-taken", task };
  const edges = edgesInto(tx, seq);
  if (edges.some((edge) => hasGoneOn(tx, edge))) return { status: "conflict", why: "flow-has-gone-on", task };
  storeMove(tx, stored, result);
  takeDedupeKey(tx, { seq, task: result.task });
  // Children of the earlier run must never be taken for those of the new one.
  dropEdgesFrom(tx, seq, 0);
  for (const edge of edges) waitAgain(tx, edge);
  return { status: "retried", task: result.task };
}

/** Whether the wait that this edge belongs to has let its task go on: then the result has been used as it was. */
function hasGoneOn(tx: StoreTransaction, edge: Edge): boolean {
  const waiter = getBySeq(tx, edge.waiter)?.task;
  if (!waiter) return false;
  if (edge.stage !== beforeFirstStage) return waiter.stage > edge.stage;
  return waitsAs(waiter) !== "blocked" && !endedWhileBlocked(waiter);
}

function endedWhileBlocked(waiter: TaskRecord): boolean {
  return waiter.finishedAt !== null && waiter.attempt === 0 && waiter.wakeReason === null;
}

/** A waiter that has counted the task as done counts it as open again. */
function waitAgain(tx: StoreTransaction, edge: Edge): void {
  const waiter = getBySeq(tx, edge.waiter);
  if (!waiter || currentWait(waiter.task) !== edge.stage) return;
  const openDependencies = waiter.task.openDependencies + 1;
  saveStored(tx, waiter, { task: { ...waiter.task, openDependencies }, moreFlags: flag.waits });
}
