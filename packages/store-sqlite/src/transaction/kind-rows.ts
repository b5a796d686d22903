import { bucketAfter, kindSettingsColumns, kindSettingsOf, type KindSettings } from "@millrace/store-sql";
import type { Sql } from "../connection/connection.ts";
import type { StoreTransaction } from "./store-transaction.ts";

const selectKind: Sql = (n) => `select ${kindSettingsColumns} from ${n.kind} where kind = ?`;
const setBucket: Sql = (n) => `update ${n.kind} set drops = ?, refilled_at = ? where kind = ?`;
const heldOfKind: Sql = (n) => `select coalesce(sum(n), 0) from ${n.count} where kind = ? and status in (2, 3)`;
const heldOfAll: Sql = (n) =>
  `select count(*) from ${n.task} indexed by ${n.task}_lease where lease_expires_at is not null`;
const selectStoreLimit: Sql = (n) => `select value from ${n.meta} where name = 'store_limit'`;

/** A kind's settings; null when nobody has spoken of it: then it may be claimed without end. */
export function kindSettings(tx: StoreTransaction, kind: string): KindSettings | null {
  const row = tx.use(selectKind).get(kind);
  return row ? kindSettingsOf(row) : null;
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

/** Takes so many tokens of a kind that has a rate. */
export function takeKindTokens(
  tx: StoreTransaction,
  kind: string,
  taken: { readonly settings: KindSettings | null; readonly count: number },
): void {
  const bucket = bucketAfter(taken.settings, taken.count, tx.now);
  if (bucket) tx.use(setBucket).run(bucket.drops, bucket.at, kind);
}
