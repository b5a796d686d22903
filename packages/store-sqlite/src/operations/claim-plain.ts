import type { ClaimRequest, TaskRecord } from "@millrace/models";
import { eventCode } from "@millrace/store-sql";
import type { Sql } from "../connection/connection.ts";
import type { ReadyRow } from "./claim-queue.ts";
import { code, flag } from "../row/task-flags.ts";
import { storedTask } from "../row/task-row.ts";
import { inputApart } from "../transaction/read-stored.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";

const claimTask: Sql = (n) => `
update ${n.task} set status = 2, attempt = 1, version = version + 1, lease_token = ?, host_id = ?,
  lease_expires_at = ?, claimed_at = ?, updated_at = null
where seq = ?`;

/** A claim with the token of its leases: with task and attempt beside it, one token fences all that the claim takes. */
export interface LeaseRequest extends ClaimRequest {
  readonly leaseToken: string;
}

/** For whom a task is claimed, and as one of which kind. */
export interface PlainClaim {
  readonly kind: string;
  readonly request: LeaseRequest;
}

const claimed = eventCode("claimed") ?? 0;

/**
 * M2 of a task in its first attempt of which nothing special was said, in one short statement: what it makes of the row is
 * what `applyMove` would make of it.
 */
export function claimPlain(tx: StoreTransaction, row: ReadyRow, { kind, request }: PlainClaim): TaskRecord {
  const { hostId, leaseMs, leaseToken: token } = request;
  const { now } = tx;
  const until = now + leaseMs;
  tx.use(claimTask).run(token, hostId, until, now, row[0]);
  const [seq, id, tenantId, flags, priority, scheduledAt, version, failures, createdAt, input, fixed] = row;
  const after = version + 1;
  const stored = storedTask(
    [
      seq,
      id,
      tenantId,
      kind,
      code.claimed,
      flags,
      priority,
      scheduledAt,
      1,
      after,
      failures,
      token,
      hostId,
      until,
      null,
      createdAt,
      null,
      now,
      null,
      null,
      null,
      flags & flag.input ? inputApart(tx, seq) : input,
      null,
      fixed,
    ],
    null,
  );
  const { task } = stored;
  tx.leases.set(stored);
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
  tx.journal.tellShort(fields, { id, version: after, attempt: 1 });
  tx.counts.move(task, code.queued, code.claimed);
  return task;
}
