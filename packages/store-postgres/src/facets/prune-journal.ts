import type { Sql } from "../connection/session.ts";
import { foldCounts } from "../read/counters.ts";
import { type JournalPlace, journalState, placeOfCursor } from "../read/journal-place.ts";
import { isSeen } from "../read/snapshot.ts";
import { numberOf } from "../row/task-row.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";

/** How long a saved cursor holds the journal back after its reader was last heard of. */
const cursorCountsForMs = 7 * 24 * 60 * 60 * 1000;

const liveCursors: Sql = (n) => `select cursor from ${n.cursor} where saved_at > $1`;
const oldEvents: Sql = (n) => `select seq, n, at, xid from ${n.event} order by seq limit $1 for update skip locked`;
const dropEvents: Sql = (n) => `delete from ${n.event} where seq = any($1::bigint[])`;
const notePruned: Sql = (n) => `
insert into ${n.meta} (name, value) values ('pruned', $1) on conflict (name) do update set value = excluded.value`;

/** What nobody will read any more: old enough, in the counts, and behind every reader that was heard of lately. */
export async function pruneJournal(tx: StoreTransaction, keepMs: number, limit: number): Promise<number> {
  const session = { run: tx.query.bind(tx) };
  // The row of the counts is the lock: one prunes at a time.
  const folded = await foldCounts(session);
  const state = await journalState(session);
  const readers = (await tx.query(liveCursors, [tx.now - cursorCountsForMs]))
    .map(([cursor]) => placeOfCursor(state, String(cursor)))
    // A reader whose cursor would be answered with a reset waits for nothing.
    .flatMap((found) => ("seen" in found ? [found] : []));
  const gone: bigint[] = [];
  let pruned = state.pruned ?? { xid: 0n, seq: 0n };
  let deleted = 0;
  for (const [seqColumn, n, at, xidColumn] of await tx.query(oldEvents, [limit])) {
    const seq = BigInt(String(seqColumn));
    const xid = BigInt(String(xidColumn));
    const isOld = numberOf(at) <= tx.now - keepMs && isSeen(folded, xid);
    if (!isOld || !readers.every((place) => isRead(place, { seq, xid }))) break;
    if (deleted > 0 && deleted + numberOf(n) > limit) break;
    deleted += numberOf(n);
    gone.push(seq);
    pruned = { xid: xid > pruned.xid ? xid : pruned.xid, seq: seq > pruned.seq ? seq : pruned.seq };
  }
  if (gone.length === 0) return 0;
  tx.write(dropEvents, [gone.map(String)]);
  tx.write(notePruned, [`${pruned.xid} ${pruned.seq}`]);
  return deleted;
}

function isRead(place: JournalPlace, row: { readonly seq: bigint; readonly xid: bigint }): boolean {
  if (isSeen(place.seen, row.xid)) return true;
  return place.window !== null && isSeen(place.window, row.xid) && row.seq < place.seq;
}
