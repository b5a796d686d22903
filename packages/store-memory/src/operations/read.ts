import {
  type AttemptRecord,
  compareTasks,
  matchesTaskQuery,
  type OrderFields,
  orderValue,
  parseTaskQuery,
  placeOfTask,
  taskCursor,
  type TaskFilter,
  type TaskId,
  type TaskOrder,
  taskOrders,
  type TaskPage,
  type TaskPlace,
  type TaskQuery,
  type TaskRecord,
  taskStatuses,
  withoutValues,
} from "@millrace/models";
import type { MemoryState } from "../state/memory-state.ts";

const none: readonly AttemptRecord[] = Object.freeze([]);

/** A page of tasks, and the place in the journal at which it is true. */
export function read(state: MemoryState, query: TaskQuery): TaskPage {
  const { filter, limit, orderBy, after, offset, includeValues } = parseTaskQuery(query);
  const compare = compareTasks(orderBy);
  const place = after === null ? null : taskAt(placeOfTask(after, orderBy), orderBy);
  const found = matching(state, filter).filter((task) => place === null || compare(place, task) < 0);
  const page = found.toSorted(compare).slice(offset, offset + limit);
  const last = page.at(-1);
  const hasMore = found.length > offset + page.length;
  return Object.freeze({
    tasks: Object.freeze(includeValues ? page : page.map(withoutValues)),
    next: hasMore && last ? taskCursor(placeOf(last, orderBy), orderBy) : null,
    cursor: state.journal.end,
  });
}

function placeOf(task: TaskRecord, orderBy: TaskOrder): TaskPlace {
  return { value: orderValue(task, taskOrders[orderBy].field), id: task.id };
}

/** A place, as if a task stood there. */
function taskAt({ value, id }: TaskPlace, orderBy: TaskOrder): OrderFields {
  const { field } = taskOrders[orderBy];
  const task = { id, status: "queued" as const, createdAt: 0, scheduledAt: 0, updatedAt: 0, finishedAt: null };
  if (field === "status") return { ...task, status: taskStatuses[value ?? 0] ?? "queued" };
  return { ...task, [field]: value };
}

/** One look-up for many ids, aligned. */
export function get(state: MemoryState, taskIds: readonly TaskId[]): readonly (TaskRecord | null)[] {
  return Object.freeze(taskIds.map((id) => state.tasks.get(id) ?? null));
}

/** The rows of a task's ended attempts, oldest first. */
export function attempts(state: MemoryState, taskId: TaskId): readonly AttemptRecord[] {
  return state.attempts.get(taskId) ?? none;
}

/** The tasks a filter means. */
export function matching(state: MemoryState, filter: TaskFilter): readonly TaskRecord[] {
  const candidates = filter.taskIds
    ? [...new Set(filter.taskIds)].flatMap((id) => state.tasks.get(id) ?? [])
    : [...state.tasks.values()];
  return candidates.filter((task) => matchesTaskQuery(task, filter, state.now));
}
