import type { CancelTimer, Clock, EventCursor, TaskLiveMessage } from "@millrace/models";
import type { TaskLiveSubscription } from "../feed/start-feed.ts";
import type { TaskLiveListener } from "../reader/create-reader.ts";
import { messageText } from "../reader/message-text.ts";

/** The body of an answer that is written as the reader reads it. */
export interface EventStream {
  readonly body: ReadableStream<Uint8Array>;
  /** Writes a message; the promise is there while the reader is behind. */
  readonly listener: TaskLiveListener;
  /** The subscription has begun: from now on the end of one is the end of the other. */
  open(subscription: TaskLiveSubscription, signal: AbortSignal): void;
}

/** What a stream is made of. */
export interface EventStreamParts {
  readonly clock: Clock;
  readonly keepAliveMs: number;
}

/** So much is on its way to a reader at most; the rest waits in the hub, where it is bounded and may be left out. */
const bytesOnTheWay = 65_536;
const retryMs = 2_000;

/** Makes a stream that nobody reads yet. */
export function createEventStream({ clock, keepAliveMs }: EventStreamParts): EventStream {
  const encoder = new TextEncoder();
  let subscription: TaskLiveSubscription | null = null;
  let controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  let hasRoom: () => void = () => {};
  let cancelTimer: CancelTimer = () => {};
  let told: EventCursor | null = null;

  const end = (): void => {
    cancelTimer();
    const open = controller;
    controller = null;
    hasRoom();
    subscription?.close();
    open?.close();
  };
  const write = (text: string): void => controller?.enqueue(encoder.encode(text));
  const isBehind = (): boolean => controller !== null && (controller.desiredSize ?? 1) <= 0;

  const body = new ReadableStream<Uint8Array>(
    {
      start(opened) {
        controller = opened;
        write(`retry: ${retryMs}\n\n`);
      },
      pull: () => hasRoom(),
      cancel() {
        controller = null;
        end();
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: bytesOnTheWay }),
  );

  /** A quiet stream moves its place on too, so that one who comes back is not told of a day in which nothing concerned it. */
  const stayAlive = (): void => {
    cancelTimer = clock.after(keepAliveMs, () => {
      const cursor = subscription?.cursor ?? null;
      if (!isBehind()) write(cursor === null || cursor === told ? ": still here\n\n" : `${idLine(cursor)}\n`);
      if (cursor !== null) told = cursor;
      stayAlive();
    });
  };

  return {
    body,
    listener(message) {
      told = "cursor" in message ? message.cursor : told;
      write(frameOf(message));
      if (message.type === "end") end();
      return isBehind() ? new Promise((resolve) => (hasRoom = resolve)) : undefined;
    },
    open(begun, signal) {
      subscription = begun;
      if (controller === null || signal.aborted) return end();
      signal.addEventListener("abort", end, { once: true });
      void begun.ended.then(() => signal.removeEventListener("abort", end));
      stayAlive();
    },
  };
}

function frameOf(message: TaskLiveMessage): string {
  const place = "cursor" in message ? idLine(message.cursor) : "";
  return `${place}data: ${messageText(message)}\n\n`;
}

/** A cursor is the store's own text: written so that no character of it can end the line. */
function idLine(cursor: EventCursor): string {
  return `id: ${encodeURIComponent(cursor)}\n`;
}
