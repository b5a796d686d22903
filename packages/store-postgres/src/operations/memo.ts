import { applyMove, type LeasedMemo, lostAnswer, type MemoAnswer } from "@millrace/models";
import type { Sql } from "../connection/session.ts";
import { flag } from "../row/task-flags.ts";
import type { StoredTask } from "../row/task-row.ts";
import { valueOfText, valueToText } from "../row/value-column.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { saveStored } from "../transaction/task-table.ts";
import { answerEach } from "./each.ts";
import { withLease } from "./lease-answer.ts";

const selectMemo: Sql = (n) => `select value from ${n.memo} where task = $1 and name = $2`;
const insertMemo: Sql = (n) => `insert into ${n.memo} (task, name, value) values ($1, $2, $3)`;

/** What `context.once` remembers: the first value under a key stays. */
export function memo(tx: StoreTransaction, asks: readonly LeasedMemo[]): Promise<readonly MemoAnswer[]> {
  tx.journal.begin("memo");
  return answerEach(tx, asks, (ask) => withLease<MemoAnswer>(tx, ask, (stored) => memoOne(tx, stored, ask)));
}

async function memoOne(tx: StoreTransaction, stored: StoredTask, ask: LeasedMemo): Promise<MemoAnswer> {
  const result = applyMove(stored.task, { type: "checkpoint", lease: ask, key: ask.key }, tx.now);
  if (result.type !== "made") return lostAnswer(result);
  const [known] = await tx.query(selectMemo, [stored.task.id, ask.key]);
  if (known || ask.value === undefined) return { status: "held", value: known ? valueOfText(known[0]) : null };
  saveStored(tx, stored, { task: result.task, moreFlags: flag.rows });
  tx.write(insertMemo, [stored.task.id, ask.key, valueToText(ask.value)]);
  for (const event of result.events) tx.journal.tell(result.task, event);
  return { status: "held", value: ask.value };
}
