import type { EventCursor } from "../events/event-cursor.ts";
import type { TaskLifecycleEvent } from "../events/lifecycle-event.ts";
import type { TaskSubscriptionBootstrap } from "./task-subscription.ts";

/** What a live view is told: first where everything stands, then each change. */
export type TaskLiveMessage = TaskLiveBootstrap | TaskLiveEvent | TaskLiveResync;

/** Where everything stands. Comes first, and again after every `resync`: it replaces all the view knew. */
export interface TaskLiveBootstrap extends TaskSubscriptionBootstrap {
  readonly type: "bootstrap";
}

/** A change. It may come twice: keep the higher `version`. */
export interface TaskLiveEvent {
  readonly type: "event";
  readonly event: TaskLifecycleEvent;
  /** Whether the task belongs to the view after this change; `false`: drop it. */
  readonly matches: boolean;
  /** The place after it: where a reader that reconnects goes on. */
  readonly cursor: EventCursor;
  /** ISO 8601, UTC. */
  readonly timestamp: string;
}

/** Changes were missed: a bootstrap follows. Until then the view may be old. */
export interface TaskLiveResync {
  readonly type: "resync";
  /** `overflow`: the reader was too slow. The others are the journal's own. */
  readonly why: "epoch" | "ahead" | "retention" | "overflow";
  /** ISO 8601, UTC. */
  readonly timestamp: string;
}
