import type { Sql } from "../connection/session.ts";
import { foldCounts } from "../read/counters.ts";
import {
  isPast,
  type JournalPlace,
  type JournalState,
  journalState,
  placeOfCursor,
  prunedText,
} from "../read/journal-place.ts";
import { isSeen } from "../read/snapshot.ts";
import { numberOf } from "../row/task-row.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";

/** How long a saved cursor holds the journal back after its reader was last heard of. */
const cursorCountsForMs = 7 * 24 * 60 * 60 * 1000;

const liveCursors: Sql = (n) => `select cursor from ${n.cursor} where saved_at > $1`;
export const nextEvents: Sql = (n) =>
  `select seq, n, at, xid from ${n.event} where seq > $1::bigint order by seq limit $2`;
export const notePruned: Sql = (n) => `
insert into ${n.meta} (name, value) values ('pruned', $1) on conflict (name) do update set value = excluded.value`;

/** The places of readers that were heard of lately. One whose cursor would be answered with a reset waits for nothing. */
export async function liveReaders(tx: StoreTransaction, state: JournalState): Promise<readonly JournalPlace[]> {
  const cursors = await tx.query(liveCursors, [tx.now - cursorCountsForMs]);
  return cursors
    .map(([cursor]) => placeOfCursor(state, String(cursor)))
    .flatMap((found) => ("seen" in found ? [found] : []));
}

/**
 * Cuts the journal behind what nobody will read any more: what is old enough, in the counts, and behind every reader that was
 * heard of lately. The rows stay where they are, out of every reader's sight, until their whole part can go.
 */
export async function pruneJournal(tx: StoreTransaction, keepMs: number, limit: number): Promise<number> {
  const session = { run: tx.query.bind(tx) };
  // The row of the counts is the lock: one prunes at a time.
  const folded = await foldCounts(session);
  const state = await journalState(session);
  const readers = await liveReaders(tx, state);
  const before = state.pruned ?? { xid: 0n, seq: 0n };
  let pruned = { xid: before.xid, seq: before.seq };
  let cut = 0;
  for (const [seqColumn, n, at, xidColumn] of await tx.query(nextEvents, [String(before.seq), limit])) {
    const seq = BigInt(String(seqColumn));
    const xid = BigInt(String(xidColumn));
    const isOld = numberOf(at) <= tx.now - keepMs && isSeen(folded, xid);
    const next = { xid: xid > pruned.xid ? xid : pruned.xid, seq, at: folded };
    if (!isOld || !readers.every((place) => isPast(place, next))) break;
    if (cut > 0 && cut + numberOf(n) > limit) break;
    cut += numberOf(n);
    pruned = next;
  }
  if (cut > 0) tx.write(notePruned, [prunedText({ ...pruned, at: folded })]);
  return cut;
}
