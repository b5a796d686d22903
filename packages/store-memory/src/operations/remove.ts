import type { RemoveAnswer, RemoveAsk } from "@millrace/models";
import { inTransaction } from "../effects/in-transaction.ts";
import { neededBy, removeTask } from "../effects/remove-task.ts";
import type { MemoryState } from "../state/memory-state.ts";

/** Removes tasks, whatever their status, unless an open task still needs their result. */
export function remove(state: MemoryState, asks: readonly RemoveAsk[]): readonly RemoveAnswer[] {
  return asks.map(({ taskId }) =>
    inTransaction<RemoveAnswer>(state, () => {
      const task = state.tasks.get(taskId);
      if (!task) return { status: "not-found" };
      const by = neededBy(state, taskId);
      if (by !== null) return { status: "needed", by };
      removeTask(state, task);
      return { status: "removed" };
    }),
  );
}
