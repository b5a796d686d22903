import type { TaskId, TaskRetentionPolicy } from "@millrace/models";
import type { Sql } from "../connection/session.ts";
import { flag } from "../row/task-flags.ts";
import { timer } from "../transaction/place-entries.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";

const selectPurgeable: Sql = (n) => `
select id from ${n.timer} where type = ${timer.purge} and at <= $1 order by at, id limit $2`;

// The kinds of a final status, one step of the index each.
const kindsOfStatus = (task: string): string => `
ks(kind) as (
  (select kind from ${task} where finished_at is not null and status = $1::smallint order by kind limit 1)
  union all
  select (select x.kind from ${task} x where x.finished_at is not null and x.status = $1::smallint and x.kind > ks.kind
    order by x.kind limit 1) from ks where ks.kind is not null)`;

// What a task says of itself stands above the policy.
const isGoverned = `t.flags & ${flag.keptByItself} = 0`;

export const selectTooOld: Sql = (n) => `
with recursive ${kindsOfStatus(n.task)}
select y.id from ks cross join lateral (
  select t.id, t.finished_at from ${n.task} t
  where t.finished_at is not null and t.status = $1::smallint and t.kind = ks.kind and t.finished_at <= $2::bigint and ${isGoverned}
  order by t.finished_at, t.id limit $3) y
where ks.kind is not null order by ks.kind, y.finished_at, y.id`;

// The first that is one too many, counted from the newest; it and all before it go, the oldest first.
export const selectTooMany: Sql = (n) => `
with recursive ${kindsOfStatus(n.task)}
select y.id from ks cross join lateral (
  select t.finished_at as at, t.id from ${n.task} t
  where t.finished_at is not null and t.status = $1::smallint and t.kind = ks.kind and ${isGoverned}
  order by t.finished_at desc, t.id desc limit 1 offset $2) edge
cross join lateral (
  select t.id, t.finished_at from ${n.task} t
  where t.finished_at is not null and t.status = $1::smallint and t.kind = ks.kind and ${isGoverned}
    and (t.finished_at, t.id) <= (edge.at, edge.id)
  order by t.finished_at, t.id limit $3) y
where ks.kind is not null order by ks.kind, y.finished_at, y.id`;

/**
 * Final tasks that may go, in the order in which they go: past their own `retainForMs`, past the time to live of their
 * status, then those beyond the latest n of their kind. At most `limit` of each.
 */
export async function outdatedTasks(
  tx: StoreTransaction,
  policy: TaskRetentionPolicy,
  limit: number,
): Promise<readonly TaskId[]> {
  const found = new Set<TaskId>();
  const add = async (sql: Sql, values: readonly unknown[]): Promise<void> => {
    for (const [id] of await tx.query(sql, values)) found.add(String(id));
  };
  await add(selectPurgeable, [tx.now, limit]);
  const ttls = [
    [6, policy.successTtlMs],
    [7, policy.failedTtlMs],
    [8, policy.cancelledTtlMs],
  ] as const;
  for (const [status, ttlMs] of ttls) {
    if (ttlMs !== null && ttlMs !== undefined) await add(selectTooOld, [status, tx.now - ttlMs, limit]);
  }
  const latest = [
    [6, policy.keepLatestSuccessesPerKind],
    [7, policy.keepLatestFailuresPerKind],
  ] as const;
  for (const [status, keep] of latest) {
    if (keep !== null && keep !== undefined) await add(selectTooMany, [status, keep, limit]);
  }
  return [...found];
}
