import {
  isFinal,
  type RateLimit,
  type TaskId,
  type TaskRecord,
  type TokenBucket,
  tokensIn,
  withoutToken,
} from "@millrace/models";
import { bucketOf, rateOfColumn } from "@millrace/store-sql";
import type { Row, Sql } from "../connection/session.ts";
import { numberOf, numberOrNull } from "../row/task-row.ts";
import type { StoreTransaction } from "./store-transaction.ts";

/** A concurrency key of a tenant as it stands. */
export interface KeyState {
  /** An operator's, or that of the enqueue which began the present use of the key; null while there is neither. */
  readonly limit: number | null;
  readonly held: number;
  readonly rate: RateLimit | null;
  readonly bucket: TokenBucket | null;
}

const columns = (n: { readonly keyed: string }): string => `
k.key, case when k.fixed or exists (select 1 from ${n.keyed} u where u.tenant_id = k.tenant_id and u.key = k.key) then k.lim end,
k.held, k.rate, k.drops, k.refilled_at`;
const selectKeys: Sql = (n) =>
  `select ${columns(n)} from ${n.key} k where k.tenant_id = $1 and k.key = any($2::text[]) order by k.key`;
const addKeys: Sql = (n) => `
insert into ${n.key} (tenant_id, key, lim)
select $1, u.key, u.lim from unnest($2::text[], $3::integer[]) u(key, lim) order by u.key on conflict do nothing`;
const lockKeys: Sql = (n) => `
select ${columns(n)} from ${n.key} k where k.tenant_id = $1 and k.key = any($2::text[]) order by k.key for update of k`;
const setBucket: Sql = (n) => `update ${n.key} set drops = $3, refilled_at = $4 where tenant_id = $1 and key = $2`;

/** A key under one name. */
export function keyId(tenantId: string, key: string): string {
  return JSON.stringify([tenantId, key]);
}

/** Looks up, without a lock, the limits of those keys of which this transaction does not know them yet. */
export async function peekLimits(
  tx: StoreTransaction,
  carriers: readonly Pick<TaskRecord, "tenantId" | "concurrencyKeys">[],
): Promise<void> {
  const byTenant = new Map<string, Set<string>>();
  for (const { tenantId, concurrencyKeys } of carriers) {
    for (const { key } of concurrencyKeys) {
      if (tx.limits.has(keyId(tenantId, key))) continue;
      byTenant.set(tenantId, (byTenant.get(tenantId) ?? new Set<string>()).add(key));
    }
  }
  for (const [tenantId, keys] of byTenant) {
    for (const key of keys) tx.limits.set(keyId(tenantId, key), null);
    for (const row of await tx.query(selectKeys, [tenantId, [...keys]])) {
      tx.limits.set(keyId(tenantId, String(row[0])), stateOf(row).limit);
    }
  }
}

/** Locks the keys of tasks, in their order, and makes those that are not there. */
export async function lockKeysOf(tx: StoreTransaction, tasks: readonly TaskRecord[]): Promise<void> {
  const byTenant = new Map<string, Map<string, number>>();
  for (const { tenantId, concurrencyKeys } of tasks) {
    for (const { key, limit } of concurrencyKeys) {
      if (tx.keys.has(keyId(tenantId, key))) continue;
      const wanted = byTenant.get(tenantId) ?? new Map<string, number>();
      if (!wanted.has(key)) wanted.set(key, limit);
      byTenant.set(tenantId, wanted);
    }
  }
  for (const [tenantId, wanted] of [...byTenant].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const names = [...wanted.keys()].toSorted();
    tx.write(addKeys, [tenantId, names, names.map((name) => wanted.get(name) ?? 1)]);
    for (const row of await tx.query(lockKeys, [tenantId, names])) {
      tx.keys.set(keyId(tenantId, String(row[0])), stateOf(row));
    }
  }
}

/** Likewise of the open ones among tasks that this transaction holds. */
export function lockKeysOfHeld(tx: StoreTransaction, ids: readonly TaskId[]): Promise<void> {
  const tasks = ids.flatMap((id) => tx.held.get(id)?.task ?? []);
  return lockKeysOf(
    tx,
    tasks.filter(({ status }) => !isFinal(status)),
  );
}

/** The first of a task's locked keys of which nothing is free; null when it may run. */
export function fullKeyOf(tx: StoreTransaction, task: TaskRecord): string | null {
  for (const { key } of task.concurrencyKeys) {
    const state = tx.keys.get(keyId(task.tenantId, key));
    if (state && state.limit !== null && state.held >= state.limit) return key;
  }
  return null;
}

/** Whether every locked key of a task that has a rate has a token left. */
export function keysHaveTokens(tx: StoreTransaction, task: TaskRecord): boolean {
  return task.concurrencyKeys.every(({ key }) => {
    const state = tx.keys.get(keyId(task.tenantId, key));
    return !state || tokensIn(state.bucket, state.rate, tx.now) > 0;
  });
}

/** Takes a token from each locked key of a task that has a rate. */
export function takeKeyTokens(tx: StoreTransaction, task: TaskRecord): void {
  for (const { key } of task.concurrencyKeys) {
    const id = keyId(task.tenantId, key);
    const state = tx.keys.get(id);
    if (!state?.rate) continue;
    const bucket = withoutToken(state.bucket, state.rate, tx.now);
    tx.write(setBucket, [task.tenantId, key, bucket.drops, bucket.at]);
    tx.keys.set(id, { ...state, bucket });
  }
}

function stateOf(row: Row): KeyState {
  return {
    limit: numberOrNull(row[1]),
    held: numberOf(row[2]),
    rate: rateOfColumn(row[3]),
    bucket: bucketOf(numberOrNull(row[4]), numberOrNull(row[5])),
  };
}
