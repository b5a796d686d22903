import { type CancelAnswer, type CancelAsk, isFinal, type Move } from "@millrace/models";
import { inTransaction } from "../effects/in-transaction.ts";
import { makeMove } from "../effects/make-move.ts";
import type { MemoryState } from "../state/memory-state.ts";

/** M13, M14, M15. */
export function cancel(state: MemoryState, asks: readonly CancelAsk[]): readonly CancelAnswer[] {
  return asks.map((ask) =>
    inTransaction<CancelAnswer>(state, () => {
      const task = state.tasks.get(ask.taskId);
      if (!task) return { status: "not-found" };
      if (isFinal(task.status)) return { status: "already-final", task };
      const result = makeMove(state, task, moveOf(ask));
      const after = result.type === "made" ? result.task : task;
      return { status: isFinal(after.status) ? "cancelled" : "cancel-requested", task: after };
    }),
  );
}

function moveOf({ mode, reason, by }: CancelAsk): Move {
  if (mode === "request") return { type: "cancel", reason, by };
  return { type: "terminate", code: "TASK_CANCELLED", reason, by };
}
