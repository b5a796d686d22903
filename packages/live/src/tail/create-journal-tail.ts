import type {
  Clock,
  EventCursor,
  EventFilter,
  JournalEvent,
  Logger,
  TaskFilter,
  TaskLiveSource,
} from "@millrace/models";
import { createPace } from "./pace.ts";
import { pageEntries, type PageEntry } from "./page-entries.ts";
import { createSinkIndex } from "./sink-index.ts";
import { tailFilter } from "./tail-filter.ts";

/** Somebody who follows the end of the journal. */
export interface TailSink {
  readonly filter: TaskFilter;
  readonly wantsSteps: boolean;
  /** An entry that may concern it; may come twice in a row. */
  offer(entry: PageEntry): void;
  /** The page that was offered from ends. */
  endPage(page: PagePlace): void;
  /** The place of the tail is gone: nothing that comes joins what came. */
  lost(why: "epoch" | "ahead" | "retention"): void;
}

/** Where a page begins and ends. */
export interface PagePlace {
  readonly from: EventCursor;
  readonly to: EventCursor;
  /** Which reading of the tail brought it; see `JournalTail.reading`. */
  readonly reading: number;
  /** Nothing stood behind it when it was read. */
  readonly isEnd: boolean;
}

/** The one reader of the journal in this process, for however many sinks. It reads only while there are any. */
export interface JournalTail {
  /**
   * Attaches a sink at the end of the journal: at a place that was read after this was called, so that nothing which was told
   * before this call is ever offered. `from` is where reading begins when nobody else is attached. A sink is attached once.
   */
  attach(sink: TailSink, from: EventCursor): Promise<void>;
  detach(sink: TailSink): void;
  /** Everything up to here has been offered to all who are attached. */
  readonly cursor: EventCursor;
  /** The number of the reading that was begun last: what it brings may have been read before now. */
  readonly reading: number;
  close(): void;
}

/** What a tail is made of. */
export interface TailParts {
  readonly source: TaskLiveSource;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly gatherMs: number;
  readonly pollIntervalMs: number;
}

/** So many entries are read at once, so that a database that is slow to answer is asked seldom. */
const pageSize = 1_000;
/** So many are told in one go: as many as fit into the queue of a reader who takes a moment for each. */
export const sliceSize = 200;

interface Joiner {
  readonly sink: TailSink;
  readonly attached: () => void;
}

/** A page that is being told. */
interface OpenPage {
  readonly events: readonly JournalEvent[];
  readonly to: EventCursor;
  readonly isEnd: boolean;
  /** Who asked before it was read. */
  readonly joiners: readonly Joiner[];
  /** So many entries have been told. */
  told: number;
}

/** Makes a tail that stands still. */
export function createJournalTail(parts: TailParts): JournalTail {
  const { source, clock, logger } = parts;
  const sinks = new Set<TailSink>();
  const index = createSinkIndex<TailSink>();
  const pace = createPace(parts);
  const gone = new WeakSet<TailSink>();
  let joining: Joiner[] = [];
  let open: OpenPage | null = null;
  let filter: EventFilter | null = null;
  let cursor: EventCursor = "";
  let reading = 0;
  let isRunning = false;
  let isClosed = false;

  const attachAll = (joiners: readonly Joiner[]): void => {
    for (const { sink, attached } of joiners) {
      // It left while the reading was under way.
      if (gone.has(sink)) continue;
      sinks.add(sink);
      index.add(sink, sink.filter);
      filter = null;
      attached();
    }
  };

  /** Reads the next page; null when the place of the tail is gone. */
  const readPage = async (): Promise<OpenPage | null> => {
    const joiners = joining;
    joining = [];
    try {
      filter ??= tailFilter([...sinks].map((sink) => sink.filter));
      reading += 1;
      const page = await source.readEvents(cursor, pageSize, filter);
      if (page.status === "events") {
        return { events: page.events, to: page.cursor, isEnd: !page.more, joiners, told: 0 };
      }
      cursor = page.cursor;
      for (const sink of sinks) sink.lost(page.why);
      attachAll(joiners);
      return null;
    } catch (error) {
      joining.unshift(...joiners);
      throw error;
    }
  };

  /** Tells the next entries of a page. Should it fail, they come again, and only they. */
  const tellSlice = async (page: OpenPage): Promise<void> => {
    const end = Math.min(page.events.length, page.told + sliceSize);
    const wantsSteps = [...sinks].some((sink) => sink.wantsSteps);
    const slice = sinks.size === 0 ? [] : page.events.slice(page.told, end);
    const entries = await pageEntries(source, slice, { wantsSteps, now: clock.now() });
    page.told = end;
    const isLast = end === page.events.length;
    const place = { from: cursor, to: isLast ? page.to : cursor, reading, isEnd: page.isEnd && isLast };
    if (isLast) cursor = page.to;
    const offered = new Set<TailSink>();
    for (const entry of entries) {
      for (const sink of index.concerned(entry)) {
        sink.offer(entry);
        offered.add(sink);
      }
    }
    for (const sink of offered) if (sinks.has(sink)) sink.endPage(place);
  };

  /** Goes on by a step; whether there is more to do at once. */
  const step = async (): Promise<boolean> => {
    const page = (open ??= await readPage());
    if (page === null) return false;
    await tellSlice(page);
    if (page.told < page.events.length) return true;
    open = null;
    if (page.isEnd) attachAll(page.joiners);
    else joining.unshift(...page.joiners);
    return !page.isEnd;
  };

  const isNeeded = (): boolean => {
    const isAskedFor = joining.length > 0 || open?.joiners.some(({ sink }) => !gone.has(sink)) === true;
    return !isClosed && (sinks.size > 0 || isAskedFor);
  };

  const run = async (): Promise<void> => {
    const unwatch = source.watch(() => pace.wake());
    let failures = 0;
    while (isNeeded()) {
      try {
        const hasMore = await step();
        failures = 0;
        if (hasMore) await pace.turn();
        else if (joining.length === 0) await pace.next();
      } catch (error) {
        failures += 1;
        if (failures === 1 || failures % 20 === 0)
          logger.warn("The journal cannot be read; live views wait.", { error, failures });
        await pace.afterFailure(failures);
      }
    }
    unwatch();
    open = null;
    isRunning = false;
  };

  return {
    attach(sink, from) {
      const { promise, resolve } = Promise.withResolvers<void>();
      if (!isRunning) cursor = from;
      joining.push({ sink, attached: resolve });
      pace.wake(true);
      if (!isRunning && !isClosed) {
        isRunning = true;
        void run();
      }
      return promise;
    },
    detach(sink) {
      gone.add(sink);
      joining = joining.filter((joiner) => joiner.sink !== sink);
      if (sinks.delete(sink)) {
        index.delete(sink);
        filter = null;
      }
      if (!isNeeded()) pace.wake(true);
    },
    get cursor() {
      return cursor;
    },
    get reading() {
      return reading;
    },
    close() {
      isClosed = true;
      pace.wake(true);
    },
  };
}
