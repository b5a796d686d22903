import type { TaskLifecycleEvent } from "./lifecycle-event.ts";
import type { TaskEventType } from "./task-event.ts";

/** What a host says a task event is called: the journal's word behind `task:`, but for two. */
export type TaskHostEventType = `task:${Exclude<TaskEventType, "started" | "retried">}` | "task:running" | "task:retry";

/** Something a host saw: its own start and stop, a sweep, or anything that happened to a task. */
export type TaskHostEvent =
  | {
      readonly type: "runner:start" | "runner:stop";
      readonly runnerId: string;
      /** ISO 8601, UTC. */
      readonly timestamp: string;
    }
  | {
      /** So many tasks with an expired lease were taken back by a sweep of this host; each has its own event too. */
      readonly type: "task:stale_requeued";
      readonly runnerId: string;
      readonly timestamp: string;
      readonly count: number;
    }
  | {
      readonly type: TaskHostEventType;
      readonly runnerId: string | null;
      readonly timestamp: string;
      /** All that is known of it. */
      readonly event: TaskLifecycleEvent;
    };

/** A lifecycle event in the words of a host. */
export function toTaskHostEvent(event: TaskLifecycleEvent): TaskHostEvent {
  return { type: hostEventType(event.event), runnerId: event.hostId, timestamp: event.timestamp, event };
}

function hostEventType(type: TaskEventType): TaskHostEventType {
  if (type === "started") return "task:running";
  return type === "retried" ? "task:retry" : `task:${type}`;
}
