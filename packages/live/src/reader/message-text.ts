import type { TaskLifecycleEvent, TaskLiveMessage } from "@millrace/models";

const texts = new WeakMap<TaskLifecycleEvent, string>();

/** An event as JSON, written once however many readers get it. */
function eventText(event: TaskLifecycleEvent): string {
  const known = texts.get(event);
  if (known !== undefined) return known;
  const text = JSON.stringify(event);
  texts.set(event, text);
  return text;
}

/** About how much memory an event takes while it waits: its text and the objects it was written from. */
export function eventBytes(event: TaskLifecycleEvent): number {
  return 2 * eventText(event).length;
}

/** A message as JSON. */
export function messageText(message: TaskLiveMessage): string {
  if (message.type !== "event") return JSON.stringify(message);
  const { event, ...rest } = message;
  return `${JSON.stringify(rest).slice(0, -1)},"event":${eventText(event)}}`;
}
