import type { EpochMs, OccurrenceRecord, TaskId, TaskSnapshot, TaskState, TaskStatus } from "@millrace/models";
import { scheduleClock, type ScheduleClock, type ScheduleView } from "@millrace/scheduler";
import type { HttpCall } from "../routes/route.ts";
import { scheduleCapabilities, type ScheduleCapabilities } from "./schedule-capabilities.ts";
import type { ServedSchedules } from "./served-schedules.ts";

/** An occurrence with how its task stands. */
export interface ShownOccurrence extends OccurrenceRecord {
  /** Null while it has none, and when the store has forgotten it. */
  readonly task: {
    readonly status: TaskStatus;
    readonly state: TaskState;
    readonly startedAt: EpochMs | null;
    readonly finishedAt: EpochMs | null;
  } | null;
}

/** A schedule with what became of it, how its clocks go, and what may be done to it. */
export interface ShownSchedule extends ScheduleView {
  readonly zone: ScheduleClock;
  /** The latest first. */
  readonly history: readonly ShownOccurrence[];
  readonly actions: ScheduleCapabilities;
}

/** How much of the past comes along. */
export interface HistoryDepth {
  readonly schedules: ServedSchedules;
  /** How many occurrences of each. */
  readonly history: number;
  /** Of how many of these the task is looked at. */
  readonly tasks: number;
  readonly now: EpochMs;
}

/** Few enough that no piece holds up the process it is served from. */
const pieceSize = 100;

/** Schedules as they are shown. */
export async function shownSchedules(
  { api, access }: Pick<HttpCall, "api" | "access">,
  views: readonly ScheduleView[],
  { schedules, history, tasks, now }: HistoryDepth,
): Promise<readonly ShownSchedule[]> {
  const histories = await Promise.all(
    views.map(async ({ id, tenantId }) =>
      history === 0 ? [] : (await schedules.history({ id, tenantId }, { limit: history })).occurrences,
    ),
  );
  const shown = await shownOccurrences({ api }, histories, tasks);
  return views.map((view, at) => ({
    ...view,
    zone: scheduleClock(view, now),
    history: shown[at] ?? [],
    actions: scheduleCapabilities(view, access),
  }));
}

/** Lists of occurrences with the tasks of the first few of each. */
export async function shownOccurrences(
  { api }: Pick<HttpCall, "api">,
  lists: readonly (readonly OccurrenceRecord[])[],
  most: number,
): Promise<readonly (readonly ShownOccurrence[])[]> {
  const ids = [...new Set(lists.flatMap((list) => list.slice(0, most).flatMap(({ taskId }) => taskId ?? [])))];
  const byId = new Map<TaskId, TaskSnapshot>();
  for (let at = 0; at < ids.length; at += pieceSize) {
    const found = await api.client.getTasks(ids.slice(at, at + pieceSize));
    for (const task of found) if (task) byId.set(task.id, task);
  }
  return lists.map((list) => list.map((one) => shownOccurrence(one, byId.get(one.taskId ?? "") ?? null)));
}

/** An id may be used again after its task was removed: another tenant's is not told of. */
function shownOccurrence(occurrence: OccurrenceRecord, task: TaskSnapshot | null): ShownOccurrence {
  if (task === null || task.tenantId !== occurrence.tenantId) return { ...occurrence, task: null };
  const { status, state, startedAt, finishedAt } = task;
  return { ...occurrence, task: { status, state, startedAt, finishedAt } };
}
