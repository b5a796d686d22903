import { isFinal, isLeased, type TaskRecord } from "@millrace/models";
import type { Sql } from "../connection/session.ts";
import { place, unsureToTake } from "../row/task-flags.ts";
import type { StoredTask } from "../row/task-row.ts";
import { keyId } from "./key-rows.ts";
import type { StoreTransaction } from "./store-transaction.ts";

// Only for a key that nobody else carries and no operator has limited: its limit is then that of this enqueue.
const beginUse: Sql = (n) => `
update ${n.key} k set lim = $3
where k.tenant_id = $1 and k.key = $2 and not k.fixed and k.lim <> $3
  and not exists (select 1 from ${n.keyed} u where u.tenant_id = $1 and u.key = $2)`;
const addKey: Sql = (n) => `insert into ${n.key} (tenant_id, key, lim) values ($1, $2, $3) on conflict do nothing`;
const carry: Sql = (n) => `insert into ${n.keyed} (tenant_id, key, id) values ($1, $2, $3) on conflict do nothing`;
const letGo: Sql = (n) => `delete from ${n.keyed} where tenant_id = $1 and key = $2 and id = $3`;
const changeHeld: Sql = (n) => `update ${n.key} set held = held + $3 where tenant_id = $1 and key = $2`;
const lockKey: Sql = (n) => `select 1 from ${n.key} where tenant_id = $1 and key = $2 for update`;
const dropKey: Sql = (n) => `
delete from ${n.key} k where k.tenant_id = $1 and k.key = $2 and not k.fixed and k.rate is null and k.held = 0
  and not exists (select 1 from ${n.keyed} u where u.tenant_id = $1 and u.key = $2)`;

// How many tasks that may not take the key when it is free are let past with those that do.
const mostUnsure = 32;

/**
 * The release step: for each kind as many as the key has free, because a kind may be paused or unserved and must not block
 * the others; and what stands before them, in case it cannot be taken. They do not hold the key: the claim decides.
 */
export const release: Sql = (n) => `
with recursive k as materialized (
  select coalesce((select lim - held from ${n.key} where tenant_id = $1 and key = $2), 1) as free),
ks(kind) as (
  (select kind from ${n.queue} where place = ${place.parked} and tenant_id = $1 and parked_key = $2 order by kind limit 1)
  union all
  select (select q.kind from ${n.queue} q where q.place = ${place.parked} and q.tenant_id = $1 and q.parked_key = $2
    and q.kind > ks.kind order by q.kind limit 1) from ks where ks.kind is not null),
p as materialized (
  select x.*, k.free from k, ks cross join lateral (
    select q.id, q.kind, q.priority, q.scheduled_at, q.flags from ${n.queue} q
    where q.place = ${place.parked} and q.tenant_id = $1 and q.parked_key = $2 and q.kind = ks.kind
    order by q.priority desc, q.scheduled_at, q.id limit (select greatest(0, free) + case when free > 0 then ${mostUnsure} else 0 end from k)
    for update skip locked) x
  where ks.kind is not null),
w as (
  select id, free, coalesce(sum(case when flags & ${unsureToTake} = 0 then 1 else 0 end) over (
    partition by kind order by priority desc, scheduled_at, id rows between unbounded preceding and 1 preceding), 0) as before
  from p)
update ${n.queue} q set place = ${place.ready}, parked_key = null
where q.id = any(array(select w.id from w where w.before < w.free))`;

export const parkTasks: Sql = (n) => `
update ${n.queue} q set place = ${place.parked}, parked_key = d.key
from unnest($1::uuid[], $2::text[]) d(id, key) where q.id = d.id and q.id = any($1::uuid[])`;

/**
 * Follows a task's keys through a move: who carries them, who holds them. Then whoever waited for what has become free
 * gets its turn. `before` null: the task is new; `after` null: it is removed.
 */
export function changeKeyUse(tx: StoreTransaction, before: TaskRecord | null, after: TaskRecord | null): void {
  const task = after ?? before;
  if (!task) return;
  const used = Number(isOpen(after)) - Number(isOpen(before));
  const held = Number(isHeld(after)) - Number(isHeld(before));
  const mayFree = before?.status === "queued" || held < 0;
  const { tenantId, id } = task;
  // In the order of the keys, as everybody takes them.
  for (const { key, limit } of task.concurrencyKeys.toSorted((a, b) => (a.key < b.key ? -1 : 1))) {
    if (used > 0) {
      tx.write(addKey, [tenantId, key, limit]);
      tx.write(beginUse, [tenantId, key, limit]);
      tx.write(carry, [tenantId, key, id]);
    }
    if (used < 0) {
      tx.write(letGo, [tenantId, key, id]);
      // Its limit may have gone with it.
      tx.limits.delete(keyId(tenantId, key));
    }
    if (held !== 0) addHeld(tx, { tenantId, key, held });
    if (mayFree && held <= 0) releaseKey(tx, tenantId, key);
    if (used < 0) tx.write(dropKey, [tenantId, key]);
  }
}

function isOpen(task: TaskRecord | null): boolean {
  return task !== null && !isFinal(task.status);
}

function isHeld(task: TaskRecord | null): boolean {
  return task !== null && isLeased(task.status);
}

function addHeld(
  tx: StoreTransaction,
  { tenantId, key, held }: { readonly tenantId: string; readonly key: string; readonly held: number },
): void {
  tx.write(changeHeld, [tenantId, key, held]);
  const id = keyId(tenantId, key);
  const known = tx.keys.get(id);
  if (known) tx.keys.set(id, { ...known, held: known.held + held });
}

/** Lets the next tasks behind a key out to where a claim meets them. The lock comes first, in a statement of its own. */
export function releaseKey(tx: StoreTransaction, tenantId: string, key: string): void {
  tx.write(lockKey, [tenantId, key]);
  tx.readyFrom = Number.NEGATIVE_INFINITY;
  tx.write(release, [tenantId, key]);
}

/**
 * Takes ready tasks out of a claim's way until a key of theirs, whose row this transaction has locked, has something free.
 * No move: it tells no event. Others that stand behind the first key of one get their turn in its stead, when it was
 * another key that was full.
 */
export function parkAll(tx: StoreTransaction, parked: ReadonlyMap<StoredTask, string>): void {
  if (parked.size === 0) return;
  tx.write(parkTasks, [[...parked.keys()].map(({ task }) => task.id), [...parked.values()]]);
  const freed = new Map<string, readonly [string, string]>();
  for (const [{ task }, key] of parked) {
    const [first] = task.concurrencyKeys;
    if (first && first.key !== key) freed.set(keyId(task.tenantId, first.key), [task.tenantId, first.key]);
  }
  for (const [tenantId, key] of freed.values()) releaseKey(tx, tenantId, key);
}
