import type { ClaimRequest, TaskRecord } from "@millrace/models";
import { eventCode } from "@millrace/store-sql";
import type { Sql } from "../connection/connection.ts";
import { code, flag } from "../row/task-flags.ts";
import { storedTask } from "../row/task-row.ts";
import { inputApart } from "../transaction/read-stored.ts";
import { cutBySize, inSizes, listOf } from "../transaction/rows-at-once.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import type { ReadyRow } from "./claim-queue.ts";

const claimRows = (rows: number): Sql => {
  const seqs = listOf(rows, "+?");
  return (n) => `
update or fail ${n.task} set status = 2, attempt = 1, version = version + 1, lease_token = ?, host_id = ?,
  lease_expires_at = ?, claimed_at = ?, updated_at = null
where seq in (${seqs})`;
};

const claimMany = inSizes(claimRows);
const claimOne = claimRows(1);

/** A claim with the token of its leases: with task and attempt beside it, one token fences all that the claim takes. */
export interface LeaseRequest extends ClaimRequest {
  readonly leaseToken: string;
}

const claimed = eventCode("claimed") ?? 0;

/**
 * M2 of tasks in their first attempt of which nothing special was said, many in one short statement: what it makes of a row is
 * what `applyMove` would make of it.
 */
export class PlainClaims {
  readonly #tx: StoreTransaction;
  readonly #request: LeaseRequest;
  #seqs: number[] = [];

  constructor(tx: StoreTransaction, request: LeaseRequest) {
    this.#tx = tx;
    this.#request = request;
  }

  /** The record of the claimed task. Its row is as it was until `write` is called. */
  take(row: ReadyRow, kind: string): TaskRecord {
    const tx = this.#tx;
    const { hostId, leaseMs, leaseToken: token } = this.#request;
    const { now } = tx;
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
        now + leaseMs,
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
    this.#seqs.push(seq);
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

  /** Writes what was taken since the last time. */
  write(): void {
    const { hostId, leaseMs, leaseToken } = this.#request;
    const { now } = this.#tx;
    const { pieces, rest } = cutBySize(this.#seqs, claimMany);
    for (const { sql, items } of pieces) this.#tx.use(sql).run(leaseToken, hostId, now + leaseMs, now, ...items);
    for (const seq of rest) this.#tx.use(claimOne).run(leaseToken, hostId, now + leaseMs, now, seq);
    this.#seqs = [];
  }
}
