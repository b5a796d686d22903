import {
  type AttemptRecord,
  compareTasks,
  matchesTaskQuery,
  parseTaskQuery,
  type TaskFilter,
  type TaskId,
  type TaskPage,
  type TaskQuery,
  type TaskRecord,
} from "@millrace/models";
import type { MemoryState } from "../state/memory-state.ts";
import { placeOfTask, taskCursor } from "../state/page-cursor.ts";

const none: readonly AttemptRecord[] = Object.freeze([]);

/** A page of tasks, and the place in the journal at which it is true. */
export function read(state: MemoryState, query: TaskQuery): TaskPage {
  const { filter, limit, orderBy, after, offset } = parseTaskQuery(query);
  const compare = compareTasks(orderBy);
  const place = after === null ? null : placeOfTask(after, orderBy);
  const found = matching(state, filter).filter((task) => place === null || compare(place, task) < 0);
  const page = found.toSorted(compare).slice(offset, offset + limit);
  const last = page.at(-1);
  const hasMore = found.length > offset + page.length;
  return Object.freeze({
    tasks: Object.freeze(page),
    next: hasMore && last ? taskCursor(last, orderBy) : null,
    cursor: state.journal.end,
  });
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
