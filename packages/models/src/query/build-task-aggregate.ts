import type { EventCursor } from "../events/event-cursor.ts";
import { taskState, taskStates, type TaskStateFields } from "../task/task-state.ts";
import { taskStatuses } from "../task/task-status.ts";
import type { EpochMs } from "../time/clock.ts";
import type { TaskAggregateSnapshot, TaskCount } from "./task-aggregate.ts";

/** When, and where in the journal, an aggregate is true. */
export interface AggregateMoment {
  readonly now: EpochMs;
  readonly cursor: EventCursor;
}

/** Counts tasks by status, state and kind; every status and state is named, with 0 where there is none. */
export function buildTaskAggregateSnapshot(
  tasks: Iterable<TaskStateFields & { readonly kind: string }>,
  moment: AggregateMoment,
): TaskAggregateSnapshot {
  const byStatus = new Map<string, number>(taskStatuses.map((status) => [status, 0]));
  const byState = new Map<string, number>(taskStates.map((state) => [state, 0]));
  const byKind = new Map<string, number>();
  let total = 0;
  for (const task of tasks) {
    total += 1;
    add(byStatus, task.status);
    add(byState, taskState(task, moment.now));
    add(byKind, task.kind);
  }
  return {
    total: exactly(total),
    byStatus: counted(byStatus),
    byState: counted(byState),
    byKind: counted(byKind),
    updatedAt: moment.now,
    cursor: moment.cursor,
  };
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function counted<Key extends string>(counts: ReadonlyMap<string, number>): Readonly<Record<Key, TaskCount>> {
  // A kind may be called `__proto__` or `constructor`: entries make own keys of them.
  return Object.fromEntries([...counts].map(([key, count]) => [key, exactly(count)])) as Record<Key, TaskCount>;
}

function exactly(count: number): TaskCount {
  return { count, exact: true };
}
