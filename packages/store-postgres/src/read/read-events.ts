import type { EventCursor, EventFilter, EventPage, JournalEvent } from "@millrace/models";
import { eventFilter, fixedOfColumn, unpackEvent, type UnjoinedEvent } from "@millrace/store-sql";
import type { Session, Sql } from "../connection/session.ts";
import { flag } from "../row/task-flags.ts";
import { cursorAt, journalEnd, journalState, keepJournal, placeOfCursor } from "./journal-place.ts";
import { JournalReader } from "./journal-reader.ts";

// A page stops here even when the filter wanted next to nothing.
const mostEntries = 20_000;

const selectChannels: Sql = (n) => `
select id, fixed from ${n.task} where id = any($1::uuid[]) and flags & ${flag.labels} <> 0`;

/** What a reader asks of the journal. */
export interface EventQuery {
  readonly after: EventCursor;
  readonly limit: number;
  readonly filter: EventFilter;
}

/** Entries after a cursor, in order. */
export async function readEvents(session: Session, { after, limit, filter }: EventQuery): Promise<EventPage> {
  const [, state] = await Promise.all([session.run(keepJournal), journalState(session)]);
  const found = placeOfCursor(state, after);
  if ("reset" in found) return Object.freeze({ status: "reset", why: found.reset, cursor: journalEnd(state) });
  const reader = new JournalReader(session, state.now, found);
  const isWanted = eventFilter(filter);
  const page: UnjoinedEvent[] = [];
  let lookedAt = 0;
  while (page.length < limit && lookedAt < mostEntries) {
    const next = await reader.peek();
    if (!next) break;
    let { entry } = next;
    for (; entry < next.row.entries && page.length < limit && lookedAt < mostEntries; entry += 1) {
      const event = unpackEvent(next.row, entry);
      if (isWanted(event)) page.push(event);
      lookedAt += 1;
    }
    reader.goOn(next.row, entry);
  }
  const more = (await reader.peek()) !== null;
  const cursor = cursorAt(state.epoch, reader.place(!more));
  const events = Object.freeze(await withChannels(session, page));
  return Object.freeze({ status: "events", events, cursor, more });
}

const none: readonly string[] = Object.freeze([]);

/** Joins stored channels as the tasks have them now. */
async function withChannels(session: Session, page: readonly UnjoinedEvent[]): Promise<readonly JournalEvent[]> {
  const ids = new Set(
    page.flatMap((event) => (event.taskId === null || event.type === "removed" ? [] : [event.taskId])),
  );
  const rows = ids.size === 0 ? [] : await session.run(selectChannels, [[...ids]]);
  const channels = new Map(rows.map(([id, fixed]) => [String(id), fixedOfColumn(fixed as string | null).channels]));
  return page.map((event): JournalEvent => {
    if (event.taskId === null) return Object.freeze(event);
    const own = event.type === "removed" ? none : (channels.get(event.taskId) ?? none);
    return Object.freeze({ ...event, channels: own });
  });
}
