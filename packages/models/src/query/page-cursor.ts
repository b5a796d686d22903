import type { OccurrenceQuery, ScheduleKey } from "../contracts/schedules.ts";
import { TaskError } from "../errors/task-error.ts";
import type { PageCursor } from "../events/event-cursor.ts";
import { isTaskId, type TaskId } from "../ids/task-id.ts";
import type { EpochMs } from "../time/clock.ts";
import { taskStatuses } from "../task/task-status.ts";
import { taskOrders } from "./compare-tasks.ts";
import type { TaskOrder } from "./task-query.ts";

/** A place in a list of tasks: the value it is sorted by, and what ties fall by. */
export interface TaskPlace {
  /** What `orderValue` says of the task; a store that numbers its tasks may put the number in lists by creation. */
  readonly value: number | null;
  readonly id: TaskId;
}

/** The place behind a task in a list of that order. */
export function taskCursor(place: TaskPlace, orderBy: TaskOrder): PageCursor {
  return written(["task", orderBy, place.value, place.id]);
}

/** Where a cursor points. @throws `CURSOR_INVALID` for anything but a cursor of this order. */
export function placeOfTask(cursor: PageCursor, orderBy: TaskOrder): TaskPlace {
  const [sort, order, value, id] = readParts(cursor);
  if (sort !== "task" || order !== orderBy || !isTaskId(id)) throw invalid(cursor);
  const { field } = taskOrders[orderBy];
  if (value === null && field === "finishedAt") return { value: null, id };
  if (!isWhole(value) || (field === "status" && taskStatuses[value] === undefined)) throw invalid(cursor);
  return { value, id };
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

/** The place behind a schedule in a list by tenant and id. */
export function scheduleCursor({ tenantId, scheduleId }: ScheduleKey): PageCursor {
  return written(["schedule", encodeURIComponent(tenantId), encodeURIComponent(scheduleId), null]);
}

/** Where a cursor points. @throws `CURSOR_INVALID` for anything but a cursor of a list of schedules. */
export function placeOfSchedule(cursor: PageCursor): ScheduleKey {
  const [sort, tenantId, scheduleId] = readParts(cursor);
  if (sort !== "schedule") throw invalid(cursor);
  return scheduleKeyOf(cursor, tenantId, scheduleId);
}

/** A place in a list of occurrences. */
export interface OccurrencePlace extends ScheduleKey {
  readonly scheduledFor: EpochMs;
}

/** The place behind an occurrence in the list of its schedule, or in that of all that did not run in time. */
export function occurrenceCursor(place: OccurrencePlace, query: Pick<OccurrenceQuery, "schedule">): PageCursor {
  const { tenantId, scheduleId, scheduledFor } = place;
  return written([occurrenceList(query), scheduledFor, encodeURIComponent(tenantId), encodeURIComponent(scheduleId)]);
}

/** Where the page of a query begins. @throws `CURSOR_INVALID` for anything but a cursor of its list, schedule and tenant */
export function placeOfOccurrence(query: OccurrenceQuery): OccurrencePlace {
  const { after: cursor } = query;
  if (cursor === undefined) return { scheduledFor: Number.MAX_SAFE_INTEGER, tenantId: "", scheduleId: "" };
  const [list, scheduledFor, tenant, schedule] = readParts(cursor);
  if (list !== occurrenceList(query) || !isWhole(scheduledFor)) throw invalid(cursor);
  const key = scheduleKeyOf(cursor, tenant, schedule);
  const { tenantId = key.tenantId, scheduleId = key.scheduleId }: Partial<ScheduleKey> = query.schedule ?? query;
  if (key.tenantId !== tenantId || key.scheduleId !== scheduleId) throw invalid(cursor);
  return { ...key, scheduledFor };
}

function occurrenceList({ schedule }: Pick<OccurrenceQuery, "schedule">): string {
  return schedule ? "history" : "unmet";
}

function scheduleKeyOf(cursor: PageCursor, tenantId: unknown, scheduleId: unknown): ScheduleKey {
  if (typeof tenantId !== "string" || typeof scheduleId !== "string") throw invalid(cursor);
  try {
    return { tenantId: decodeURIComponent(tenantId), scheduleId: decodeURIComponent(scheduleId) };
  } catch {
    throw invalid(cursor);
  }
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
