import {
  createContext,
  createElement,
  useContext,
  useMemo,
  type Context,
  type ReactElement,
  type ReactNode,
} from "react";
import type { TaskLiveConnect } from "../connect/connection.ts";
import { shareTrackers, type TaskLiveTrackers } from "../share-trackers.ts";

/** What a part of a page needs to have live views. */
export interface TaskLiveProviderProps {
  /** Where they come from: `socketConnection(socket)`, `sseConnection(url)`. Make it once, outside of the component. */
  readonly connect: TaskLiveConnect;
  readonly children?: ReactNode;
}

const trackersContext: Context<TaskLiveTrackers | null> = createContext<TaskLiveTrackers | null>(null);

/** Gives the hooks below it their views. Components that ask for the same share one. */
export function TaskLiveProvider({ connect, children }: TaskLiveProviderProps): ReactElement {
  const trackers = useMemo(() => shareTrackers(connect), [connect]);
  return createElement(trackersContext.Provider, { value: trackers }, children);
}

/** The views of the provider above. */
export function useTrackers(): TaskLiveTrackers {
  const trackers = useContext(trackersContext);
  if (trackers === null) throw new Error("Put a <TaskLiveProvider connect={…}> around what uses live tasks.");
  return trackers;
}
