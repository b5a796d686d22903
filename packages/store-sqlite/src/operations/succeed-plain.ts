import type { LeaseAnswer, LeasedSettlement } from "@millrace/models";
import { eventCode, valueToColumn } from "@millrace/store-sql";
import type { Sql } from "../connection/connection.ts";
import { code, plainToSucceed } from "../row/task-flags.ts";
import type { StoredTask } from "../row/task-row.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { rememberedLease } from "./lease-answer.ts";

// `ended` 6 is "by its owner, as succeeded". Times that are the same as another stay null.
const succeed: Sql = (n) => `
update ${n.task} set status = 6, version = ?, lease_expires_at = null, ended = 6, updated_at = null, started_at = ?,
  finished_at = ?, output = ?
where seq = ? and lease_token = ? and version = ? and flags = ?`;

const succeeded = eventCode("succeeded") ?? 0;

/**
 * M6 of a task of which nothing needs to follow, in one short statement that needs no read: what the move makes of the row
 * is what `applyMove` would make of it. Null, and nothing done, for every other settlement.
 */
export function succeedPlain(tx: StoreTransaction, asked: LeasedSettlement): LeaseAnswer | null {
  const { settlement } = asked;
  if (settlement.type !== "succeed") return null;
  const stored = rememberedLease(tx, asked);
  if (!stored || (stored.flags & ~plainToSucceed) !== 0) return null;
  const { seq, flags, task } = stored;
  const tellsStart = asked.started && !task.started;
  const version = task.version + (tellsStart ? 2 : 1);
  const startedAt = tellsStart ? tx.now : task.startedAt;
  const output = valueToColumn(settlement.output);
  const { changes } = tx
    .use(succeed)
    .run(version, startedAt, tx.now, output, seq, task.leaseToken, task.version, flags);
  if (Number(changes) === 0) return null;
  tx.leases.delete(task.id);
  tellSuccess(tx, stored, tellsStart);
  return { status: "held", version, next: "succeeded" };
}

function tellSuccess(tx: StoreTransaction, { code: was, task }: StoredTask, tellsStart: boolean): void {
  const { id, tenantId, kind, hostId, attempt, version } = task;
  const fields = { at: tx.now, tenantId, kind, was, became: code.succeeded, reason: null, hostId };
  if (tellsStart) tx.journal.tellBoth(fields, { id, version: version + 2, attempt });
  else tx.journal.tellShort({ ...fields, type: succeeded }, { id, version: version + 1, attempt });
  tx.counts.move(task, was, code.succeeded);
}
