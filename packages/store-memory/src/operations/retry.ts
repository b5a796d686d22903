import {
  applyMove,
  beforeFirstStage,
  currentWait,
  type RetryAnswer,
  type TaskId,
  type TaskRecord,
  waitsAs,
} from "@millrace/models";
import { inTransaction } from "../effects/in-transaction.ts";
import { storeMove } from "../effects/make-move.ts";
import { dedupeHolder, takeDedupeKey } from "../state/dedupe.ts";
import type { Edge } from "../state/edge-table.ts";
import { takeKeys } from "../state/keys.ts";
import type { MemoryState } from "../state/memory-state.ts";

/** M16. */
export function retry(state: MemoryState, taskIds: readonly TaskId[]): readonly RetryAnswer[] {
  return taskIds.map((id) => inTransaction(state, () => retryOne(state, id)));
}

function retryOne(state: MemoryState, id: TaskId): RetryAnswer {
  const task = state.tasks.get(id);
  if (!task) return { status: "not-found" };
  const result = applyMove(task, { type: "retry" }, state.now);
  if (result.type !== "made") return { status: "not-final", task };
  const holder = dedupeHolder(state, task);
  if (holder && holder.id !== id) return { status: "conflict", why: "dedupe-key-taken", task };
  const edges = state.edges.ofDependency(id);
  if (edges.some((edge) => hasGoneOn(state, edge))) return { status: "conflict", why: "flow-has-gone-on", task };
  takeKeys(state, task);
  storeMove(state, task, result);
  takeDedupeKey(state, result.task);
  // Children of the earlier run must never be taken for those of the new one.
  state.edges.dropWaiter(id, 0);
  for (const edge of edges) waitAgain(state, edge);
  return { status: "retried", task: result.task };
}

/** Whether the wait that this edge belongs to has let its task go on: then the result has been used as it was. */
function hasGoneOn(state: MemoryState, edge: Edge): boolean {
  const waiter = state.tasks.get(edge.waiter);
  if (!waiter) return false;
  if (edge.stage !== beforeFirstStage) return waiter.stage > edge.stage;
  return waitsAs(waiter) !== "blocked" && !endedWhileBlocked(waiter);
}

function endedWhileBlocked(waiter: TaskRecord): boolean {
  return waiter.finishedAt !== null && waiter.attempt === 0 && waiter.wakeReason === null;
}

/** A waiter that has counted the task as done counts it as open again. */
function waitAgain(state: MemoryState, edge: Edge): void {
  const waiter = state.tasks.get(edge.waiter);
  if (!waiter || currentWait(waiter) !== edge.stage) return;
  state.tasks.put({ ...waiter, openDependencies: waiter.openDependencies + 1 });
}
