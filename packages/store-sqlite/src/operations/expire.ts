import type { Move, TaskId, TaskRecord } from "@millrace/models";
import { mostFollowed } from "@millrace/store-sql";
import type { Sql } from "../connection/connection.ts";
import type { SqliteRow } from "../driver/sqlite-database.ts";
import { drainEnded, followLeft } from "../effects/drain-ended.ts";
import { makeMove } from "../effects/make-move.ts";
import { loseHosts } from "../effects/lose-hosts.ts";
import { timer } from "../transaction/place-entries.ts";
import { getBySeq } from "../transaction/read-stored.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";

/** Leases that ended before now, the longest overdue first. */
const selectOverdue: Sql = (n) => `
select seq from ${n.task} indexed by ${n.task}_lease
where lease_expires_at is not null and lease_expires_at < ? order by lease_expires_at, id limit ?`;

const selectRecovering: Sql = (n) => `
select host_id, coalesce(superseded_by, host_id), recover_until from ${n.host} where recover_until is not null order by host_id`;
/** Leases of a host that gave way, of the time before it did. */
const selectHeld: Sql = (n) => `
select seq from ${n.task} indexed by ${n.task}_lease
where lease_expires_at is not null and host_id = ? and claimed_at <= ? order by id limit ?`;
const endRecovery: Sql = (n) => `update ${n.host} set recover_until = null where host_id = ?`;

/** Deadlines of one sort that have come, the longest overdue first. */
const selectTimers: Sql = (n) => `
select r.seq from ${n.timer} r join ${n.task} t on t.seq = r.seq
where r.type = ? and r.at <= ? order by r.at, t.id limit ?`;

/** M12, M11 by deadline and M20: up to `limit` of each, the longest overdue first; and ends that are still to be followed. */
export function expire(tx: StoreTransaction, limit: number): readonly TaskRecord[] {
  tx.journal.begin("expire");
  loseHosts(tx);
  const { now } = tx;
  followLeft(tx, endedBefore(tx, limit));
  const overdue = tx.use(selectOverdue).all(now, limit);
  const wakes = tx.use(selectTimers).all(timer.wake, now, limit);
  const late = tx.use(selectTimers).all(timer.startBy, now, limit);
  return [
    ...makeEach(tx, overdue, { type: "expire-lease" }),
    ...recoverSuperseded(tx, limit),
    ...makeEach(tx, wakes, { type: "wake", reason: "timeout", payload: null, aborted: false }),
    ...makeEach(tx, late, { type: "expire-start" }),
  ];
}

/** Goes on with what transactions before have ended and left to be followed. */
export function followLater(tx: StoreTransaction): void {
  tx.journal.begin("follow");
  followLeft(tx, endedBefore(tx, mostFollowed));
}

function endedBefore(tx: StoreTransaction, limit: number): readonly TaskId[] {
  const rows = tx.use(selectTimers).all(timer.ended, tx.now, limit);
  return rows.flatMap(([seq]) => getBySeq(tx, Number(seq))?.task.id ?? []);
}

/** What superseded hosts held when they gave way. */
function recoverSuperseded(tx: StoreTransaction, limit: number): readonly TaskRecord[] {
  const recovered: TaskRecord[] = [];
  for (const [hostId, supersededBy, until] of tx.use(selectRecovering).all()) {
    const rows = tx.use(selectHeld).all(hostId ?? null, until ?? null, limit - recovered.length);
    if (rows.length === 0) tx.use(endRecovery).run(hostId ?? null);
    recovered.push(...makeEach(tx, rows, { type: "expire-lease", supersededBy: String(supersededBy) }));
    if (recovered.length >= limit) break;
  }
  return recovered;
}

function makeEach(tx: StoreTransaction, rows: readonly SqliteRow[], move: Move): readonly TaskRecord[] {
  return rows.flatMap(([seq]) => {
    const stored = getBySeq(tx, Number(seq));
    if (!stored) return [];
    const result = makeMove(tx, stored, move);
    drainEnded(tx);
    return result.type === "made" ? [result.task] : [];
  });
}
