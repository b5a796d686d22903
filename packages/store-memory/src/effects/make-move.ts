import { applyMove, isFinal, type MadeMove, type Move, type MoveResult, type TaskRecord } from "@millrace/models";
import { frozen } from "../state/frozen.ts";
import type { MemoryState } from "../state/memory-state.ts";

/** Makes a move of a task and stores what it did to that task. What it does to others follows in `drainEnded`. */
export function makeMove(state: MemoryState, task: TaskRecord, move: Move): MoveResult {
  const result = applyMove(task, move, state.now);
  if (result.type === "made") storeMove(state, task, result);
  return result;
}

/** Stores a move that was made: record, events, steps, the ended attempt. */
export function storeMove(state: MemoryState, before: TaskRecord, made: MadeMove): void {
  const { task } = made;
  state.tasks.put(task);
  for (const event of made.events) {
    state.journal.tell({ ...event, taskId: task.id, tenantId: task.tenantId, kind: task.kind });
  }
  for (const step of made.steps) state.steps.add(step);
  if (made.endedAttempt) {
    const ended = [...(state.attempts.get(task.id) ?? []), made.endedAttempt];
    state.attempts.set(task.id, frozen(ended));
  }
  if (isFinal(task.status) && !isFinal(before.status)) {
    state.ended.push(task.id);
    state.undo.note(() => void state.ended.pop());
  }
}
