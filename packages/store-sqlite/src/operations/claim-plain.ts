import type { ClaimRequest, TaskRecord } from "@millrace/models";
import { eventCode } from "@millrace/store-sql";
import type { Sql } from "../connection/connection.ts";
import type { SqliteRow, SqliteValue } from "../driver/sqlite-database.ts";
import { code, flag } from "../row/task-flags.ts";
import { storedTask } from "../row/task-row.ts";
import { readStored } from "../transaction/read-stored.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";

const claimTask: Sql = (n) => `
update ${n.task} set status = 2, attempt = 1, version = version + 1, lease_token = ?, host_id = ?,
  lease_expires_at = ?, claimed_at = ?, updated_at = null
where seq = ?`;

const claimed = eventCode("claimed") ?? 0;

/**
 * M2 of a task in its first attempt of which nothing special was said, in one short statement: what it makes of the row is
 * what `applyMove` would make of it.
 */
export function claimPlain(tx: StoreTransaction, row: SqliteRow, request: ClaimRequest): TaskRecord {
  const { hostId, leaseMs } = request;
  const { now } = tx;
  const token = tx.random.uuid();
  const until = now + leaseMs;
  tx.use(claimTask).run(token, hostId, until, now, row[0] ?? null);
  const after = row as SqliteValue[];
  const version = (row[9] as number) + 1;
  after[4] = code.claimed;
  after[8] = 1;
  after[9] = version;
  after[11] = token;
  after[12] = hostId;
  after[13] = until;
  after[16] = null;
  after[17] = now;
  const stored = (row[5] as number) & flag.input ? readStored(tx, after) : storedTask(after, null);
  const { task } = stored;
  tx.leases.set(stored);
  const { tenantId, kind, id } = task;
  const fields = {
    type: claimed,
    at: now,
    tenantId,
    kind,
    was: code.queued,
    became: code.claimed,
    reason: null,
    hostId,
  };
  tx.journal.tellShort(fields, { id, version, attempt: 1 });
  tx.counts.add(task, code.queued, -1);
  tx.counts.add(task, code.claimed, 1);
  return task;
}
