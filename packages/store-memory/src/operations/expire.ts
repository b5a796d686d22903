import type { Move, TaskId, TaskRecord } from "@millrace/models";
import { inTransaction } from "../effects/in-transaction.ts";
import { makeMove } from "../effects/make-move.ts";
import { sweepKeys } from "../state/keys.ts";
import { loseHosts } from "../state/lost-hosts.ts";
import type { MemoryState } from "../state/memory-state.ts";

/**
 * M12, M11 by deadline and M20: up to `limit` of each, the longest overdue first. Cascades leave nothing behind here: they
 * follow in the transaction that causes them.
 */
export function expire(state: MemoryState, limit: number): readonly TaskRecord[] {
  const { now, tasks } = state;
  loseHosts(state);
  sweepKeys(state);
  return [
    // A lease that ends this very millisecond still holds.
    ...makeEach(state, tasks.leases.upTo(now - 1, limit), { type: "expire-lease" }),
    ...makeEach(state, tasks.wakes.upTo(now, limit), {
      type: "wake",
      reason: "timeout",
      payload: null,
      aborted: false,
    }),
    ...makeEach(state, tasks.expiries.upTo(now, limit), { type: "expire-start" }),
  ];
}

function makeEach(state: MemoryState, ids: readonly TaskId[], move: Move): readonly TaskRecord[] {
  return ids.flatMap((id) => {
    const made = inTransaction<TaskRecord | null>(state, () => {
      const task = state.tasks.get(id);
      const result = task ? makeMove(state, task, move) : null;
      return result?.type === "made" ? result.task : null;
    });
    return made ? [made] : [];
  });
}
