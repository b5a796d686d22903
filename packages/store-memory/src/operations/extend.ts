import { heldAnswer, type Lease, type LeaseAnswer, lostAnswer } from "@millrace/models";
import { inTransaction } from "../effects/in-transaction.ts";
import { makeMove } from "../effects/make-move.ts";
import type { MemoryState } from "../state/memory-state.ts";

/** M4: every lease that still holds ends `leaseMs` from now. */
export function extend(state: MemoryState, leases: readonly Lease[], leaseMs: number): readonly LeaseAnswer[] {
  return leases.map((lease) =>
    inTransaction<LeaseAnswer>(state, () => {
      const task = state.tasks.get(lease.taskId);
      if (!task) return { status: "lost", why: "not-found" };
      const result = makeMove(state, task, { type: "extend", lease, leaseMs });
      return result.type === "made" ? heldAnswer(result.task) : lostAnswer(result);
    }),
  );
}
