import {
  applyFailureMarks,
  type FailureMark,
  type FailureMarkAnswer,
  type FailureMarkAsk,
  mostFailureMarks,
  takenMarks,
} from "@millrace/models";
import { failureMarkColumns, failureMarkOfRow, failureMarkRow } from "@millrace/store-sql";
import type { Sql } from "../connection/connection.ts";
import type { Reader } from "../transaction/read-stored.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";

const selectMarks: Sql = (n) => `select ${failureMarkColumns} from ${n.failure_mark} order by marked_at desc, key`;
const putMark: Sql = (n) =>
  `insert or replace into ${n.failure_mark} (${failureMarkColumns}) values (?, ?, ?, ?, ?, ?)`;
const dropMark: Sql = (n) => `delete from ${n.failure_mark} where key = ?`;
const dropOldMarks: Sql = (n) => `
delete from ${n.failure_mark} where key in (
  select key from ${n.failure_mark} order by marked_at desc, key limit -1 offset ${mostFailureMarks})`;

/** What operators say of failures, the newest first. */
export function listFailureMarks(reader: Reader): readonly FailureMark[] {
  return Object.freeze(reader.use(selectMarks).all().map(failureMarkOfRow));
}

/** Keeps marks; the oldest give way to what is too many. */
export function setFailureMarks(tx: StoreTransaction, asks: readonly FailureMarkAsk[]): readonly FailureMarkAnswer[] {
  const answers = applyFailureMarks(asks, { before: listFailureMarks(tx), now: tx.now });
  for (const { mark } of answers) tx.use(putMark).run(...failureMarkRow(mark));
  tx.use(dropOldMarks).run();
  return answers;
}

/** Takes marks back. */
export function removeFailureMarks(tx: StoreTransaction, keys: readonly string[]): readonly (FailureMark | null)[] {
  const taken = takenMarks(keys, listFailureMarks(tx));
  for (const key of keys) tx.use(dropMark).run(key);
  return taken;
}
