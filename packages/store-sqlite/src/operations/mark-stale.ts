import { staleMove, type TaskRecord } from "@millrace/models";
import type { Sql } from "../connection/connection.ts";
import { makeMove } from "../effects/make-move.ts";
import { taskColumns } from "../row/task-row.ts";
import { readStored } from "../transaction/read-stored.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";

/** Leased tasks, the longest silent first. There are never more than all hosts together can hold. */
const selectSilent: Sql = (n) => `
select ${taskColumns} from ${n.task} indexed by ${n.task}_lease
where lease_expires_at is not null and coalesce(last_sign_at, started_at, claimed_at) <= ?
order by coalesce(last_sign_at, started_at, claimed_at), id`;

/** The watchdog: labels leased tasks that have been silent for too long, the longest silent first. */
export function markStale(tx: StoreTransaction, silentForMs: number, limit: number): readonly TaskRecord[] {
  tx.journal.begin("stale");
  const marked: TaskRecord[] = [];
  for (const row of tx.use(selectSilent).all(tx.now)) {
    if (marked.length >= limit) break;
    const stored = readStored(tx, row);
    const move = staleMove(stored.task, silentForMs, tx.now);
    if (!move) continue;
    const result = makeMove(tx, stored, move);
    if (result.type === "made") marked.push(result.task);
  }
  return marked;
}
