import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { withPolling } from "@millrace/tracker";
import { sseConnection } from "@millrace/tracker/sse";
import {
  createContext,
  use,
  useEffect,
  useState,
  useSyncExternalStore,
  type ReactElement,
  type ReactNode,
} from "react";
import type { TaskPage } from "../api/answers.ts";
import { apiUrl, read } from "../api/request.ts";
import { applyEvents } from "./apply-news.ts";
import { createLiveFeed, type FeedState, type LiveFeed } from "./live-feed.ts";

const FeedContext = createContext<LiveFeed | null>(null);

/** Lists, counts and charts are read again at most so often. */
const rereadMs = 2_000;

/** Gives the page its stream, and keeps what it has read up to date with it. */
export function LiveProvider({ children }: { readonly children: ReactNode }): ReactElement {
  const client = useQueryClient();
  const [feed, setFeed] = useState<LiveFeed | null>(null);
  useEffect(() => {
    const own = openFeed();
    const stop = keepUpToDate(client, own);
    const look = (): void => own.setSeen(!document.hidden);
    document.addEventListener("visibilitychange", look);
    setFeed(own);
    return () => {
      document.removeEventListener("visibilitychange", look);
      stop();
      own.close();
    };
  }, [client]);
  return <FeedContext value={feed}>{children}</FeedContext>;
}

/** The stream of the page; null for the moment before it is opened. */
export function useFeed(): LiveFeed | null {
  return use(FeedContext);
}

const beforeFirst: FeedState = {
  status: "connecting",
  heardAt: null,
  pausedAt: null,
  waiting: 0,
  tries: 0,
  endedBy: null,
};

/** Whether the reader has paused the page. */
export function useIsPaused(): boolean {
  const feed = useFeed();
  return useSyncExternalStore(
    (listener) => feed?.onState(listener) ?? (() => {}),
    () => (feed?.getState() ?? beforeFirst).pausedAt !== null,
  );
}

/** How fresh the page is. */
export function useFeedState(): FeedState {
  const feed = useFeed();
  return useSyncExternalStore(
    (listener) => feed?.onState(listener) ?? (() => {}),
    () => feed?.getState() ?? beforeFirst,
  );
}

function openFeed(): LiveFeed {
  const connect = withPolling(sseConnection(apiUrl("live")), {
    // Nobody needs the tasks: the news is that time has passed, and everything on the page is read again.
    async poll(query) {
      const page = await read<TaskPage & { readonly cursor: string }>("tasks", { query: { limit: 1 } });
      const timestamp = new Date().toISOString();
      return { query, snapshots: [], steps: {}, aggregate: null, cursor: page.cursor, timestamp };
    },
  });
  return createLiveFeed({ connect, now: () => Date.now(), after });
}

function keepUpToDate(client: QueryClient, feed: LiveFeed): () => void {
  let isWaiting = false;
  let cancel = (): void => {};
  const reread = (): void =>
    void client.invalidateQueries({ predicate: ({ queryKey }) => isCollective(queryKey[0]) }, { cancelRefetch: false });
  const rereadSoon = (): void => {
    if (isWaiting) return;
    isWaiting = true;
    cancel = after(rereadMs, () => {
      isWaiting = false;
      if (feed.getState().pausedAt === null) reread();
    });
  };
  const stop = feed.onNews((news) => {
    if (news.type === "refresh") void client.invalidateQueries({}, { cancelRefetch: false });
    else applyEvents(client, news.events);
    rereadSoon();
  });
  return () => {
    stop();
    cancel();
  };
}

/** What is about many tasks: one event of any of them may change it. */
function isCollective(name: unknown): boolean {
  return name !== "task" && name !== "task-parts" && name !== "about";
}

function after(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}
