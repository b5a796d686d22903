import { isLeased, staleMove, type TaskRecord } from "@millrace/models";
import { nowSql } from "../connection/clock-sql.ts";
import type { Sql } from "../connection/session.ts";
import { makeMove } from "../effects/make-move.ts";
import { flag } from "../row/task-flags.ts";
import { getTask, hold } from "../transaction/hold.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";

/** Leased tasks that said nothing for a while, the longest silent first. All hosts together hold never very many. */
const selectSilent: Sql = (n) => `
select r.id from ${n.running} r join ${n.task} t on t.id = r.id
where r.flags & ${flag.stale} = 0
  and coalesce(r.last_sign_at, r.started_at, r.claimed_at)
    <= ${nowSql(1)} - coalesce((t.fixed::json ->> 'watchdogMs')::bigint, nullif($2::bigint, 0))
order by coalesce(r.last_sign_at, r.started_at, r.claimed_at), r.id limit $3`;

/** The watchdog: labels leased tasks that have been silent for too long, the longest silent first. */
export async function markStale(
  tx: StoreTransaction,
  silentForMs: number,
  limit: number,
): Promise<readonly TaskRecord[]> {
  tx.journal.begin("stale");
  const rows = await tx.query(selectSilent, [tx.clock?.now() ?? null, silentForMs, limit]);
  const ids = rows.map(([id]) => String(id));
  await hold(tx, ids);
  const marked: TaskRecord[] = [];
  for (const id of ids) {
    const stored = await getTask(tx, id);
    if (!stored || !isLeased(stored.task.status)) continue;
    // Somebody may have said something since it was found.
    const move = staleMove(stored.task, silentForMs, tx.now);
    if (!move) continue;
    const result = makeMove(tx, stored, move);
    if (result.type === "made") marked.push(result.task);
  }
  return marked;
}
