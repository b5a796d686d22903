import { type RateLimit, type TokenBucket, tokensIn, withoutToken } from "@millrace/models";
import { bucketOf, rateOfColumn } from "@millrace/store-sql";
import type { Sql } from "../connection/connection.ts";
import type { StoreTransaction } from "./store-transaction.ts";

/** What a claim must know of a kind. */
export interface KindSettings {
  readonly isPaused: boolean;
  /** An operator's stands above the code's. */
  readonly limit: number | null;
  readonly rate: RateLimit | null;
  readonly bucket: TokenBucket | null;
  readonly isFair: boolean;
}

const selectKind: Sql = (n) => `
select paused_at, coalesce(lim, code_lim), coalesce(rate, code_rate), drops, refilled_at, fairness
from ${n.kind} where kind = ?`;
const setBucket: Sql = (n) => `update ${n.kind} set drops = ?, refilled_at = ? where kind = ?`;
const heldOfKind: Sql = (n) => `select coalesce(sum(n), 0) from ${n.count} where kind = ? and status in (2, 3)`;
const heldOfAll: Sql = (n) =>
  `select count(*) from ${n.task} indexed by ${n.task}_lease where lease_expires_at is not null`;
const selectStoreLimit: Sql = (n) => `select value from ${n.meta} where name = 'store_limit'`;

/** A kind's settings; null when nobody has spoken of it: then it may be claimed without end. */
export function kindSettings(tx: StoreTransaction, kind: string): KindSettings | null {
  const row = tx.use(selectKind).get(kind);
  if (!row) return null;
  const [pausedAt, limit, rate, drops, refilledAt, fairness] = row;
  return {
    isPaused: pausedAt !== null,
    limit: limit === null ? null : Number(limit),
    rate: rateOfColumn(rate),
    bucket: bucketOf(drops, refilledAt),
    isFair: fairness === "key",
  };
}

/** How many tasks of a kind are leased. */
export function heldByKind(tx: StoreTransaction, kind: string): number {
  tx.counts.flush(tx.connection);
  return Number(tx.use(heldOfKind).get(kind)?.[0] ?? 0);
}

/** How many tasks are leased over the whole store. */
export function heldByStore(tx: StoreTransaction): number {
  return Number(tx.use(heldOfAll).get()?.[0] ?? 0);
}

/** How many tasks may be leased over the whole store; null = without end. */
export function storeLimit(tx: StoreTransaction): number | null {
  const value = tx.use(selectStoreLimit).get()?.[0];
  return typeof value === "number" ? value : null;
}

/** How many more tasks of a kind may be leased now. */
export function freeOfKind(tx: StoreTransaction, kind: string, settings: KindSettings | null): number {
  if (!settings) return Number.POSITIVE_INFINITY;
  const { limit, rate, bucket } = settings;
  const tokens = tokensIn(bucket, rate, tx.now);
  if (tokens === 0) return 0;
  return Math.min(tokens, limit === null ? Number.POSITIVE_INFINITY : limit - heldByKind(tx, kind));
}

/** Takes so many tokens of a kind that has a rate. */
export function takeKindTokens(
  tx: StoreTransaction,
  kind: string,
  taken: { readonly settings: KindSettings | null; readonly count: number },
): void {
  const rate = taken.settings?.rate;
  if (!rate || taken.count === 0) return;
  let bucket = taken.settings?.bucket ?? null;
  for (let index = 0; index < taken.count; index += 1) bucket = withoutToken(bucket, rate, tx.now);
  if (bucket) tx.use(setBucket).run(bucket.drops, bucket.at, kind);
}
