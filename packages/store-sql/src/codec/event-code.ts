import { controlEventTypes, taskEventTypes, type ControlEventType, type TaskEventType } from "@millrace/models";

/** From this number on an event is about a host, a kind or a limit. */
export const firstControlCode = 100;

const codes: ReadonlyMap<string, number> = new Map([
  ...taskEventTypes.map((type, code) => [type, code] as const),
  ...controlEventTypes.map((type, code) => [type, firstControlCode + code] as const),
]);

/** The number of an event type in a table; null for a word that is none. */
export function eventCode(type: string): number | null {
  return codes.get(type) ?? null;
}

/** The event type of a number below 100. */
export function taskEventOfCode(code: number): TaskEventType {
  return taskEventTypes[code] ?? "enqueued";
}

/** The event type of a number from 100 on. */
export function controlEventOfCode(code: number): ControlEventType {
  return controlEventTypes[code - firstControlCode] ?? "limit_changed";
}
