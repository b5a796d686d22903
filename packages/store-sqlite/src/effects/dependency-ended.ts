import {
  currentWait,
  dependencyFailure,
  isActedOn,
  isFinal,
  releaseMove,
  siblingCancelReason,
  type TaskRecord,
} from "@millrace/models";
import { flag } from "../row/task-flags.ts";
import type { StoredTask } from "../row/task-row.ts";
import { getBySeq } from "../transaction/read-stored.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { saveStored } from "../transaction/task-table.ts";
import { type Edge, edgesOfStage } from "./edges.ts";
import { makeMove } from "./make-move.ts";

/**
 * Whether a new edge blocks its waiter: its task is open, or has yet to follow its edges, or ended long ago in a way that does
 * more than count (the waiter waits for the moment in which that happens).
 */
export function isBlocking(tx: StoreTransaction, edge: Pick<Edge, "onFailure">, dependency: StoredTask): boolean {
  const { task } = dependency;
  return !isFinal(task.status) || isEnding(tx, dependency) || isActedOn(task, edge.onFailure);
}

/** Whether a task has ended and will yet follow its edges: later in this item, or in a transaction of its own. */
export function isEnding(tx: StoreTransaction, { flags, task }: StoredTask): boolean {
  return (flags & flag.ending) !== 0 || tx.ended.includes(task.id);
}

/** Follows one edge from a task that has ended to its waiter, if that still waits for it. */
export function dependencyEnded(tx: StoreTransaction, edge: Edge, dependency: TaskRecord): void {
  const waiter = getBySeq(tx, edge.waiter);
  if (!waiter || currentWait(waiter.task) !== edge.stage) return;
  if (!isActedOn(dependency, edge.onFailure)) countDown(tx, waiter);
  else if (edge.onFailure === "fail") {
    makeMove(tx, waiter, { type: "fail-dependency", failure: dependencyFailure(dependency) });
  } else abort(tx, waiter, edge);
}

function countDown(tx: StoreTransaction, waiter: StoredTask): void {
  const openDependencies = waiter.task.openDependencies - 1;
  // Counting down is no move: it tells no event and leaves the version alone.
  if (openDependencies > 0)
    saveStored(tx, waiter, { task: { ...waiter.task, openDependencies }, moreFlags: flag.waits });
  else release(tx, waiter, false);
}

function abort(tx: StoreTransaction, waiter: StoredTask, edge: Edge): void {
  release(tx, waiter, true);
  for (const sibling of edgesOfStage(tx, waiter.seq, edge.stage)) {
    const stored = getBySeq(tx, sibling.dependency);
    if (!stored || isFinal(stored.task.status)) continue;
    makeMove(tx, stored, { type: "cancel", reason: siblingCancelReason(waiter.task.id), by: null });
  }
}

function release(tx: StoreTransaction, waiter: StoredTask, aborted: boolean): void {
  makeMove(tx, waiter, releaseMove(waiter.task, aborted));
}
