import type { TaskSubscriptionBootstrap, TaskSubscriptionQuery } from "@millrace/models";
import { useCallback, useMemo, useSyncExternalStore } from "react";
import type { TaskLiveState } from "../create-task-live-tracker.ts";
import { queryKey } from "../share-trackers.ts";
import { useTrackers } from "./task-live-provider.ts";

/** What a view may begin with. */
export interface UseTasksOptions {
  /** A snapshot that the server has rendered: shown at once, and gone on from. */
  readonly initial?: TaskSubscriptionBootstrap;
}

/**
 * The tasks of a query, kept up to date: first as they stand, then with every change. The component renders again when something
 * of the view has changed. A query that says the same is the same, however often it is written anew.
 */
export function useTasks(query: TaskSubscriptionQuery = {}, { initial }: UseTasksOptions = {}): TaskLiveState {
  const trackers = useTrackers();
  const key = queryKey(query);
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- the key says all that the query says
  const same = useMemo(() => query, [key]);
  const subscribe = useCallback(
    (onChange: () => void) => {
      const stop = trackers.trackerOf(same).onChange(onChange);
      const release = trackers.hold(same);
      return () => {
        stop();
        release();
      };
    },
    [trackers, same],
  );
  const read = (): TaskLiveState => trackers.trackerOf(same, initial).getState();
  return useSyncExternalStore(subscribe, read, read);
}
