import {
  systemClock,
  systemRandom,
  type CancelTimer,
  type Clock,
  type Random,
  type TaskLiveEnd,
  type TaskLiveMessage,
} from "@millrace/models";
import type { TaskLiveConnect } from "./connection.ts";
import { retryDelayMs } from "./retry-delay.ts";

/** What is used of a Socket.IO client. */
export interface TrackedSocket {
  readonly connected: boolean;
  on(event: string, listener: (...values: unknown[]) => void): unknown;
  off(event: string, listener: (...values: unknown[]) => void): unknown;
  emit(event: string, ...values: unknown[]): unknown;
}

/** The names of the bridge's events, when they are not the usual ones. */
export interface SocketConnectionOptions {
  /** @defaultValue "tasks:subscribe" */
  readonly subscribeEvent?: string;
  /** @defaultValue "tasks:unsubscribe" */
  readonly unsubscribeEvent?: string;
  /** @defaultValue "tasks:live" */
  readonly publishEvent?: string;
  readonly clock?: Clock;
  /** Where the names of subscriptions and the spread of the waits come from. @defaultValue the platform's */
  readonly random?: Random;
}

/**
 * Keeps trackers up to date over a Socket.IO client, which may be shared: each has a subscription of its own. After a break it goes
 * on where it was. The socket itself is neither opened nor closed.
 */
export function socketConnection(socket: TrackedSocket, options: SocketConnectionOptions = {}): TaskLiveConnect {
  const {
    subscribeEvent = "tasks:subscribe",
    unsubscribeEvent = "tasks:unsubscribe",
    publishEvent = "tasks:live",
  } = options;
  const { clock = systemClock, random = systemRandom } = options;
  return ({ query, tracker }) => {
    const id = random.next().toString(36).slice(2);
    let failures = 0;
    let cancel: CancelTimer = () => {};
    let mayResume = true;

    const subscribe = (): void => {
      cancel();
      const { cursor } = tracker;
      socket.emit(subscribeEvent, { id, query, ...(cursor === null || !mayResume ? {} : { after: cursor }) });
      mayResume = true;
      // Nothing is told at once to one who missed nothing.
      tracker.setStatus("live");
    };
    const onEnd = ({ code, retryable }: TaskLiveEnd): void => {
      if (code === "CURSOR_INVALID") mayResume = false;
      else if (!retryable) return;
      tracker.setStatus("reconnecting");
      cancel = clock.after(retryDelayMs(failures, random), () => {
        if (socket.connected) subscribe();
      });
      failures += 1;
    };
    const onMessage = (value: unknown): void => {
      const message = messageTo(id, value);
      if (message === null) return;
      tracker.apply(message);
      if (message.type === "end") onEnd(message);
      else failures = 0;
    };
    const onBreak = (): void => {
      cancel();
      tracker.setStatus("reconnecting");
    };

    socket.on(publishEvent, onMessage);
    socket.on("connect", subscribe);
    socket.on("disconnect", onBreak);
    if (socket.connected) subscribe();
    return () => {
      cancel();
      socket.off(publishEvent, onMessage);
      socket.off("connect", subscribe);
      socket.off("disconnect", onBreak);
      if (socket.connected) socket.emit(unsubscribeEvent, { id });
    };
  };
}

/** A message of this subscription; null for what is none, or another's. */
function messageTo(id: string, value: unknown): TaskLiveMessage | null {
  const isOurs = typeof value === "object" && value !== null && Reflect.get(value, "id") === id;
  return isOurs ? (value as TaskLiveMessage) : null;
}
