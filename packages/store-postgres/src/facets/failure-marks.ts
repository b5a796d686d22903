import {
  applyFailureMarks,
  type FailureMark,
  type FailureMarkAnswer,
  type FailureMarkAsk,
  mostFailureMarks,
  takenMarks,
} from "@millrace/models";
import { failureMarkColumns, failureMarkOfRow, failureMarkRow } from "@millrace/store-sql";
import type { Session, Sql } from "../connection/session.ts";
import { readClock } from "../transaction/hold.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";

// One batch at a time: two that bring the same new keys in another order would wait for each other.
const lockMarks: Sql = (n) => `lock table ${n.failure_mark} in share row exclusive mode`;
const selectMarks: Sql = (n) => `select ${failureMarkColumns} from ${n.failure_mark} order by marked_at desc, key`;
const putMark: Sql = (n) => `
insert into ${n.failure_mark} (${failureMarkColumns}) values ($1, $2, $3, $4, $5, $6)
on conflict (key) do update set state = excluded.state, marked_at = excluded.marked_at, marked_by = excluded.marked_by,
  note = excluded.note, until_count = excluded.until_count`;
const dropMarks: Sql = (n) => `delete from ${n.failure_mark} where key = any($1::text[])`;
const dropOldMarks: Sql = (n) => `
delete from ${n.failure_mark} where key in (
  select key from ${n.failure_mark} order by marked_at desc, key offset ${mostFailureMarks})`;

/** What operators say of failures, the newest first. */
export async function listFailureMarks(session: Session): Promise<readonly FailureMark[]> {
  return Object.freeze((await session.run(selectMarks)).map(failureMarkOfRow));
}

/** Keeps marks; the oldest give way to what is too many. */
export async function setFailureMarks(
  tx: StoreTransaction,
  asks: readonly FailureMarkAsk[],
): Promise<readonly FailureMarkAnswer[]> {
  const before = await lockedMarks(tx);
  await readClock(tx);
  const answers = applyFailureMarks(asks, { before, now: tx.now });
  for (const { mark } of answers) tx.write(putMark, failureMarkRow(mark));
  tx.write(dropOldMarks);
  return answers;
}

/** Takes marks back. */
export async function removeFailureMarks(
  tx: StoreTransaction,
  keys: readonly string[],
): Promise<readonly (FailureMark | null)[]> {
  const before = await lockedMarks(tx);
  tx.write(dropMarks, [keys]);
  return takenMarks(keys, before);
}

async function lockedMarks(tx: StoreTransaction): Promise<readonly FailureMark[]> {
  tx.write(lockMarks);
  return (await tx.query(selectMarks)).map(failureMarkOfRow);
}
