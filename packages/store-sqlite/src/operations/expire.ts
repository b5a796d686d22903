import type { Move, TaskRecord } from "@millrace/models";
import type { Sql } from "../connection/connection.ts";
import type { SqliteRow } from "../driver/sqlite-database.ts";
import { drainEnded } from "../effects/drain-ended.ts";
import { makeMove } from "../effects/make-move.ts";
import { loseHosts } from "../effects/lose-hosts.ts";
import { timer } from "../transaction/place-entries.ts";
import { getBySeq } from "../transaction/read-stored.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";

/** Leases that ended before now, the longest overdue first. */
const selectOverdue: Sql = (n) => `
select seq from ${n.task} indexed by ${n.task}_lease
where lease_expires_at is not null and lease_expires_at < ? order by lease_expires_at, id limit ?`;

/** Deadlines of one sort that have come, the longest overdue first. */
const selectTimers: Sql = (n) => `
select r.seq from ${n.timer} r join ${n.task} t on t.seq = r.seq
where r.type = ? and r.at <= ? order by r.at, t.id limit ?`;

/** M12, M11 by deadline and M20: up to `limit` of each, the longest overdue first. */
export function expire(tx: StoreTransaction, limit: number): readonly TaskRecord[] {
  tx.journal.begin("expire");
  loseHosts(tx);
  const { now } = tx;
  const overdue = tx.use(selectOverdue).all(now, limit);
  const wakes = tx.use(selectTimers).all(timer.wake, now, limit);
  const late = tx.use(selectTimers).all(timer.startBy, now, limit);
  return [
    ...makeEach(tx, overdue, { type: "expire-lease" }),
    ...makeEach(tx, wakes, { type: "wake", reason: "timeout", payload: null, aborted: false }),
    ...makeEach(tx, late, { type: "expire-start" }),
  ];
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
