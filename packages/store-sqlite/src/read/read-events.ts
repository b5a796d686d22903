import type { EventCursor, EventFilter, EventPage, JournalEvent, TaskId } from "@millrace/models";
import {
  eventFilter,
  fixedOfColumn,
  type PackedEvents,
  startedAndSucceeded,
  unpackEvent,
  type UnjoinedEvent,
} from "@millrace/store-sql";
import type { Sql } from "../connection/connection.ts";
import type { SqliteRow } from "../driver/sqlite-database.ts";
import { cursorAt, epochOf, journalEnd, lastEvent, placeOfCursor } from "./journal-place.ts";
import type { StoreReader } from "./store-reader.ts";

// A page stops here even when the filter wanted next to nothing, so that it cannot hold the event loop.
const mostRows = 2_000;
const mostEntries = 20_000;

const selectEvents: Sql = (n) => `
select seq, at, type, tenant_id, kind, was, became, reason, host_id, n, version, attempt, ids, versions, attempts, data
from ${n.event} where seq >= ? order by seq limit ?`;
const selectChannels: Sql = (n) => `select fixed from ${n.task} where id = ?`;
const anyChannels: Sql = (n) => `select 1 from ${n.label} where label >= 'c:' and label < 'c;' limit 1`;

/** What a reader asks of the journal. */
export interface EventQuery {
  readonly after: EventCursor;
  readonly limit: number;
  readonly filter: EventFilter;
}

/** Entries after a cursor, in order. */
export function readEvents(reader: StoreReader, { after, limit, filter }: EventQuery): EventPage {
  const found = placeOfCursor(reader, after);
  if ("reset" in found) return Object.freeze({ status: "reset", why: found.reset, cursor: journalEnd(reader) });
  const page: JournalEvent[] = [];
  const withChannels = channelReader(reader);
  const isWanted = eventFilter(filter);
  let { seq, entry } = found;
  let lookedAt = 0;
  let isFull = limit <= 0;
  while (!isFull) {
    const rows = reader.connection.use(selectEvents).all(seq, Math.min(64, limit - page.length + 1));
    if (rows.length === 0) break;
    for (const row of rows) {
      const packed = packedOf(row);
      if (packed.seq > seq) entry = 0;
      seq = packed.seq;
      for (; entry < packed.entries && !isFull; entry += 1) {
        const event = unpackEvent(packed, entry);
        if (isWanted(event)) page.push(withChannels(event));
        lookedAt += 1;
        isFull = page.length >= limit || lookedAt >= mostEntries;
      }
      if (entry < packed.entries) break;
      seq += 1;
      entry = 0;
      if (isFull) break;
    }
    isFull ||= lookedAt >= mostRows;
  }
  const more = seq <= lastEvent(reader);
  const cursor = cursorAt(epochOf(reader), { seq, entry });
  return Object.freeze({ status: "events", events: Object.freeze(page), cursor, more });
}

function packedOf(row: SqliteRow): PackedEvents {
  const text = (column: number): string | null => row[column] as string | null;
  const number = (column: number): number | null => row[column] as number | null;
  const list = (column: number): readonly string[] => text(column)?.split(",") ?? [];
  const ids = bytesOf(row[12]);
  return {
    seq: number(0) ?? 0,
    at: number(1) ?? 0,
    type: number(2) ?? 0,
    tenantId: text(3) ?? "",
    kind: text(4),
    was: number(5),
    became: number(6),
    reason: text(7),
    hostId: text(8),
    entries: (number(9) ?? 0) * (row[2] === startedAndSucceeded ? 2 : 1),
    version: number(10),
    attempt: number(11),
    idAt: (index) => idAt(ids, index),
    versions: list(13),
    attempts: list(14),
    data: JSON.parse(text(15) ?? "[]") as readonly (string | number | null)[],
  };
}

function bytesOf(column: unknown): Buffer {
  return column instanceof Uint8Array
    ? Buffer.from(column.buffer, column.byteOffset, column.byteLength)
    : Buffer.alloc(0);
}

function idAt(ids: Buffer, index: number): TaskId {
  const hex = ids.toString("hex", index * 16, index * 16 + 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

const none: readonly string[] = Object.freeze([]);

/** Joins stored channels as the task has them now. A store in which no task has any is not asked for each. */
function channelReader({ connection }: StoreReader): (event: UnjoinedEvent) => JournalEvent {
  const known = new Map<string, readonly string[]>();
  const hasAny = connection.use(anyChannels).get() !== undefined;
  const channelsOf = (id: string): readonly string[] => {
    const found = known.get(id);
    if (found) return found;
    const row = connection.use(selectChannels).get(id);
    const channels = row ? fixedOfColumn(row[0] as string | null).channels : none;
    known.set(id, channels);
    return channels;
  };
  return (event) => {
    if (event.taskId === null) return Object.freeze(event);
    const channels = hasAny && event.type !== "removed" ? channelsOf(event.taskId) : none;
    return Object.freeze({ ...event, channels });
  };
}
