import type { TaskSubscriptionBootstrap, TaskSubscriptionQuery } from "@millrace/models";
import type { TaskLiveConnect } from "./connect/connection.ts";
import {
  createTaskLiveTracker,
  type TaskLiveTracker,
  type TaskLiveTrackerOptions,
} from "./create-task-live-tracker.ts";

/** Trackers by their queries: however many parts of a page ask for the same view, it is followed once. */
export interface TaskLiveTrackers {
  /** The tracker of a query; it is followed while somebody holds it. */
  trackerOf(query: TaskSubscriptionQuery, initial?: TaskSubscriptionBootstrap): TaskLiveTracker;
  /** Holds a view; answers how to let go. A view that is held again at once was never let go. */
  hold(query: TaskSubscriptionQuery): () => void;
}

interface Shared {
  readonly tracker: TaskLiveTracker;
  holders: number;
  disconnect: (() => void) | null;
}

/** Makes an empty set. */
export function shareTrackers(connect: TaskLiveConnect, options: TaskLiveTrackerOptions = {}): TaskLiveTrackers {
  const all = new Map<string, Shared>();
  const find = (query: TaskSubscriptionQuery): Shared => {
    const key = queryKey(query);
    const known = all.get(key);
    if (known) return known;
    const made: Shared = { tracker: createTaskLiveTracker(options), holders: 0, disconnect: null };
    all.set(key, made);
    return made;
  };
  return {
    trackerOf(query, initial) {
      const { tracker } = find(query);
      if (initial && tracker.cursor === null) tracker.apply({ type: "bootstrap", ...initial });
      return tracker;
    },
    hold(query) {
      const shared = find(query);
      shared.holders += 1;
      shared.disconnect ??= connect({ query, tracker: shared.tracker });
      let isHeld = true;
      return () => {
        if (!isHeld) return;
        isHeld = false;
        shared.holders -= 1;
        // A part of a page that is taken down and put up again in one go, as React's StrictMode does, keeps its connection.
        queueMicrotask(() => {
          if (shared.holders > 0 || shared.disconnect === null) return;
          shared.disconnect();
          shared.disconnect = null;
          if (all.get(queryKey(query)) === shared) all.delete(queryKey(query));
        });
      };
    },
  };
}

/** Two queries that say the same have the same key. */
export function queryKey(query: TaskSubscriptionQuery): string {
  return JSON.stringify(Object.entries(query).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
