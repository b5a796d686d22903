import type { TaskSubscriptionQuery } from "@millrace/models";
import type { TaskLiveTracker } from "../create-task-live-tracker.ts";

/** What a connection keeps up to date. */
export interface TaskLiveFollowed {
  readonly query: TaskSubscriptionQuery;
  readonly tracker: TaskLiveTracker;
}

/** Keeps a tracker up to date from somewhere, until what it answers is called. */
export type TaskLiveConnect = (followed: TaskLiveFollowed) => () => void;
