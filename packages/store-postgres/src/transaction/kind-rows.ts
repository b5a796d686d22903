import { bucketAfter, kindSettingsColumns, kindSettingsOf, type KindSettings } from "@millrace/store-sql";
import type { Sql } from "../connection/session.ts";
import { numberOf, numberOrNull } from "../row/task-row.ts";
import type { StoreTransaction } from "./store-transaction.ts";

// A kind that has a limit or a rate is locked for the claim: what is held of it is counted from the leased tasks, in a
// statement after this one, so that two claims never count the same free slot.
const lockLimited: Sql = (n) => `
select kind from ${n.kind}
where kind = any($1::text[]) and (lim is not null or code_lim is not null or rate is not null or code_rate is not null)
order by kind for update`;
const selectKinds: Sql = (n) => `
select kind, ${kindSettingsColumns} from ${n.kind} where kind = any($1::text[])`;
const setBucket: Sql = (n) => `update ${n.kind} set drops = $2, refilled_at = $3 where kind = $1`;
const heldOfKinds: Sql = (n) => `select kind, count(*) from ${n.running} where kind = any($1::text[]) group by kind`;
const heldOfAll: Sql = (n) => `select count(*) from ${n.running}`;
const selectStoreLimit: Sql = (n) =>
  `select value from ${n.meta} where name = 'store_limit' and value is not null for update`;

/** The settings of kinds that somebody has spoken of; those with a limit or rate stay locked. */
export async function kindSettings(
  tx: StoreTransaction,
  kinds: readonly string[],
): Promise<ReadonlyMap<string, KindSettings>> {
  tx.write(lockLimited, [kinds]);
  const rows = await tx.query(selectKinds, [kinds]);
  return new Map(rows.map(([kind, ...settings]) => [String(kind), kindSettingsOf(settings)]));
}

/** How many tasks of each kind are leased; a kind without any is absent. */
export async function heldByKinds(
  tx: Pick<StoreTransaction, "query">,
  kinds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (kinds.length === 0) return new Map();
  const rows = await tx.query(heldOfKinds, [kinds]);
  return new Map(rows.map(([kind, count]) => [String(kind), numberOf(count)]));
}

/** How many tasks are leased over the whole store. */
export async function heldByStore(tx: Pick<StoreTransaction, "query">): Promise<number> {
  return numberOf((await tx.query(heldOfAll))[0]?.[0] ?? 0);
}

/** How many tasks may be leased over the whole store; null = without end. A limit stays locked. */
export async function storeLimit(tx: Pick<StoreTransaction, "query">): Promise<number | null> {
  return numberOrNull((await tx.query(selectStoreLimit))[0]?.[0]);
}

/** Takes so many tokens of a kind that has a rate. */
export function takeKindTokens(
  tx: StoreTransaction,
  kind: string,
  taken: { readonly settings: KindSettings | undefined; readonly count: number },
): void {
  const bucket = bucketAfter(taken.settings, taken.count, tx.now);
  if (bucket) tx.write(setBucket, [kind, bucket.drops, bucket.at]);
}
