import {
  parseTaskSubscription,
  TaskError,
  type EventCursor,
  type TaskLiveSource,
  type TaskSubscriptionBootstrap,
  type TaskSubscriptionQuery,
} from "@millrace/models";
import { accessOf, type AskAccess } from "./access/ask-access.ts";
import { startFeed, type Feed, type TaskLiveSubscription } from "./feed/start-feed.ts";
import { createGate, type Gate } from "./feed/create-gate.ts";
import { takeSnapshot } from "./feed/take-snapshot.ts";
import { checkKnown, optionError, resolveHubOptions, type TaskLiveHubOptions } from "./hub-options.ts";
import { liveSourceOf, type TaskLiveStore } from "./live-source.ts";
import { createReader, type TaskLiveListener } from "./reader/create-reader.ts";
import { createJournalTail } from "./tail/create-journal-tail.ts";
import { nextTurn } from "./tail/pace.ts";

/** Who asks, and where a reader that comes back goes on. */
export interface TaskLiveReaderOptions<Principal = unknown> {
  /** Handed to `authorize`. */
  readonly principal?: Principal;
  /** The cursor of the last message the reader has had: it gets what came after it, and no snapshot. */
  readonly after?: EventCursor;
}

/** Keeps any number of views up to date. Whatever process may read the store can have one, also one that runs no tasks. */
export interface TaskLiveHub<Principal = unknown> extends AsyncDisposable {
  /**
   * The view as it stands, once.
   *
   * @throws `QUERY_INVALID`, `ACCESS_REFUSED`, `LIVE_CLOSED`
   */
  bootstrap(
    query?: TaskSubscriptionQuery,
    options?: Pick<TaskLiveReaderOptions<Principal>, "principal">,
  ): Promise<TaskSubscriptionBootstrap>;
  /**
   * The view as it stands, then every change after it, in order for each task. The listener hears of the first before this
   * resolves. When the reader is too slow, or its place is gone, it hears `resync` and then of the whole view again.
   *
   * @throws `QUERY_INVALID`, `CURSOR_INVALID`, `ACCESS_REFUSED`, `LIVE_CLOSED`; then nothing was told.
   */
  subscribe(
    query: TaskSubscriptionQuery,
    listener: TaskLiveListener,
    options?: TaskLiveReaderOptions<Principal>,
  ): Promise<TaskLiveSubscription>;
  /** Whether it was made with `authorize`. */
  readonly isGuarded: boolean;
  /** Ends every subscription with the word `LIVE_CLOSED`. What it reads from stays open. */
  close(): Promise<void>;
}

const readerOptionNames: ReadonlySet<string> = new Set<keyof TaskLiveReaderOptions>(["principal", "after"]);
const longestCursor = 16_384;
/** However many readers come back at once, so many read at a time: the tail must not stand in line behind them. */
const readsAtOnce = 2;

/**
 * Makes a hub on a host, a client or a bare store. No I/O happens before its first call, and none while nobody has subscribed.
 *
 * @throws `OPTION_INVALID` with `details.path`
 */
export function createTaskLiveHub<Principal = unknown>(
  source: TaskLiveSource | TaskLiveStore,
  options: TaskLiveHubOptions<Principal> = {},
): TaskLiveHub<Principal> {
  const { authorize, maxQueuedEvents, maxQueuedBytes, ...settings } = resolveHubOptions(options);
  const { clock, logger } = settings;
  const read = liveSourceOf(source, clock);
  const tail = createJournalTail({ source: read, ...settings });
  const gate = createGate(readsAtOnce);
  // A database in this process answers without a pause: between two readings the tail has its turn.
  const alone: Gate = (job) => gate(() => nextTurn(clock).then(job));
  const feeds = new Set<Feed>();
  let isClosed = false;

  const opened = (asked: TaskSubscriptionQuery | undefined, principal: Principal | undefined) => {
    if (isClosed) throw closedError();
    const query = parseTaskSubscription(asked);
    // Without `authorize` nobody asks who it is; with it the program says what it hands over.
    const ask: AskAccess = accessOf({ authorize, principal: principal as Principal, query, clock, logger });
    return { asked: asked ?? {}, query, ask };
  };

  const hub: TaskLiveHub<Principal> = {
    isGuarded: authorize !== null,
    async bootstrap(given, { principal } = {}) {
      const { ask, ...wanted } = opened(given, principal);
      const { filter } = await ask("bootstrap");
      return alone(() => takeSnapshot({ source: read, clock }, { ...wanted, filter }));
    },
    async subscribe(given, listener, readerOptions = {}) {
      checkKnown(readerOptions, readerOptionNames);
      if (typeof listener !== "function") throw optionError("listener", "must be a function");
      const after = checkedCursor(readerOptions.after);
      const { ask, ...wanted } = opened(given, readerOptions.principal);
      let feed: Feed | null = null;
      const bounds = { maxQueuedEvents, maxQueuedBytes };
      const reader = createReader({ listener, bounds, logger, onThrow: () => feed?.close() });
      const { includeValues, recentSteps } = wanted.query;
      const wish = { values: includeValues, steps: recentSteps > 0 };
      const parts = { source: read, tail, clock, logger, reader, wish, ask, wanted, alone };
      feed = await startFeed({ ...parts, maxHeld: maxQueuedEvents }, after);
      if (isClosed) feed.end(closedError());
      const own = feed;
      feeds.add(own);
      void own.ended.then(() => feeds.delete(own));
      return own;
    },
    async close() {
      isClosed = true;
      for (const feed of feeds) feed.end(closedError());
      tail.close();
    },
    [Symbol.asyncDispose]: () => hub.close(),
  };
  return hub;
}

function checkedCursor(after: unknown): EventCursor | null {
  if (after === undefined) return null;
  if (typeof after === "string" && after.length <= longestCursor) return after;
  throw new TaskError("CURSOR_INVALID", "after must be the cursor of an earlier message.", {
    details: { path: "after" },
  });
}

function closedError(): TaskError {
  return new TaskError("LIVE_CLOSED", "The live hub has been closed.");
}
