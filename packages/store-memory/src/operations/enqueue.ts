import type { EnqueueGroup, EnqueueGroupResult, EnqueueResult, GroupRefusal, TaskRecord } from "@millrace/models";
import { drainEnded } from "../effects/drain-ended.ts";
import { inTransaction } from "../effects/in-transaction.ts";
import { type PlacedTask, placeGroup } from "../effects/place-group.ts";
import type { MemoryState } from "../state/memory-state.ts";

/** M1. Groups are atomic and independent: a later one sees what an earlier one stored. */
export function enqueue(state: MemoryState, groups: readonly EnqueueGroup[]): readonly EnqueueGroupResult[] {
  return groups.map((group) =>
    inTransaction<EnqueueGroupResult>(state, (refuse) => {
      const placed = placeGroup(state, group.tasks, (refusal: GroupRefusal) => refuse(refusal));
      // Read before a task goes that failed at once and was not to be kept.
      const tasks = placed.map(({ taskId }) => state.tasks.get(taskId));
      drainEnded(state);
      return { status: "stored", results: placed.flatMap((one, index) => resultOf(state, one, tasks[index])) };
    }),
  );
}

function resultOf(state: MemoryState, placed: PlacedTask, seen: TaskRecord | undefined): readonly EnqueueResult[] {
  const { taskId, ...rest } = placed;
  const task = state.tasks.get(taskId) ?? seen;
  return task ? [{ ...rest, task }] : [];
}
