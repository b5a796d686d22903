import type { ClaimRequest, TaskRecord } from "@millrace/models";
import {
  eventCode,
  fixedOfColumn,
  looseOfColumn,
  type OwnFields,
  taskRecordOf,
  valueOfColumn,
} from "@millrace/store-sql";
import type { Sql } from "../connection/connection.ts";
import { code, flag } from "../row/task-flags.ts";
import type { StoredTask } from "../row/task-row.ts";
import { inputApart } from "../transaction/read-stored.ts";
import { inSizes, listOf, piecesOf, runsOf, type TaskSizes } from "../transaction/rows-at-once.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import type { ReadyRow } from "./claim-queue.ts";

const becomesClaimed = `status = 2, attempt = 1, version = version + 1, lease_token = ?, host_id = ?,
  lease_expires_at = ?, claimed_at = ?, updated_at = null`;

const claimSizes: TaskSizes = {
  many: inSizes((rows): Sql => {
    const seqs = listOf(rows, "+?");
    return (n) => `update or fail ${n.task} set ${becomesClaimed} where seq in (${seqs})`;
  }),
  one: (n) => `update ${n.task} set ${becomesClaimed} where seq = ?`,
};

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
  #taken: StoredTask[] = [];

  constructor(tx: StoreTransaction, request: LeaseRequest) {
    this.#tx = tx;
    this.#request = request;
  }

  /** The record of the claimed task. Its row is as it was until `write` is called. */
  take(row: ReadyRow, kind: string): TaskRecord {
    const { now } = this.#tx;
    const { hostId, leaseMs, leaseToken } = this.#request;
    const [seq, id, tenantId, flags, priority, scheduledAt, version, failures, createdAt, input, fixed] = row;
    const own: OwnFields = {
      id,
      tenantId,
      kind,
      status: "claimed",
      priority,
      scheduledAt,
      input: valueOfColumn(flags & flag.input ? inputApart(this.#tx, seq) : input),
      output: null,
      attempt: 1,
      failures,
      version: version + 1,
      hostId,
      leaseToken,
      leaseExpiresAt: now + leaseMs,
      lastHostId: hostId,
      lastLeaseToken: null,
      lastSignAt: now,
      createdAt,
      updatedAt: now,
      claimedAt: now,
      startedAt: null,
      finishedAt: null,
      ended: null,
    };
    const task = taskRecordOf(own, fixedOfColumn(fixed), looseOfColumn(null));
    const stored = { seq, flags, code: code.claimed, task };
    this.#taken.push(stored);
    this.#tx.leases.set(stored);
    return task;
  }

  /** Writes and tells what was taken since the last time. */
  write(): void {
    const { hostId, leaseMs, leaseToken } = this.#request;
    const { now } = this.#tx;
    for (const { sql, items } of piecesOf(this.#tx, this.#taken, claimSizes)) {
      this.#tx.use(sql).run(leaseToken, hostId, now + leaseMs, now, ...items.map(({ seq }) => seq));
    }
    for (const alike of runsOf(this.#taken, isToldAlike)) this.#tell(alike);
    this.#taken = [];
  }

  #tell(claims: readonly [StoredTask, ...StoredTask[]]): void {
    const { journal, counts, now } = this.#tx;
    const { tenantId, kind } = claims[0].task;
    const { hostId } = this.#request;
    const [was, became] = [code.queued, code.claimed];
    const fields = { type: claimed, at: now, tenantId, kind, was, became, reason: null, hostId };
    journal.tellMany(
      fields,
      claims.map(({ task }) => task),
    );
    counts.add(fields, was, -claims.length);
    counts.add(fields, became, claims.length);
  }
}

function isToldAlike({ task: a }: StoredTask, { task: b }: StoredTask): boolean {
  return a.kind === b.kind && a.tenantId === b.tenantId;
}
