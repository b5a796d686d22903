import {
  systemClock,
  systemRandom,
  type CancelTimer,
  type Clock,
  type Random,
  type TaskLiveMessage,
} from "@millrace/models";
import type { TaskLiveConnect } from "./connection.ts";
import { retryDelayMs } from "./retry-delay.ts";

/** What is used of a browser's `EventSource`. */
export interface TrackedEventSource {
  /** 2 when it has given up. */
  readonly readyState: number;
  addEventListener(type: "open" | "message" | "error", listener: (event: { readonly data?: unknown }) => void): void;
  close(): void;
}

/** How streams are opened. */
export interface SseConnectionOptions {
  /** Whether cookies go to another origin. @defaultValue false */
  readonly withCredentials?: boolean;
  /** Opens one. @defaultValue `new EventSource(url, { withCredentials })` */
  readonly open?: (url: string) => TrackedEventSource;
  readonly clock?: Clock;
  /** What spreads the waits of many pages. @defaultValue the platform's */
  readonly random?: Random;
}

interface EventSourceClass {
  new (url: string, options: { readonly withCredentials: boolean }): TrackedEventSource;
}

/** Keeps trackers up to date from a handler of `@millrace/live/sse`. After a break it goes on where it was. */
export function sseConnection(url: string, options: SseConnectionOptions = {}): TaskLiveConnect {
  const { withCredentials = false, clock = systemClock, random = systemRandom } = options;
  const open = options.open ?? ((address: string) => openInBrowser(address, withCredentials));
  return ({ query, tracker }) => {
    let failures = 0;
    let cancel: CancelTimer = () => {};
    let isOver = false;
    let source: TrackedEventSource | null = null;

    const again = (): void => {
      source?.close();
      source = null;
      if (isOver) return;
      tracker.setStatus("reconnecting");
      cancel = clock.after(retryDelayMs(failures, random), start);
      failures += 1;
    };
    const onMessage = (data: unknown): void => {
      const message = parsed(data);
      if (message === null) return;
      tracker.apply(message);
      if (message.type !== "end") failures = 0;
      else if (message.retryable) again();
      else source?.close();
    };
    const start = (): void => {
      const { cursor } = tracker;
      const place = cursor === null ? "" : `&after=${encodeURIComponent(cursor)}`;
      const own = open(
        `${url}${url.includes("?") ? "&" : "?"}query=${encodeURIComponent(JSON.stringify(query))}${place}`,
      );
      source = own;
      own.addEventListener("open", () => {
        if (source === own) tracker.setStatus("live");
      });
      own.addEventListener("message", ({ data }) => {
        if (source === own) onMessage(data);
      });
      own.addEventListener("error", () => {
        if (source !== own) return;
        // It comes back by itself unless it was told off: then it is started anew, for the reason may pass.
        if (own.readyState === 2) again();
        else tracker.setStatus("reconnecting");
      });
    };

    start();
    return () => {
      isOver = true;
      cancel();
      source?.close();
      source = null;
    };
  };
}

function openInBrowser(url: string, withCredentials: boolean): TrackedEventSource {
  const found: unknown = Reflect.get(globalThis, "EventSource");
  if (typeof found !== "function") throw new TypeError("There is no EventSource here: pass `open` to sseConnection.");
  return new (found as unknown as EventSourceClass)(url, { withCredentials });
}

function parsed(data: unknown): TaskLiveMessage | null {
  try {
    return JSON.parse(String(data)) as TaskLiveMessage;
  } catch {
    return null;
  }
}
