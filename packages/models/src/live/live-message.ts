import type { ErrorCode } from "../errors/error-codes.ts";
import type { EventCursor } from "../events/event-cursor.ts";
import type { TaskLifecycleEvent } from "../events/lifecycle-event.ts";
import type { TaskSubscriptionBootstrap } from "./task-subscription.ts";

/** What a live view is told: first where everything stands, then each change. */
export type TaskLiveMessage = TaskLiveBootstrap | TaskLiveEvent | TaskLiveResync | TaskLiveEnd;

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
  /** Where a reader that has had this one goes on: at most a page before it, so that some may come twice. */
  readonly cursor: EventCursor;
  /** ISO 8601, UTC. */
  readonly timestamp: string;
}

/** Changes were missed: a bootstrap follows. Until then the view may be old. */
export interface TaskLiveResync {
  readonly type: "resync";
  /**
   * `epoch`, `ahead` and `retention` are the journal's own. `overflow`: the reader was too slow. `removed`: a task is gone,
   * and whether a reader that came back had it is not known here. `access`: it may now see something else.
   */
  readonly why: "epoch" | "ahead" | "retention" | "overflow" | "removed" | "access";
  /** ISO 8601, UTC. */
  readonly timestamp: string;
}

/** The last message: the view is kept up to date no more. */
export interface TaskLiveEnd {
  readonly type: "end";
  readonly code: ErrorCode;
  readonly message: string;
  /** How to get out of it. */
  readonly fix: string;
  /** The field in question; null when it is no field. */
  readonly path: string | null;
  /** Whether the same subscription may succeed later. */
  readonly retryable: boolean;
  /** ISO 8601, UTC. */
  readonly timestamp: string;
}
