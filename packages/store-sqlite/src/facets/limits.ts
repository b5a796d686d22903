import type { LimitRecord, LimitScope, LimitsFacet, RateLimit } from "@millrace/models";
import { rateOfColumn, rateToColumn, tellControl } from "@millrace/store-sql";
import type { Sql } from "../connection/connection.ts";
import { ensureKind, setKind } from "../operations/kinds.ts";
import { releaseKey } from "../transaction/key-use.ts";
import { heldByKind, heldByStore, storeLimit } from "../transaction/kind-rows.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";

type RateScope = Parameters<LimitsFacet["setRate"]>[0];
type KeyScope = Extract<LimitScope, { type: "key" }>;

const putStoreLimit: Sql = (n) => `insert or replace into ${n.meta} (name, value) values ('store_limit', ?)`;
const addKey: Sql = (n) => `insert or ignore into ${n.key} (tenant_id, key, lim) values (?, ?, 1)`;
const setKeyLimit: Sql = (n) => `update ${n.key} set lim = ?, fixed = ? where tenant_id = ? and key = ?`;
const setKeyRate: Sql = (n) =>
  `update ${n.key} set rate = ?, drops = null, refilled_at = null where tenant_id = ? and key = ?`;
const dropIdleKey: Sql = (n) =>
  `delete from ${n.key} where tenant_id = ? and key = ? and used = 0 and fixed = 0 and rate is null`;
const setKindRate: Sql = (n) => `update ${n.kind} set rate = ?, drops = null, refilled_at = null where kind = ?`;
const selectKinds: Sql = (n) => `
select kind, coalesce(lim, code_lim), coalesce(rate, code_rate) from ${n.kind}
where coalesce(lim, code_lim) is not null or coalesce(rate, code_rate) is not null order by kind`;
const selectKeys: Sql = (n) => `
select tenant_id, key, lim, held, rate from ${n.key} where used > 0 order by tenant_id, key limit ?`;

/** Sets how many may be leased at once. Binds from the next claim. */
export function setLimit(
  tx: StoreTransaction,
  scope: LimitScope,
  { limit, by }: { readonly limit: number | null; readonly by: string | null },
): void {
  if (scope.type === "kind") {
    setKind(tx, [{ type: "limit", kind: scope.kind, limit, by }]);
    return;
  }
  if (scope.type === "store") tx.use(putStoreLimit).run(limit);
  else limitKey(tx, scope, limit);
  tellControl(tx, { type: "limit_changed", name: scope.type === "key" ? scope.key : null, data: limit });
}

function limitKey(tx: StoreTransaction, { tenantId, key }: KeyScope, limit: number | null): void {
  tx.use(addKey).run(tenantId, key);
  tx.use(setKeyLimit).run(limit ?? 1, limit === null ? 0 : 1, tenantId, key);
  releaseKey(tx, tenantId, key);
  tx.use(dropIdleKey).run(tenantId, key);
}

/** Sets how many may start in a time. The bucket starts full. */
export function setRate(tx: StoreTransaction, scope: RateScope, rate: RateLimit | null): void {
  if (scope.type === "key") {
    tx.use(addKey).run(scope.tenantId, scope.key);
    tx.use(setKeyRate).run(rateToColumn(rate), scope.tenantId, scope.key);
    tx.use(dropIdleKey).run(scope.tenantId, scope.key);
    return;
  }
  ensureKind(tx, scope.kind);
  tx.use(setKindRate).run(rateToColumn(rate), scope.kind);
}

/** Limits and rates in force: the store's, the kinds', then up to `limit` keys that some open task carries. */
export function listLimits(tx: StoreTransaction, limit: number): readonly LimitRecord[] {
  const most = storeLimit(tx);
  const ofStore: readonly LimitRecord[] =
    most === null ? [] : [{ scope: { type: "store" }, limit: most, held: heldByStore(tx), rate: null }];
  const ofKinds = tx
    .use(selectKinds)
    .all()
    .map(([name, lim, rate]): LimitRecord => {
      const kind = String(name);
      const record = { limit: lim === null ? null : Number(lim), held: heldByKind(tx, kind), rate: rateOfColumn(rate) };
      return { scope: { type: "kind", kind }, ...record };
    });
  const ofKeys = tx
    .use(selectKeys)
    .all(limit)
    .map(([tenantId, key, lim, held, rate]): LimitRecord => {
      const scope = Object.freeze({ type: "key" as const, tenantId: String(tenantId), key: String(key) });
      return { scope, limit: Number(lim), held: Number(held), rate: rateOfColumn(rate) };
    });
  return Object.freeze([...ofStore, ...ofKinds, ...ofKeys].map((record) => Object.freeze(record)));
}
