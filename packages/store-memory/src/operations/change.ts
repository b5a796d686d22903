import { type ChangeAnswer, type ChangeAsk, changeMove } from "@millrace/models";
import { inTransaction } from "../effects/in-transaction.ts";
import { makeMove } from "../effects/make-move.ts";
import { frozenCopy } from "../state/frozen.ts";
import type { MemoryState } from "../state/memory-state.ts";

/** M17, M18, and `resume` of a manual wait. */
export function change(state: MemoryState, asks: readonly ChangeAsk[]): readonly ChangeAnswer[] {
  return asks.map((ask) =>
    inTransaction<ChangeAnswer>(state, () => {
      const task = state.tasks.get(ask.taskId);
      if (!task) return { status: "refused", why: "not-found" };
      const result = makeMove(state, task, changeMove(task, frozenCopy(ask), state.now));
      if (result.type === "made") return { status: "changed", task: result.task };
      return { status: "refused", why: "wrong-status", task };
    }),
  );
}
