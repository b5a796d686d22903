import type { Engine } from "../connection/engine.ts";
import type { Row, Sql } from "../connection/session.ts";
import { foldCounts } from "../read/counters.ts";
import { isPast, type JournalPlace, type JournalState, journalState, prunedText } from "../read/journal-place.ts";
import { areAllSeen, type Snapshot } from "../read/snapshot.ts";
import { numberOf, numberOrNull, textOrNull } from "../row/task-row.ts";
import { readClock } from "../transaction/hold.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { liveReaders, notePruned } from "./prune-journal.ts";

/** How many parts the journal has. */
const partCount = 8;
/** A part is written to for this share of the time that the journal is kept. */
const shareOfKeep = 4;
/** A reader may be in the middle of a part; readers that come meanwhile wait as long as we do. Milliseconds. */
const mostWaitMs = 50;

const partOf = (n: { readonly event: string }): string => `'${n.event}_part'`;
export const selectParts: Sql = (n) => `
select p.part, p.part = pg_sequence_last_value(${partOf(n)}) as is_written, f.at as first_at, l.seq as last_seq, x.xid as last_xid
from unnest($1::smallint[]) p(part)
left join lateral (select e.at from ${n.event} e where e.part = p.part order by e.seq limit 1) f on true
left join lateral (select e.seq from ${n.event} e where e.part = p.part order by e.seq desc limit 1) l on true
left join lateral (select e.xid from ${n.event} e where e.part = p.part order by e.xid desc limit 1) x on true
order by p.part`;
const writeTo: Sql = (n) => `select setval(${partOf(n)}, $1)`;
const waitBriefly: Sql = () => `set local lock_timeout = '${mostWaitMs}ms'`;

/** One part of the journal as it stands. */
interface JournalPart {
  readonly part: number;
  readonly isWritten: boolean;
  /** Null: the part is empty. */
  readonly firstAt: number | null;
  readonly lastSeq: bigint;
  readonly lastXid: bigint;
}

/** What must be known to empty a part. */
interface Horizon {
  readonly state: JournalState;
  readonly folded: Snapshot;
  readonly readers: readonly JournalPlace[];
}

/**
 * Empties the parts of the journal that retention has passed as a whole, and turns to an empty one when the one that is
 * written to is old enough. Emptying takes a lock on the one part only, which nobody writes to any more; when a reader is in
 * it, or a transaction that wrote to it is still open, it is left for the next time.
 *
 * @throws `STORE_BUSY` when the lock of a part was not to be had
 */
export async function keepJournalParts(engine: Engine, keepMs: number): Promise<void> {
  await engine.transaction(async (tx) => {
    const session = { run: tx.query.bind(tx) };
    await readClock(tx);
    // The row of the counts is the lock: one prunes at a time.
    const folded = await foldCounts(session);
    const state = await journalState(session);
    const horizon = { folded, state, readers: await liveReaders(tx, state) };
    const parts = await partsOf(tx, allParts);
    const passed = parts.filter((part) => !part.isWritten && isPassed(part, horizon));
    const isDue = parts.some(
      ({ isWritten, firstAt }) => isWritten && (firstAt ?? tx.now) <= tx.now - keepMs / shareOfKeep,
    );
    const empty = parts.find(({ isWritten, firstAt }) => !isWritten && firstAt === null);
    if (isDue && empty) await tx.query(writeTo, [empty.part]);
    for (const { part } of passed) await emptyPart(tx, part, horizon);
  });
}

const allParts = Array.from({ length: partCount }, (_, part) => part);

async function partsOf(tx: StoreTransaction, parts: readonly number[]): Promise<readonly JournalPart[]> {
  return (await tx.query(selectParts, [parts])).map(partOfRow);
}

function partOfRow([part, isWritten, firstAt, lastSeq, lastXid]: Row): JournalPart {
  return {
    part: numberOf(part),
    isWritten: isWritten === true,
    firstAt: numberOrNull(firstAt),
    lastSeq: BigInt(textOrNull(lastSeq) ?? 0),
    lastXid: BigInt(textOrNull(lastXid) ?? 0),
  };
}

/** Whether all of a part lies before what retention has cut, is in the counts, and was read by everybody. */
function isPassed({ firstAt, lastSeq, lastXid }: JournalPart, { state, folded, readers }: Horizon): boolean {
  if (firstAt === null || state.pruned === null || lastSeq > state.pruned.seq) return false;
  const isSeenBy = (snapshot: Snapshot): boolean => areAllSeen(snapshot, lastXid, state.now);
  return isSeenBy(folded) && readers.every(({ seen }) => isSeenBy(seen));
}

async function emptyPart(tx: StoreTransaction, part: number, horizon: Horizon): Promise<void> {
  const table = `${tx.session.names.event}_${part}`;
  tx.write(waitBriefly);
  await tx.statement(`lock table ${table} in access exclusive mode`);
  // Whoever wrote to it is done by now, and was perhaps not when it was looked at.
  const state = await journalState({ run: tx.query.bind(tx) });
  const [now] = await partsOf(tx, [part]);
  if (!now || state.pruned === null || !isPassed(now, { ...horizon, state })) return;
  const { seq, xid } = state.pruned;
  const next = { xid: xid > now.lastXid ? xid : now.lastXid, seq, at: state.now };
  if (!horizon.readers.every((place) => isPast(place, next))) return;
  await tx.statement(`truncate table ${table}`);
  tx.write(notePruned, [prunedText(next)]);
}
