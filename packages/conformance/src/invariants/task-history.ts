import { isTaskEvent, type JournalEvent, type TaskEvent, type TaskId, type TaskRecord } from "@millrace/models";
import type { History, Violation } from "./history.ts";

/** What is known of one task: its events in the journal's order, and its record while it has one. */
export interface TaskHistory {
  readonly taskId: TaskId;
  readonly events: readonly TaskEvent[];
  readonly record: TaskRecord | null;
  readonly isCut: boolean;
}

/** Tells a broken promise of one task. */
export type Tell = (invariant: string, message: string) => void;

/** Sorts a history by task. */
export function taskHistories(history: History): readonly TaskHistory[] {
  const events = new Map<TaskId, TaskEvent[]>();
  const taskEvents = history.events.filter((event: JournalEvent) => isTaskEvent(event));
  for (const event of taskEvents) {
    const list = events.get(event.taskId);
    if (list) list.push(event);
    else events.set(event.taskId, [event]);
  }
  const records = new Map(history.records.map((record) => [record.id, record]));
  const ids = new Set([...records.keys(), ...events.keys()]);
  return [...ids].map((taskId) => ({
    taskId,
    events: events.get(taskId) ?? [],
    record: records.get(taskId) ?? null,
    isCut: history.journalIsCut === true,
  }));
}

/** A `Tell` that collects into a list. */
export function tellInto(violations: Violation[], taskId: TaskId | null): Tell {
  return (invariant, message) => void violations.push({ invariant, taskId, message });
}
