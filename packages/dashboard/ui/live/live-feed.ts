import type { TaskLifecycleEvent, TaskLiveMessage } from "@millrace/models";
import { createTaskLiveTracker, type TaskLiveConnect, type TaskLiveTracker } from "@millrace/tracker";

/** How the page hears of changes: `paused` is the reader's own wish. */
export type FeedStatus = "connecting" | "live" | "paused" | "reconnecting" | "polling" | "ended";

/** What the page knows of its own freshness. */
export interface FeedState {
  readonly status: FeedStatus;
  /** When it last heard something, by this machine's clock; null before. */
  readonly heardAt: number | null;
  readonly pausedAt: number | null;
  /** Changes that came since it was paused. */
  readonly waiting: number;
  /** How often it has tried to come back. */
  readonly tries: number;
  /** Why there is no more to come. */
  readonly endedBy: string | null;
}

/** Changes of a moment. `refresh`: what is shown may be old, and is to be read anew. */
export type FeedNews =
  | { readonly type: "events"; readonly events: readonly TaskLifecycleEvent[] }
  | { readonly type: "refresh" };

/** The one stream of a page. */
export interface LiveFeed {
  getState(): FeedState;
  onState(listener: () => void): () => void;
  onNews(listener: (news: FeedNews) => void): () => void;
  pause(): void;
  resume(): void;
  /** A page that nobody sees applies nothing; when it is seen again it reads anew. */
  setSeen(isSeen: boolean): void;
  close(): void;
}

/** What a feed is made of. */
export interface LiveFeedParts {
  readonly connect: TaskLiveConnect;
  readonly now: () => number;
  /** Calls once, later; answers how to call it off. */
  readonly after: (ms: number, run: () => void) => () => void;
}

/** Changes are shown at most so often, however fast they come; one that comes after a time of quiet is shown at once. */
const gatherMs = 250;
/** More than this is not told one by one: reading anew is cheaper. */
const mostEvents = 500;
/** Everything there is, without inputs and outputs. */
const everything = { includeValues: false, includeAggregate: false, limit: 1 } as const;

/** Opens the stream and gathers what comes. */
export function createLiveFeed({ connect, now, after }: LiveFeedParts): LiveFeed {
  const inner = createTaskLiveTracker({ limit: 1 });
  const stateListeners = new Set<() => void>();
  const newsListeners = new Set<(news: FeedNews) => void>();
  let state: FeedState = { status: "connecting", heardAt: null, pausedAt: null, waiting: 0, tries: 0, endedBy: null };
  let gathered: TaskLifecycleEvent[] = [];
  let isMissing = false;
  let isSeen = true;
  let tellAt = 0;
  // Of messages since the state was last told: each of them is not worth a new picture.
  let heardAt: number | null = null;
  let waiting = 0;
  let cancel: (() => void) | null = null;

  const change = (part: Partial<FeedState>): void => {
    state = { ...state, ...part };
    for (const listener of stateListeners) listener();
  };
  const tell = (news: FeedNews): void => {
    for (const listener of newsListeners) listener(news);
  };
  const isHeld = (): boolean => state.pausedAt !== null || !isSeen;
  const flush = (): void => {
    cancel = null;
    tellAt = now() + gatherMs;
    change({ heardAt, waiting });
    if (isHeld()) return;
    const [events, isOld] = [gathered, isMissing];
    gathered = [];
    isMissing = false;
    if (isOld) tell({ type: "refresh" });
    else if (events.length > 0) tell({ type: "events", events });
  };
  const gather = (): void => {
    cancel ??= after(Math.max(0, tellAt - now()), flush);
  };
  const apply = (message: TaskLiveMessage): void => {
    inner.apply(message);
    if (message.type === "end") return change(message.retryable ? {} : { status: "ended", endedBy: message.message });
    if (message.type === "event" && !isHeld() && gathered.length < mostEvents) gathered.push(message.event);
    else isMissing = true;
    const isFirst = message.type === "bootstrap" && heardAt === null;
    // What the page has read by itself just now is as new as the first snapshot.
    if (isFirst) isMissing = false;
    heardAt = now();
    if (state.pausedAt !== null && message.type === "event") waiting += 1;
    gather();
  };
  const setStatus = (status: ReturnType<TaskLiveTracker["getState"]>["status"]): void => {
    const before = inner.getState().status;
    inner.setStatus(status);
    const tries =
      status === "reconnecting"
        ? state.tries + (before === "reconnecting" ? 0 : 1)
        : status === "live"
          ? 0
          : state.tries;
    change({ heardAt, tries, ...(state.pausedAt === null ? { status } : {}) });
  };
  const tracker: TaskLiveTracker = {
    apply,
    setStatus,
    getState: () => inner.getState(),
    onChange: (listener) => inner.onChange(listener),
    get cursor() {
      return inner.cursor;
    },
  };
  const disconnect = connect({ query: everything, tracker });
  const goOn = (): void => {
    isMissing = true;
    gathered = [];
    gather();
  };

  return {
    getState: () => state,
    onState: (listener) => added(stateListeners, listener),
    onNews: (listener) => added(newsListeners, listener),
    pause() {
      if (state.pausedAt !== null) return;
      waiting = 0;
      change({ status: "paused", pausedAt: now(), waiting });
    },
    resume() {
      if (state.pausedAt === null) return;
      waiting = 0;
      change({ status: inner.getState().status, pausedAt: null, waiting });
      goOn();
    },
    setSeen(isNow) {
      if (isNow === isSeen) return;
      isSeen = isNow;
      if (isSeen) goOn();
    },
    close() {
      cancel?.();
      disconnect();
    },
  };
}

function added<Listener>(listeners: Set<Listener>, listener: Listener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
