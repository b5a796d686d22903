import type { TaskLiveMessage } from "@millrace/models";

/** How much may wait. */
export interface QueueBounds {
  readonly maxQueuedEvents: number;
  readonly maxQueuedBytes: number;
}

/** Messages that wait for one reader: bounded, and of a task's progress only the newest. */
export interface MessageQueue {
  /** False when it would be too much; then nothing has changed. */
  push(message: TaskLiveMessage, bytes: number): boolean;
  shift(): TaskLiveMessage | undefined;
  clear(): void;
  readonly size: number;
  /** The share of the bounds that is used: 0 to 1. */
  readonly fill: number;
}

interface Queued {
  readonly message: TaskLiveMessage;
  readonly bytes: number;
}

/** Makes an empty queue. A message without bytes, such as a bootstrap of which at most one waits, always has its place. */
export function createMessageQueue({ maxQueuedEvents, maxQueuedBytes }: QueueBounds): MessageQueue {
  const waiting = new Map<number, Queued>();
  // Where a task's progress waits: a later one takes its place at the end, so that a task's versions stay in order.
  const progress = new Map<string, number>();
  let bytesWaiting = 0;
  let next = 0;

  const forget = (key: number, { message, bytes }: Queued): void => {
    waiting.delete(key);
    bytesWaiting -= bytes;
    const taskId = progressOf(message);
    if (taskId !== null && progress.get(taskId) === key) progress.delete(taskId);
  };
  const replaced = (message: TaskLiveMessage): [number, Queued] | null => {
    const key = progress.get(progressOf(message) ?? "");
    const before = key === undefined ? undefined : waiting.get(key);
    return key === undefined || before === undefined ? null : [key, before];
  };

  return {
    push(message, bytes) {
      const before = replaced(message);
      const size = waiting.size + (before ? 0 : 1);
      const sum = bytesWaiting + bytes - (before?.[1].bytes ?? 0);
      if (bytes > 0 && (size > maxQueuedEvents || sum > maxQueuedBytes)) return false;
      if (before) forget(...before);
      waiting.set(next, { message, bytes });
      bytesWaiting += bytes;
      const taskId = progressOf(message);
      if (taskId !== null) progress.set(taskId, next);
      next += 1;
      return true;
    },
    shift() {
      for (const [key, queued] of waiting) {
        forget(key, queued);
        return queued.message;
      }
      return undefined;
    },
    clear() {
      waiting.clear();
      progress.clear();
      bytesWaiting = 0;
    },
    get size() {
      return waiting.size;
    },
    get fill() {
      return Math.max(waiting.size / maxQueuedEvents, bytesWaiting / maxQueuedBytes);
    },
  };
}

/** The task whose progress a message tells, and nothing but that. */
function progressOf(message: TaskLiveMessage): string | null {
  return message.type === "event" && message.event.event === "progress" && message.matches
    ? message.event.taskId
    : null;
}
