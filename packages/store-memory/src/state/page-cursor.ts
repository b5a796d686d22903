import {
  isTaskId,
  type OrderFields,
  type PageCursor,
  TaskError,
  type TaskId,
  type TaskOrder,
  taskOrders,
  type TaskRecord,
  taskStatuses,
} from "@millrace/models";

/** The place behind a task in a list of that order. */
export function taskCursor(task: TaskRecord, orderBy: TaskOrder): PageCursor {
  return written(["task", orderBy, task[taskOrders[orderBy].field], task.id]);
}

/** Where a cursor points, as if it were a task. @throws `CURSOR_INVALID` for anything but a cursor of this order. */
export function placeOfTask(cursor: PageCursor, orderBy: TaskOrder): OrderFields {
  const [sort, order, value, id] = readParts(cursor);
  if (sort !== "task" || order !== orderBy || !isTaskId(id)) throw invalid(cursor);
  const { field } = taskOrders[orderBy];
  const place = { id, status: "queued" as const, createdAt: 0, scheduledAt: 0, updatedAt: 0, finishedAt: null };
  if (field === "status") {
    const status = taskStatuses.find((known) => known === value);
    if (status === undefined) throw invalid(cursor);
    return { ...place, status };
  }
  if (field === "finishedAt" && value === null) return place;
  if (!Number.isSafeInteger(value)) throw invalid(cursor);
  return { ...place, [field]: value };
}

/** The number of a step within its task. */
export interface StepPlace {
  readonly attempt: number;
  readonly n: number;
}

/** The place behind a step in a list read from that end. */
export function stepCursor(from: "oldest" | "newest", taskId: TaskId, step: StepPlace): PageCursor {
  return written(["step", `${from} ${taskId}`, step.attempt, step.n]);
}

/** Where a cursor points. @throws `CURSOR_INVALID` for anything but a cursor of this task's steps from that end. */
export function placeOfStep(cursor: PageCursor, from: "oldest" | "newest", taskId: TaskId): StepPlace {
  const [sort, list, attempt, n] = readParts(cursor);
  if (sort !== "step" || list !== `${from} ${taskId}` || !isWhole(attempt) || !isWhole(n)) throw invalid(cursor);
  return { attempt, n };
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

// Base64url, so that a cursor can stand in an address; everything in it is ASCII.
function written(parts: readonly (string | number | null)[]): PageCursor {
  return btoa(JSON.stringify(parts)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function readParts(cursor: PageCursor): readonly unknown[] {
  try {
    const parts: unknown = JSON.parse(atob(cursor.replaceAll("-", "+").replaceAll("_", "/")));
    if (Array.isArray(parts) && parts.length === 4) return parts as readonly unknown[];
  } catch {
    // Not even base64 or JSON: as wrong as any other text.
  }
  throw invalid(cursor);
}

function invalid(cursor: PageCursor): TaskError {
  return new TaskError("CURSOR_INVALID", "The page cursor is malformed or belongs to another list.", {
    details: { cursor },
  });
}
