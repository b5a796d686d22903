import {
  currentWait,
  dependencyFailure,
  isActedOn,
  isFinal,
  releaseMove,
  siblingCancelReason,
  type TaskRecord,
} from "@millrace/models";
import type { Edge } from "../state/edge-table.ts";
import type { MemoryState } from "../state/memory-state.ts";
import { makeMove } from "./make-move.ts";

/**
 * Whether a new edge blocks its waiter: its task is open, or ended in this very transaction and has yet to follow its
 * edges, or ended long ago in a way that does more than count (the waiter waits for the moment in which that happens).
 */
export function isBlocking(state: MemoryState, edge: Pick<Edge, "onFailure">, dependency: TaskRecord): boolean {
  return !isFinal(dependency.status) || state.ended.includes(dependency.id) || isActedOn(dependency, edge.onFailure);
}

/** Follows one edge from a task that has ended to its waiter, if that still waits for it. */
export function dependencyEnded(state: MemoryState, edge: Edge, dependency: TaskRecord): void {
  const waiter = state.tasks.get(edge.waiter);
  if (!waiter || currentWait(waiter) !== edge.stage) return;
  if (!isActedOn(dependency, edge.onFailure)) countDown(state, waiter);
  else if (edge.onFailure === "fail") {
    makeMove(state, waiter, { type: "fail-dependency", failure: dependencyFailure(dependency) });
  } else abort(state, waiter, edge);
}

function countDown(state: MemoryState, waiter: TaskRecord): void {
  const openDependencies = waiter.openDependencies - 1;
  // Counting down is no move: it tells no event and leaves the version alone.
  if (openDependencies > 0) state.tasks.put({ ...waiter, openDependencies });
  else release(state, waiter, false);
}

function abort(state: MemoryState, waiter: TaskRecord, edge: Edge): void {
  release(state, waiter, true);
  for (const sibling of state.edges.ofStage(waiter.id, edge.stage)) {
    const task = state.tasks.get(sibling.dependency);
    if (!task || isFinal(task.status)) continue;
    makeMove(state, task, { type: "cancel", reason: siblingCancelReason(waiter.id), by: null });
  }
}

function release(state: MemoryState, waiter: TaskRecord, aborted: boolean): void {
  makeMove(state, waiter, releaseMove(waiter, aborted));
}
