import type { Move, TaskId, TaskRecord } from "@millrace/models";
import { mostFollowed } from "@millrace/store-sql";
import type { Row, Sql } from "../connection/session.ts";
import { drainEnded, followLeft } from "../effects/drain-ended.ts";
import { loseHosts } from "../effects/lose-hosts.ts";
import { makeMove } from "../effects/make-move.ts";
import { lockSuperseded } from "../effects/recover-superseded.ts";
import { lockKeysOfHeld } from "../transaction/key-rows.ts";
import { getTask, hold, readClock } from "../transaction/hold.ts";
import { timer } from "../transaction/place-entries.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";

/** Leases that ended before now, the longest overdue first. What another sweep is busy with is left to it. */
const selectOverdue: Sql = (n) => `
select id from ${n.running} where lease_expires_at < $1 order by lease_expires_at, id limit $2 for update skip locked`;

/** Deadlines of one sort that have come, the longest overdue first. */
const selectTimers: Sql = (n) => `
select id from ${n.timer} where type = $1 and at <= $2 order by at, id limit $3 for update skip locked`;

/** M12, M11 by deadline and M20: up to `limit` of each, the longest overdue first; and ends that are still to be followed. */
export async function expire(tx: StoreTransaction, limit: number): Promise<readonly TaskRecord[]> {
  tx.journal.begin("expire");
  await readClock(tx);
  await loseHosts(tx);
  const { now } = tx;
  const [overdue, wakes, late, left, superseded] = await Promise.all([
    tx.query(selectOverdue, [now, limit]),
    tx.query(selectTimers, [timer.wake, now, limit]),
    tx.query(selectTimers, [timer.startBy, now, limit]),
    tx.query(selectTimers, [timer.ended, now, limit]),
    lockSuperseded(tx, limit),
  ]);
  const lapsed = new Set(overdue.map(idOf));
  const recovered = superseded.filter(({ id }) => !lapsed.has(id));
  await hold(tx, [...[...overdue, ...wakes, ...late, ...left].map(idOf), ...recovered.map(({ id }) => id)]);
  await lockKeysOfHeld(tx, [...tx.held.keys()]);
  await followLeft(tx, left.map(idOf));
  const made = await makeEach(tx, [...lapsed], { type: "expire-lease" });
  for (const { id, supersededBy } of recovered) {
    made.push(...(await makeEach(tx, [id], { type: "expire-lease", supersededBy })));
  }
  return [
    ...made,
    ...(await makeEach(tx, wakes.map(idOf), { type: "wake", reason: "timeout", payload: null, aborted: false })),
    ...(await makeEach(tx, late.map(idOf), { type: "expire-start" })),
  ];
}

/** Goes on with what transactions before have ended and left to be followed. */
export async function followLater(tx: StoreTransaction): Promise<void> {
  tx.journal.begin("follow");
  await readClock(tx);
  const left = (await tx.query(selectTimers, [timer.ended, tx.now, mostFollowed])).map(idOf);
  await hold(tx, left);
  await followLeft(tx, left);
}

function idOf(row: Row): TaskId {
  return String(row[0]);
}

async function makeEach(tx: StoreTransaction, ids: readonly TaskId[], move: Move): Promise<TaskRecord[]> {
  const records: TaskRecord[] = [];
  for (const id of ids) {
    const stored = await getTask(tx, id);
    if (!stored) continue;
    const result = makeMove(tx, stored, move);
    await drainEnded(tx);
    if (result.type === "made") records.push(result.task);
  }
  return records;
}
