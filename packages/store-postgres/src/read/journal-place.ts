import { type EventCursor, journalStart, TaskError } from "@millrace/models";
import { databaseNow } from "../connection/clock-sql.ts";
import type { Session, Sql } from "../connection/session.ts";
import { textOrNull } from "../row/task-row.ts";
import { areAllSeen, beforeAll, parseSnapshot, type Snapshot, upTo } from "./snapshot.ts";

/**
 * A place in the journal. Everything that `seen` shows has been read. Of the window of events that `window` shows and `seen`
 * does not, those before row `seq` have been read too, and the first `entry` entries of that row. A window is read in the
 * order of its rows, which is the order of each task's versions. So nobody waits for a transaction that is still open:
 * its events are part of a later window.
 */
export interface JournalPlace {
  readonly seen: Snapshot;
  readonly window: Snapshot | null;
  readonly seq: bigint;
  readonly entry: number;
}

/** What retention has taken away. */
export interface PrunedJournal {
  /** The last transaction, and the last row, of which something has gone. */
  readonly xid: bigint;
  readonly seq: bigint;
  /** Nothing has gone of a transaction that was still open then. */
  readonly at: Snapshot;
}

/** What a reader must know of the journal as a whole. */
export interface JournalState {
  readonly epoch: string;
  /** As far as the last transaction that has told anything, which is on the disk. */
  readonly now: Snapshot;
  readonly pruned: PrunedJournal | null;
  /** The database's clock. */
  readonly clock: number;
}

const selectState: Sql = (n) => `
select pg_current_snapshot()::text as snapshot, ${databaseNow} as now,
  (select value from ${n.meta} where name = 'epoch') as epoch, (select value from ${n.meta} where name = 'pruned') as pruned,
  (select e.xid::text from ${n.event} e order by e.xid desc limit 1) as last`;

/**
 * Keeps every part of the journal until the transaction ends. It comes first: what is emptied after the moment that a
 * transaction sees, and before it looks there, would be missing without a word.
 */
export const keepJournal: Sql = (n) => `lock table ${n.event} in access share mode`;

/** The journal as the transaction sees it. */
export async function journalState(session: Pick<Session, "run">): Promise<JournalState> {
  const [row] = await session.run(selectState);
  const pruned = prunedOf(textOrNull(row?.[3]));
  const last = BigInt(textOrNull(row?.[4]) ?? 0);
  return {
    now: momentOf(parseSnapshot(String(row?.[0])), pruned !== null && pruned.xid > last ? pruned.xid : last),
    clock: Number(row?.[1]),
    epoch: textOrNull(row?.[2]) ?? "",
    pruned,
  };
}

function momentOf(snapshot: Snapshot | null, last: bigint): Snapshot {
  return snapshot === null || last < beforeAll.xmax ? beforeAll : upTo(snapshot, last);
}

function prunedOf(text: string | null): PrunedJournal | null {
  const [xid, seq, at] = text?.split(" ") ?? [];
  const snapshot = parseSnapshot(at ?? "");
  return xid === undefined || seq === undefined || !snapshot
    ? null
    : { xid: BigInt(xid), seq: BigInt(seq), at: snapshot };
}

/** What has been taken away, as text. */
export function prunedText({ xid, seq, at }: PrunedJournal): string {
  return `${xid} ${seq} ${at.text}`;
}

/** The place after everything that a snapshot shows. */
export function placeAfter(seen: Snapshot): JournalPlace {
  return { seen, window: null, seq: 0n, entry: 0 };
}

/** A place as text. */
export function cursorAt(epoch: string, { seen, window, seq, entry }: JournalPlace): EventCursor {
  return [epoch, seen.text, ...(window ? [window.text, seq, entry] : [])].join("~");
}

/** The place after everything there is. */
export function journalEnd(state: JournalState): EventCursor {
  return cursorAt(state.epoch, placeAfter(state.now));
}

/** Where a cursor points, or why it points nowhere. @throws `CURSOR_INVALID` when it is no cursor at all. */
export function placeOfCursor(
  state: JournalState,
  cursor: EventCursor,
): JournalPlace | { readonly reset: "epoch" | "ahead" | "retention" } {
  if (cursor === journalStart) return state.pruned ? { reset: "retention" } : placeAfter(beforeAll);
  const [epoch = "", ...rest] = cursor.split("~");
  const place = placeOfParts(rest);
  if (epoch === "" || !place) {
    throw new TaskError("CURSOR_INVALID", "This is no event cursor of a Postgres store.", { details: { cursor } });
  }
  if (epoch !== state.epoch) return { reset: "epoch" };
  const { seen, window } = place;
  if ((window ?? seen).xmax > state.now.xmax) return { reset: "ahead" };
  return state.pruned === null || isPast(place, state.pruned) ? place : { reset: "retention" };
}

/**
 * Whether a reader at this place has surely read all that has gone: also of transactions that were open when it looked, of which
 * nobody knows any more whether they had told something. Retention asks the same before it takes anything away.
 */
export function isPast({ seen, window, seq }: JournalPlace, pruned: PrunedJournal): boolean {
  if (areAllSeen(seen, pruned.xid, pruned.at)) return true;
  return window !== null && areAllSeen(window, pruned.xid, pruned.at) && pruned.seq < seq;
}

function placeOfParts(parts: readonly string[]): JournalPlace | null {
  const [seenText, windowText, seq, entry] = parts;
  const seen = parseSnapshot(seenText ?? "");
  if (!seen) return null;
  if (parts.length === 1) return placeAfter(seen);
  const window = parseSnapshot(windowText ?? "");
  const isWhole = /^(0|[1-9][0-9]{0,17})$/;
  if (parts.length !== 4 || !window || !isWhole.test(seq ?? "") || !isWhole.test(entry ?? "")) return null;
  return { seen, window, seq: BigInt(seq ?? 0), entry: Number(entry) };
}
