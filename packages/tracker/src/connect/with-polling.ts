import {
  systemClock,
  type Clock,
  type CancelTimer,
  type TaskSubscriptionBootstrap,
  type TaskSubscriptionQuery,
} from "@millrace/models";
import type { TaskLiveConnect } from "./connection.ts";

/** How a view is asked for while nothing tells of changes. */
export interface PollingOptions {
  /** Takes a snapshot: `hub.bootstrap` on your server, behind a route of yours. */
  readonly poll: (query: TaskSubscriptionQuery) => Promise<TaskSubscriptionBootstrap>;
  /** How long after the connection went, and between two snapshots. @defaultValue 5_000 */
  readonly everyMs?: number;
  readonly clock?: Clock;
}

/** A connection that falls back to asking now and then, for as long as nothing tells of changes. */
export function withPolling(connect: TaskLiveConnect, options: PollingOptions): TaskLiveConnect {
  const { poll, everyMs = 5_000, clock = systemClock } = options;
  return (followed) => {
    const { query, tracker } = followed;
    let isOver = false;
    let cancel: CancelTimer = () => {};
    const isNeeded = (): boolean => {
      const { status } = tracker.getState();
      return !isOver && status !== "live" && status !== "ended";
    };
    const look = async (): Promise<void> => {
      const view = isNeeded() ? await poll(query).catch(() => null) : null;
      // What was read before the connection came back may be older than what that has told since.
      if (view !== null && isNeeded()) {
        tracker.apply({ type: "bootstrap", ...view });
        tracker.setStatus("polling");
      }
      again();
    };
    const again = (): void => {
      if (!isOver) cancel = clock.after(everyMs, () => void look());
    };
    const disconnect = connect(followed);
    again();
    return () => {
      isOver = true;
      cancel();
      disconnect();
    };
  };
}
