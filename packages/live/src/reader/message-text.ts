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

/**
 * About how much memory a message takes while it waits: an event's text and the objects it was written from. The others, of
 * which at most one waits, count as nothing.
 */
export function messageBytes(message: TaskLiveMessage): number {
  return message.type === "event" ? 2 * eventText(message.event).length : 0;
}

/** A message as JSON. */
export function messageText(message: TaskLiveMessage): string {
  if (message.type !== "event") return JSON.stringify(message);
  const { event, ...rest } = message;
  return `${JSON.stringify(rest).slice(0, -1)},"event":${eventText(event)}}`;
}
