import type {
  Clock,
  EventCursor,
  EventFilter,
  TaskLiveResync,
  TaskLiveSource,
  TaskSubscriptionBootstrap,
} from "@millrace/models";
import type { Reader } from "../reader/create-reader.ts";
import { sliceSize, type JournalTail, type PagePlace, type TailSink } from "../tail/create-journal-tail.ts";
import { pageEntries, type PageEntry, type Wish } from "../tail/page-entries.ts";
import type { Verdict, View } from "../view/judge.ts";
import type { Gate } from "./create-gate.ts";
import { createSeam } from "./seam.ts";

/** What ends a round. */
export type Interrupt =
  | { readonly type: "closed" | "expiry" }
  | { readonly type: "resync"; readonly why: TaskLiveResync["why"] }
  | { readonly type: "trouble"; readonly error: unknown };

/** What a round is made of. */
export interface RoundParts {
  readonly source: TaskLiveSource;
  readonly tail: JournalTail;
  readonly clock: Clock;
  readonly reader: Reader;
  readonly view: View;
  readonly wish: Wish;
  /** As many entries wait at most while the reader joins the tail. */
  readonly maxHeld: number;
  /** What a reader reads by itself; see the hub. */
  readonly alone: Gate;
  readonly takeSnapshot: () => Promise<TaskSubscriptionBootstrap>;
}

/** One way of a reader from a snapshot or a cursor to the end of the journal, and along with it, until something ends it. */
export interface Round {
  /** Resolves when its first page or snapshot was read; rejects when that fails. */
  readonly begun: Promise<void>;
  readonly over: Promise<Interrupt>;
  interrupt(why: Interrupt): void;
  /** Everything up to here has been handed to the reader; null before the snapshot. */
  readonly place: EventCursor | null;
}

/** A page for one reader. */
type Place = Pick<PagePlace, "from" | "to">;

interface HeldPage extends PagePlace {
  readonly entries: readonly PageEntry[];
}

/** Starts a round: with a snapshot, or after a cursor. */
export function startRound(parts: RoundParts, after: EventCursor | null): Round {
  const { source, tail, reader, view, wish, clock } = parts;
  const { promise: over, resolve } = Promise.withResolvers<Interrupt>();
  const begun = Promise.withResolvers<void>();
  const { filter } = view;
  const seam = createSeam();
  const eventFilter = eventFilterOf(parts);
  let place = after;
  let isOver = false;
  let isFollowing = false;
  let offered: PageEntry[] = [];
  let held: HeldPage[] | null = [];
  let heldEntries = 0;

  const interrupt = (why: Interrupt): void => {
    if (isOver) return;
    if (isFollowing) place = tail.cursor;
    isOver = true;
    tail.detach(sink);
    begun.resolve();
    resolve(why);
  };

  const tell = (entry: PageEntry, verdict: Verdict, cursor: EventCursor): void => {
    if (isOver || verdict === "none") return;
    if (verdict === "unknown") return interrupt({ type: "resync", why: "removed" });
    const message = verdict === "in" ? entry.told(wish, cursor) : entry.dropped(cursor);
    if (!reader.push(message)) {
      interrupt({ type: "resync", why: "overflow" });
    }
  };

  /** Only the last that is told of a page stands at its end: who has had another one may need some of the page again. */
  const tellPage = (entries: readonly PageEntry[], { from, to }: Place): void => {
    const judged = entries.map((entry) => ({ entry, verdict: view.judge(entry, clock.now()) }));
    const told = judged.filter(({ verdict }) => verdict !== "none");
    for (const [index, { entry, verdict }] of told.entries())
      tell(entry, verdict, index === told.length - 1 ? to : from);
  };

  const sink: TailSink = {
    filter,
    wantsSteps: wish.steps,
    offer(entry) {
      if (offered.at(-1) !== entry) offered.push(entry);
    },
    endPage(page) {
      const entries = offered;
      offered = [];
      if (held === null) return tellPage(seam.unseen(entries, page), page);
      held.push({ ...page, entries });
      heldEntries += entries.length;
      if (heldEntries > parts.maxHeld) interrupt({ type: "resync", why: "overflow" });
    },
    lost: (why) => interrupt({ type: "resync", why }),
  };

  const begin = async (): Promise<void> => {
    // A snapshot is taken for one who reads: one that never does costs nothing.
    await reader.taken();
    if (isOver) return;
    if (place !== null) return catchUp();
    const start = await parts.alone(parts.takeSnapshot);
    if (isOver) return;
    view.restart(start.snapshots);
    place = start.cursor;
    reader.push({ type: "bootstrap", ...start });
    begun.resolve();
    await reader.taken();
  };

  const catchUp = async (caught?: (entry: PageEntry) => void): Promise<void> => {
    for (;;) {
      const from: EventCursor = place ?? "";
      const page = await parts.alone(() => source.readEvents(from, sliceSize, eventFilter));
      if (isOver) return;
      if (page.status === "reset") {
        begun.resolve();
        return interrupt({ type: "resync", why: page.why });
      }
      const entries = await pageEntries(source, page.events, { wantsSteps: wish.steps, now: clock.now() });
      if (isOver) return;
      for (const entry of entries) caught?.(entry);
      tellPage(entries, { from, to: page.cursor });
      begun.resolve();
      place = page.cursor;
      // At the pace of the reader, however far behind it is.
      if (caught === undefined) await reader.taken();
      if (isOver || !page.more) return;
    }
  };

  const follow = async (): Promise<void> => {
    await begin();
    if (isOver) return;
    await tail.attach(sink, place ?? "");
    await catchUp(seam.caught);
    if (isOver) return;
    seam.close(tail.reading);
    const pages = held ?? [];
    held = null;
    isFollowing = true;
    for (const { entries, ...page } of pages) tellPage(seam.unseen(entries, page), page);
  };

  follow().catch((error: unknown) => {
    begun.reject(error);
    interrupt({ type: "trouble", error });
  });
  return {
    begun: begun.promise,
    over,
    interrupt,
    get place() {
      return isFollowing && !isOver ? tail.cursor : place;
    },
  };
}

function eventFilterOf({ view: { filter } }: RoundParts): EventFilter {
  const { tenantId, kinds, taskIds } = filter;
  return {
    ...(tenantId === undefined ? {} : { tenantId }),
    ...(kinds === undefined ? {} : { kinds }),
    ...(taskIds === undefined ? {} : { taskIds }),
  };
}
