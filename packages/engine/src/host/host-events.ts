import {
  createTaskSnapshot,
  toTaskHostEvent,
  toTaskLifecycleEvent,
  type Clock,
  type LifecycleDetails,
  type Logger,
  type MoveEvent,
  type TaskHostEvent,
  type TaskLifecycleEvent,
  type TaskRecord,
} from "@millrace/models";
import { andThen, isPromise } from "../client/maybe-async.ts";
import type { SnapshotReader } from "../client/snapshot-reader.ts";

export type HostEventListener = (event: TaskHostEvent) => void | Promise<void>;
export type LifecycleEventListener = (event: TaskLifecycleEvent) => void | Promise<void>;

/** Those who listen to a host, and what they are told: only what the store has confirmed, in the order it happened here. */
export interface HostEvents {
  /** Whether anybody listens: what nobody hears need not be made. */
  readonly isHeard: boolean;
  onEvent(listener: HostEventListener): () => void;
  onLifecycleEvent(listener: LifecycleEventListener): () => void;
  runner(type: "runner:start" | "runner:stop"): void;
  staleRequeued(count: number): void;
  /** Tells what happened to a task, with the task as it stands after it; `details` are of the last event. */
  task(task: TaskRecord, events: readonly MoveEvent[], details?: Omit<LifecycleDetails, "snapshot">): void;
}

/** Makes the listeners' side of a host. What a listener throws or rejects with is logged, and changes nothing. */
export function createHostEvents(ports: {
  readonly hostId: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly snapshots: SnapshotReader;
}): HostEvents {
  const { hostId, clock, logger, snapshots } = ports;
  const hostListeners = new Set<HostEventListener>();
  const taskListeners = new Set<LifecycleEventListener>();
  /** Events wait here for one before them whose values are still being decoded. */
  let tail: Promise<void> | null = null;

  const call = <Event>(listener: (event: Event) => void | Promise<void>, event: Event): void => {
    const failed = (error: unknown): void => logger.error("A listener of this host failed.", { error: String(error) });
    try {
      const result = listener(event);
      if (isPromise(result)) result.then(undefined, failed);
    } catch (error) {
      failed(error);
    }
  };

  const inOrder = (tell: () => void | Promise<void>): void => {
    if (tail === null) {
      const told = tell();
      if (!isPromise(told)) return;
      tail = told;
    } else {
      tail = tail.then(tell);
    }
    const mine = tail;
    void mine.then(() => {
      if (tail === mine) tail = null;
    });
  };

  const tellHost = (event: TaskHostEvent): void => {
    if (hostListeners.size > 0) inOrder(() => hostListeners.forEach((listener) => call(listener, event)));
  };
  const now = (): string => new Date(clock.now()).toISOString();

  const tellTask: HostEvents["task"] = (task, events, details = {}) => {
    if (hostListeners.size === 0 && taskListeners.size === 0) return;
    inOrder(() =>
      andThen(snapshots.valuesOf(task), (values) => {
        const snapshot = createTaskSnapshot(task, values, { now: clock.now() });
        for (const [index, move] of events.entries()) {
          const isLast = index === events.length - 1;
          const { id: taskId, tenantId, kind, channels } = task;
          const event = toTaskLifecycleEvent(
            { ...move, taskId, tenantId, kind, channels },
            { ...(isLast ? details : {}), snapshot },
          );
          for (const listener of taskListeners) call(listener, event);
          const hostEvent = toTaskHostEvent(event);
          for (const listener of hostListeners) call(listener, hostEvent);
        }
      }),
    );
  };

  return {
    get isHeard() {
      return hostListeners.size > 0 || taskListeners.size > 0;
    },
    onEvent: (listener) => subscribed(hostListeners, listener),
    onLifecycleEvent: (listener) => subscribed(taskListeners, listener),
    runner: (type) => tellHost({ type, runnerId: hostId, timestamp: now() }),
    staleRequeued: (count) => tellHost({ type: "task:stale_requeued", runnerId: hostId, timestamp: now(), count }),
    task: tellTask,
  };
}

/** The same function may be given twice; each call is taken back by itself. */
function subscribed<Listener extends (event: never) => unknown>(to: Set<Listener>, listener: Listener): () => void {
  const own = ((event: never) => listener(event)) as Listener;
  to.add(own);
  return () => void to.delete(own);
}
