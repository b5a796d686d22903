import { type RateLimit, type TaskRecord, type TokenBucket, tokensIn, withoutToken } from "@millrace/models";
import { bucketOf, rateOfColumn } from "@millrace/store-sql";
import type { Sql } from "../connection/connection.ts";
import type { StoreTransaction } from "./store-transaction.ts";

/** A concurrency key of a tenant: it exists while an open task carries it, or an operator has said something of it. */
export interface KeyRow {
  /** An operator's, or that of the enqueue which began the present use of the key; null while there is neither. */
  readonly limit: number | null;
  readonly held: number;
  readonly rate: RateLimit | null;
  readonly bucket: TokenBucket | null;
}

const selectKey: Sql = (n) =>
  `select case when used > 0 or fixed = 1 then lim end, held, rate, drops, refilled_at from ${n.key} where tenant_id = ? and key = ?`;

const setBucket: Sql = (n) => `update ${n.key} set drops = ?, refilled_at = ? where tenant_id = ? and key = ?`;

/** A key as it stands. */
export function getKey(tx: StoreTransaction, tenantId: string, key: string): KeyRow | null {
  const row = tx.use(selectKey).get(tenantId, key);
  if (!row) return null;
  const [limit, held, rate, drops, refilledAt] = row;
  return {
    limit: limit === null ? null : Number(limit),
    held: Number(held),
    rate: rateOfColumn(rate),
    bucket: bucketOf(drops, refilledAt),
  };
}

/** The first of a task's keys of which nothing is free; null when it may run. */
export function fullKeyOf(tx: StoreTransaction, task: TaskRecord): string | null {
  for (const { key } of task.concurrencyKeys) {
    const row = getKey(tx, task.tenantId, key);
    if (row && row.limit !== null && row.held >= row.limit) return key;
  }
  return null;
}

/** Whether every key of a task that has a rate has a token left. */
export function keysHaveTokens(tx: StoreTransaction, task: TaskRecord): boolean {
  return task.concurrencyKeys.every(({ key }) => {
    const row = getKey(tx, task.tenantId, key);
    return !row || tokensIn(row.bucket, row.rate, tx.now) > 0;
  });
}

/** Takes a token from each key of a task that has a rate. */
export function takeKeyTokens(tx: StoreTransaction, task: TaskRecord): void {
  for (const { key } of task.concurrencyKeys) {
    const row = getKey(tx, task.tenantId, key);
    if (!row?.rate) continue;
    const { drops, at } = withoutToken(row.bucket, row.rate, tx.now);
    tx.use(setBucket).run(drops, at, task.tenantId, key);
  }
}
