import { applyMove, type LeasedMemo, lostAnswer, type MemoAnswer } from "@millrace/models";
import { valueOfColumn, valueToColumn } from "@millrace/store-sql";
import type { Sql } from "../connection/connection.ts";
import { saveStored } from "../transaction/task-table.ts";
import { flag } from "../row/task-flags.ts";
import type { StoredTask } from "../row/task-row.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { withLease } from "./lease-answer.ts";

const selectMemo: Sql = (n) => `select value from ${n.memo} where task = ? and name = ?`;
const insertMemo: Sql = (n) => `insert into ${n.memo} (task, name, value) values (?, ?, ?)`;

/** What `context.once` remembers: the first value under a key stays. */
export function memo(tx: StoreTransaction, asks: readonly LeasedMemo[]): readonly MemoAnswer[] {
  tx.journal.begin("memo");
  return asks.map((ask) => withLease<MemoAnswer>(tx, ask, (stored) => memoOne(tx, stored, ask)));
}

function memoOne(tx: StoreTransaction, stored: StoredTask, ask: LeasedMemo): MemoAnswer | null {
  const result = applyMove(stored.task, { type: "checkpoint", lease: ask, key: ask.key }, tx.now);
  if (result.type !== "made") return lostAnswer(result);
  const known = tx.use(selectMemo).get(stored.seq, ask.key);
  if (known || ask.value === undefined) {
    if (!isStillHeld(tx, stored)) return null;
    return { status: "held", value: known ? valueOfColumn(known[0]) : null };
  }
  if (!saveStored(tx, stored, { task: result.task, moreFlags: flag.rows })) return null;
  tx.use(insertMemo).run(stored.seq, ask.key, valueToColumn(ask.value));
  for (const event of result.events) tx.journal.tell(result.task, event);
  return { status: "held", value: ask.value };
}

const selectVersion: Sql = (n) => `select 1 from ${n.task} where seq = ? and lease_token = ? and version = ?`;

// A look-up writes nothing that would notice that what is remembered of the lease is wrong.
function isStillHeld(tx: StoreTransaction, { seq, task }: StoredTask): boolean {
  return tx.use(selectVersion).get(seq, task.leaseToken, task.version) !== undefined;
}
