import {
  isTaskError,
  type CancelTimer,
  type Clock,
  type EventCursor,
  type Logger,
  type TaskError,
} from "@millrace/models";
import type { AskAccess } from "../access/ask-access.ts";
import type { Reader } from "../reader/create-reader.ts";
import { createView, type View } from "../view/judge.ts";
import { liveEnd } from "./live-end.ts";
import { startRound, type Round, type RoundParts } from "./start-round.ts";
import { takeSnapshot, type SnapshotAsk } from "./take-snapshot.ts";

/** A view that is kept up to date. */
export interface TaskLiveSubscription extends AsyncDisposable {
  /** Ends it; nothing is told after that. */
  close(): void;
  /** Where its reader goes on when it comes back; null while it has not taken all that was told, and before the first snapshot. */
  readonly cursor: EventCursor | null;
  /** Resolves when it is over, whoever ended it. Never rejects. */
  readonly ended: Promise<void>;
}

/** A subscription as the hub has it. */
export interface Feed extends TaskLiveSubscription {
  /** Ends it with a last word to the reader. */
  end(error: TaskError): void;
}

/** What a feed is made of. */
export interface FeedParts extends Omit<RoundParts, "view" | "takeSnapshot"> {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly reader: Reader;
  readonly ask: AskAccess;
  readonly wanted: Omit<SnapshotAsk, "filter">;
}

const longestRetryMs = 30_000;

/**
 * Starts a subscription: with a snapshot, or after a cursor. Resolves once access was granted and the first page or snapshot
 * was read; rejects when that fails, and then nothing was told.
 */
export async function startFeed(parts: FeedParts, after: EventCursor | null): Promise<Feed> {
  const { clock, reader } = parts;
  const ended = Promise.withResolvers<void>();
  let round: Round | null = null;
  let isClosed = false;
  let isExpired = false;
  let cancelTimer: CancelTimer = () => {};

  const close = (): void => {
    if (isClosed) return;
    isClosed = true;
    cancelTimer();
    round?.interrupt({ type: "closed" });
    reader.clear();
    ended.resolve();
  };
  const end = (error: TaskError): void => {
    if (isClosed) return;
    close();
    reader.release();
    reader.push(liveEnd(error, clock.now()));
  };

  const expire = (): void => {
    isExpired = true;
    reader.hold();
    round?.interrupt({ type: "expiry" });
  };
  /** What may be seen from now on: the view as it was, unless something else may be seen. */
  const admit = async (why: Parameters<AskAccess>[0], before: View | null): Promise<View> => {
    const { filter, expiresAt } = await parts.ask(why);
    isExpired = false;
    cancelTimer();
    if (expiresAt !== null && !isClosed) cancelTimer = clock.after(expiresAt - clock.now(), expire);
    return before !== null && JSON.stringify(before.filter) === JSON.stringify(filter) ? before : createView(filter);
  };

  const start = (view: View, from: EventCursor | null): Round => {
    const snapshot = () => takeSnapshot(parts, { ...parts.wanted, filter: view.filter });
    round = startRound({ ...parts, view, takeSnapshot: snapshot }, from);
    // Only that of the first round is looked at.
    round.begun.catch(() => {});
    return round;
  };
  const restart = (why: Parameters<typeof resync>[0]): void => {
    round = null;
    reader.clear();
    reader.push(resync(why, clock));
  };

  const keepOn = async (first: Round, firstView: View): Promise<void> => {
    let view = firstView;
    let failures = 0;
    for (let current = first; ;) {
      const why = await current.over;
      let { place } = current;
      failures = why.type === "trouble" ? failures + 1 : 0;
      if (why.type === "trouble") await pauseAfter(failures, why.error, parts);
      if (why.type === "resync") {
        restart(why.why);
        place = null;
      }
      if (isExpired && !isClosed) {
        const before = view;
        view = await admit("expiry", before);
        if (view !== before) {
          restart("access");
          place = null;
        }
        reader.release();
      }
      if (isClosed) return;
      current = start(view, place);
    }
  };

  const firstView = await admit(after === null ? "subscribe" : "resume", null);
  const first = start(firstView, after);
  try {
    await first.begun;
  } catch (error) {
    close();
    throw error;
  }
  keepOn(first, firstView).catch((error: unknown) => {
    reader.clear();
    if (isTaskError(error)) end(error);
    else close();
  });

  return {
    close,
    end,
    get cursor() {
      return reader.isIdle ? (round?.place ?? null) : null;
    },
    ended: ended.promise,
    async [Symbol.asyncDispose]() {
      close();
    },
  };
}

function resync(why: "epoch" | "ahead" | "retention" | "overflow" | "removed" | "access", clock: Clock) {
  return { type: "resync", why, timestamp: new Date(clock.now()).toISOString() } as const;
}

/** Waits, longer after each failure; the journal is still there afterwards. */
async function pauseAfter(failures: number, error: unknown, { clock, logger }: FeedParts): Promise<void> {
  if (failures === 1 || failures % 20 === 0) logger.warn("A live view cannot be read; it waits.", { error, failures });
  const { promise, resolve } = Promise.withResolvers<void>();
  clock.after(Math.min(longestRetryMs, 100 * 2 ** Math.min(failures, 12)), resolve);
  await promise;
}
