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
    ...recoverSuperseded(state, limit),
    ...makeEach(state, tasks.wakes.upTo(now, limit), {
      type: "wake",
      reason: "timeout",
      payload: null,
      aborted: false,
    }),
    ...makeEach(state, tasks.expiries.upTo(now, limit), { type: "expire-start" }),
  ];
}

/** What superseded hosts held when they gave way. */
function recoverSuperseded(state: MemoryState, limit: number): readonly TaskRecord[] {
  const recovered: TaskRecord[] = [];
  for (const [hostId, host] of state.hosts.entries()) {
    const { recoverUntil, record } = host;
    if (recoverUntil === null || recovered.length >= limit) continue;
    const held = state.tasks.leases.upTo(Infinity, Infinity).filter((id) => {
      const task = state.tasks.get(id);
      return task?.hostId === hostId && (task.claimedAt ?? 0) <= recoverUntil;
    });
    if (held.length === 0) state.hosts.set(hostId, { ...host, recoverUntil: null });
    const bite = held.toSorted().slice(0, limit - recovered.length);
    recovered.push(...makeEach(state, bite, { type: "expire-lease", supersededBy: record.supersededBy ?? hostId }));
  }
  return recovered;
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
