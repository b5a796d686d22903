import { staleMove, type TaskRecord } from "@millrace/models";
import { inTransaction } from "../effects/in-transaction.ts";
import { makeMove } from "../effects/make-move.ts";
import type { MemoryState } from "../state/memory-state.ts";

/** The watchdog: labels leased tasks that have been silent for too long, the longest silent first. */
export function markStale(state: MemoryState, silentForMs: number, limit: number): readonly TaskRecord[] {
  const marked: TaskRecord[] = [];
  for (const id of state.tasks.signs.upTo(state.now, Number.POSITIVE_INFINITY)) {
    if (marked.length >= limit) break;
    const task = state.tasks.get(id);
    const move = task && staleMove(task, silentForMs, state.now);
    if (!task || !move) continue;
    const result = inTransaction(state, () => makeMove(state, task, move));
    if (result.type === "made") marked.push(result.task);
  }
  return marked;
}
