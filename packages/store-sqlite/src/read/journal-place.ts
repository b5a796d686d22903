import { type EventCursor, journalStart, TaskError } from "@millrace/models";
import type { Sql } from "../connection/connection.ts";
import type { StoreReader } from "./store-reader.ts";

/** A place in the journal: everything before row `seq` has been read, and the first `entry` entries of that row. */
export interface JournalPlace {
  readonly seq: number;
  readonly entry: number;
}

const selectEpoch: Sql = (n) => `select value from ${n.meta} where name = 'epoch'`;
const selectLast: Sql = (n) => `select seq from ${n.event} order by seq desc limit 1`;
const selectFirst: Sql = (n) => `select seq from ${n.event} order by seq limit 1`;

/** The place after the last event. */
export function journalEnd(reader: StoreReader): EventCursor {
  return cursorAt(epochOf(reader), { seq: lastEvent(reader) + 1, entry: 0 });
}

/** The number of the last event row there ever was. */
export function lastEvent({ connection }: StoreReader): number {
  return Number(connection.use(selectLast).get()?.[0] ?? 0);
}

/** The id written when the schema was made; whoever restores a backup renews it. */
export function epochOf({ connection }: StoreReader): string {
  return String(connection.use(selectEpoch).get()?.[0] ?? "");
}

/** A place as text. */
export function cursorAt(epoch: string, { seq, entry }: JournalPlace): EventCursor {
  return `${epoch}.${seq}.${entry}`;
}

/** Where a cursor points, or why it points nowhere. @throws `CURSOR_INVALID` when it is no cursor at all. */
export function placeOfCursor(
  reader: StoreReader,
  cursor: EventCursor,
): JournalPlace | { readonly reset: "epoch" | "ahead" | "retention" } {
  const last = lastEvent(reader);
  const first = Number(reader.connection.use(selectFirst).get()?.[0] ?? last + 1);
  if (cursor === journalStart) return first > 1 ? { reset: "retention" } : { seq: 1, entry: 0 };
  const [, epoch, seqText, entryText] = /^(.+)\.(0|[1-9][0-9]{0,14})\.(0|[1-9][0-9]{0,9})$/.exec(cursor) ?? [];
  if (epoch === undefined) {
    throw new TaskError("CURSOR_INVALID", "This is no event cursor of a SQLite store.", { details: { cursor } });
  }
  if (epoch !== epochOf(reader)) return { reset: "epoch" };
  const place = { seq: Number(seqText), entry: Number(entryText) };
  if (place.seq > last + 1 || (place.seq === last + 1 && place.entry > 0)) return { reset: "ahead" };
  return place.seq < first ? { reset: "retention" } : place;
}
