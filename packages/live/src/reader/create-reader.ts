import type { Logger, TaskLiveMessage } from "@millrace/models";
import { messageBytes } from "./message-text.ts";
import { createMessageQueue, type QueueBounds } from "./message-queue.ts";

/**
 * Takes the messages of one subscription, one after the other: the next comes when the promise of the last is fulfilled.
 * That is how a slow reader says so. One that throws or rejects is given no more.
 */
export type TaskLiveListener = (message: TaskLiveMessage) => void | Promise<void>;

/** Hands messages to a listener at its own pace. */
export interface Reader {
  /** False when too much waits; then all of it is forgotten. */
  push(message: TaskLiveMessage): boolean;
  /** Resolves once the listener has taken everything. */
  taken(): Promise<void>;
  /** Hands over no more until `release`. */
  hold(): void;
  release(): void;
  clear(): void;
  readonly isIdle: boolean;
  /** The share of the bounds that is used: 0 to 1. */
  readonly fill: number;
}

/** What a reader is made of. */
export interface ReaderParts {
  readonly listener: TaskLiveListener;
  readonly bounds: QueueBounds;
  readonly logger: Logger;
  /** The listener threw. */
  readonly onThrow: () => void;
}

/** Makes a reader to which nothing has been handed. */
export function createReader({ listener, bounds, logger, onThrow }: ReaderParts): Reader {
  const queue = createMessageQueue(bounds);
  let isHeld = false;
  let isTaking = false;
  let isBroken = false;
  let waiting: (() => void)[] = [];

  const isIdle = (): boolean => queue.size === 0 && !isTaking;

  const next = (): TaskLiveMessage | undefined => (isHeld || isBroken ? undefined : queue.shift());

  const broke = (error: unknown): void => {
    isBroken = true;
    queue.clear();
    logger.warn("The listener of a live view threw; it is given no more.", { error });
    onThrow();
  };
  const rested = (): void => {
    isTaking = false;
    if (!isIdle()) return;
    const told = waiting;
    waiting = [];
    for (const tell of told) tell();
  };

  /** Hands over what waits, beginning with one that need not wait. */
  const take = async (first: TaskLiveMessage | undefined): Promise<void> => {
    try {
      for (let message = first ?? next(); message !== undefined; message = next()) {
        const taken = listener(message);
        if (taken !== undefined) await taken;
      }
    } catch (error) {
      broke(error);
    }
    rested();
  };
  const start = (first?: TaskLiveMessage): void => {
    if (isTaking) return;
    isTaking = true;
    void take(first);
  };

  return {
    push(message) {
      if (isBroken) return true;
      if (isIdle() && !isHeld) {
        start(message);
        return true;
      }
      if (!queue.push(message, messageBytes(message))) {
        queue.clear();
        return false;
      }
      start();
      return true;
    },
    taken: () => (isIdle() ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
    hold() {
      isHeld = true;
    },
    release() {
      isHeld = false;
      start();
    },
    clear: () => queue.clear(),
    get isIdle() {
      return isIdle();
    },
    get fill() {
      return queue.fill;
    },
  };
}
