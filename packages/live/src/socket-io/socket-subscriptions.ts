import { TaskError, type Clock, type Logger, type TaskLiveMessage } from "@millrace/models";
import { outwardError } from "../bridge/outward-error.ts";
import type { TaskLiveHub } from "../create-task-live-hub.ts";
import { liveEnd } from "../feed/live-end.ts";
import type { TaskLiveSubscription } from "../feed/start-feed.ts";
import { answerId, readSubscribe, readUnsubscribe } from "./read-payload.ts";
import { whenWritable, type LiveSocket } from "./socket-shape.ts";

/** What the subscriptions of a socket need. */
export interface SocketParts<Principal> {
  readonly hub: TaskLiveHub<Principal>;
  readonly socket: LiveSocket;
  /** Who it is; asked for each subscription, so that a new login counts. */
  readonly principalOf: () => Principal | Promise<Principal>;
  readonly publishEvent: string;
  readonly maxSubscriptions: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The subscriptions of one socket, each under an id that the client has chosen. */
export interface SocketSubscriptions {
  /** Subscribes, in the place of the one with the same id. Answers null, or what is wrong; that is published too. Never rejects. */
  subscribe(payload: unknown): Promise<TaskLiveMessage | null>;
  unsubscribe(payload: unknown): TaskLiveMessage | null;
  closeAll(): void;
}

/** Makes the empty list of a socket. */
export function createSocketSubscriptions<Principal>(parts: SocketParts<Principal>): SocketSubscriptions {
  const { hub, socket, clock } = parts;
  // A wish that is being granted stands here already; a later one of the same id takes its place.
  const wishes = new Map<string, { subscription: TaskLiveSubscription | null }>();
  let last: Promise<unknown> = Promise.resolve();
  let isClosed = false;

  const publish = (id: string, message: TaskLiveMessage): void =>
    void socket.emit(parts.publishEvent, { ...message, id });
  const refusal = (error: unknown): TaskLiveMessage => liveEnd(outwardError(error, parts.logger), clock.now());
  const drop = (id: string): void => {
    wishes.get(id)?.subscription?.close();
    wishes.delete(id);
  };

  const grant = async (payload: unknown): Promise<void> => {
    const { id, query, after } = readSubscribe(payload);
    drop(id);
    if (wishes.size >= parts.maxSubscriptions) {
      throw new TaskError("SUBSCRIPTION_LIMIT", `A socket has at most ${parts.maxSubscriptions} subscriptions.`);
    }
    const wish: { subscription: TaskLiveSubscription | null } = { subscription: null };
    wishes.set(id, wish);
    const isWanted = (): boolean => !isClosed && wishes.get(id) === wish;
    try {
      const principal = await parts.principalOf();
      const listener = (message: TaskLiveMessage): void | Promise<void> => {
        if (!isWanted()) return undefined;
        publish(id, message);
        return whenWritable(socket);
      };
      wish.subscription = await hub.subscribe(query, listener, {
        principal,
        ...(after === undefined ? {} : { after }),
      });
    } catch (error) {
      if (isWanted()) wishes.delete(id);
      throw error;
    }
    if (!isWanted()) return wish.subscription.close();
    void wish.subscription.ended.then(() => {
      if (wishes.get(id) === wish) wishes.delete(id);
    });
  };

  let waiting = 0;
  return {
    async subscribe(payload) {
      // One after the other: however many it asks for at once, a socket is read for once at a time.
      const mine = last.then(() => (isClosed ? undefined : grant(payload)));
      last = mine.catch(() => {});
      waiting += 1;
      try {
        if (waiting > parts.maxSubscriptions)
          throw new TaskError("SUBSCRIPTION_LIMIT", "Too many subscriptions are waiting.");
        await mine;
        return null;
      } catch (error) {
        const end = refusal(error);
        if (!isClosed) publish(answerId(payload), end);
        return end;
      } finally {
        waiting -= 1;
      }
    },
    unsubscribe(payload) {
      try {
        drop(readUnsubscribe(payload));
        return null;
      } catch (error) {
        return refusal(error);
      }
    },
    closeAll() {
      isClosed = true;
      for (const id of wishes.keys()) drop(id);
    },
  };
}
