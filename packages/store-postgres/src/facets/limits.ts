import type { LimitRecord, LimitScope, LimitsFacet, RateLimit } from "@millrace/models";
import { rateOfColumn, rateToColumn, tellControl } from "@millrace/store-sql";
import type { Sql } from "../connection/session.ts";
import { ensureKind, setKind } from "../operations/kinds.ts";
import { numberOf, numberOrNull } from "../row/task-row.ts";
import { readClock } from "../transaction/hold.ts";
import { releaseKey } from "../transaction/key-use.ts";
import { heldByKinds, heldByStore, storeLimit } from "../transaction/kind-rows.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";

type RateScope = Parameters<LimitsFacet["setRate"]>[0];
type KeyScope = Extract<LimitScope, { type: "key" }>;

const putStoreLimit: Sql = (n) => `
insert into ${n.meta} (name, value) values ('store_limit', $1) on conflict (name) do update set value = excluded.value`;
const addKey: Sql = (n) => `insert into ${n.key} (tenant_id, key, lim) values ($1, $2, 1) on conflict do nothing`;
const setKeyLimit: Sql = (n) => `update ${n.key} set lim = $3, fixed = $4 where tenant_id = $1 and key = $2`;
const setKeyRate: Sql = (n) =>
  `update ${n.key} set rate = $3, drops = null, refilled_at = null where tenant_id = $1 and key = $2`;
const dropIdleKey: Sql = (n) => `
delete from ${n.key} k where k.tenant_id = $1 and k.key = $2 and not k.fixed and k.rate is null and k.held = 0
  and not exists (select 1 from ${n.keyed} u where u.tenant_id = $1 and u.key = $2)`;
const setKindRate: Sql = (n) => `update ${n.kind} set rate = $2, drops = null, refilled_at = null where kind = $1`;
const selectKinds: Sql = (n) => `
select kind, coalesce(lim, code_lim), coalesce(rate, code_rate) from ${n.kind}
where coalesce(lim, code_lim) is not null or coalesce(rate, code_rate) is not null order by kind`;
const selectKeys: Sql = (n) => `
select k.tenant_id, k.key, k.lim, k.held, k.rate from ${n.key} k
where exists (select 1 from ${n.keyed} u where u.tenant_id = k.tenant_id and u.key = k.key)
order by k.tenant_id, k.key limit $1`;

/** Sets how many may be leased at once. Binds from the next claim. */
export async function setLimit(
  tx: StoreTransaction,
  scope: LimitScope,
  { limit, by }: { readonly limit: number | null; readonly by: string | null },
): Promise<void> {
  await readClock(tx);
  if (scope.type === "kind") {
    await setKind(tx, [{ type: "limit", kind: scope.kind, limit, by }]);
    return;
  }
  if (scope.type === "store") tx.write(putStoreLimit, [limit === null ? null : String(limit)]);
  else limitKey(tx, scope, limit);
  tellControl(tx, { type: "limit_changed", name: scope.type === "key" ? scope.key : null, data: limit });
}

function limitKey(tx: StoreTransaction, { tenantId, key }: KeyScope, limit: number | null): void {
  tx.write(addKey, [tenantId, key]);
  tx.write(setKeyLimit, [tenantId, key, limit ?? 1, limit !== null]);
  releaseKey(tx, tenantId, key);
  tx.write(dropIdleKey, [tenantId, key]);
}

/** Sets how many may start in a time. The bucket starts full. */
export async function setRate(tx: StoreTransaction, scope: RateScope, rate: RateLimit | null): Promise<void> {
  await readClock(tx);
  if (scope.type === "key") {
    tx.write(addKey, [scope.tenantId, scope.key]);
    tx.write(setKeyRate, [scope.tenantId, scope.key, rateToColumn(rate)]);
    tx.write(dropIdleKey, [scope.tenantId, scope.key]);
    return;
  }
  ensureKind(tx, scope.kind);
  tx.write(setKindRate, [scope.kind, rateToColumn(rate)]);
}

/** Limits and rates in force: the store's, the kinds', then up to `limit` keys that some open task carries. */
export async function listLimits(tx: StoreTransaction, limit: number): Promise<readonly LimitRecord[]> {
  const most = await storeLimit(tx);
  const ofStore: readonly LimitRecord[] =
    most === null ? [] : [{ scope: { type: "store" }, limit: most, held: await heldByStore(tx), rate: null }];
  const kinds = await tx.query(selectKinds);
  const held = await heldByKinds(
    tx,
    kinds.map(([kind]) => String(kind)),
  );
  const ofKinds = kinds.map(([name, lim, rate]): LimitRecord => {
    const kind = String(name);
    const record = { limit: numberOrNull(lim), held: held.get(kind) ?? 0, rate: rateOfColumn(rate) };
    return { scope: { type: "kind", kind }, ...record };
  });
  const ofKeys = (await tx.query(selectKeys, [limit])).map(([tenantId, key, lim, heldNow, rate]): LimitRecord => {
    const scope = Object.freeze({ type: "key" as const, tenantId: String(tenantId), key: String(key) });
    return { scope, limit: numberOf(lim), held: numberOf(heldNow), rate: rateOfColumn(rate) };
  });
  return Object.freeze([...ofStore, ...ofKinds, ...ofKeys].map((record) => Object.freeze(record)));
}
