import { type CancelAnswer, type CancelAsk, cancelMove, isFinal } from "@millrace/models";
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
      const result = makeMove(state, task, cancelMove(ask));
      const after = result.type === "made" ? result.task : task;
      return { status: isFinal(after.status) ? "cancelled" : "cancel-requested", task: after };
    }),
  );
}
