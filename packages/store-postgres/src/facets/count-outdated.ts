import type { EpochMs, OutdatedCounts, TaskRetentionPolicy } from "@millrace/models";
import { OutdatedTally, statusRules } from "@millrace/store-sql";
import { nowSql } from "../connection/clock-sql.ts";
import type { Session, Sql } from "../connection/session.ts";
import { restingTasks } from "../row/resting-row.ts";
import { numberOf } from "../row/task-row.ts";
import { isGoverned, kindsOfStatus } from "./outdated-tasks.ts";

const selectNow: Sql = () => `select ${nowSql(1)}`;

export const countPurgeable: Sql = (n) => `
select count(*) from (select from ${n.timer} where type = $1 and at <= $2 order by at, id limit $3) p`;

// Of one kind those that are too old ($2) and those beyond the latest n ($3) are the first of the same order, so they are
// together what stands before the later of both ends. Never more than $4 rows are counted.
export const countGoverned: Sql = (n) => `
with recursive ${kindsOfStatus(n.resting, "true")}
select count(*) from (
  select from ks
  cross join lateral (
    select e.at, e.id from (
      select $2::bigint as at, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid as id where $2 is not null
      union all
      (select t.at, u.id from ${restingTasks(n)}
      where t.status = $1::smallint and t.kind = ks.kind and ${isGoverned}
      order by t.at desc, u.id desc limit case when $3::bigint is null then 0 else 1 end offset coalesce($3, 0))) e
    order by e.at desc, e.id desc limit 1) edge
  cross join lateral (
    select from ${restingTasks(n)}
    where t.status = $1::smallint and t.kind = ks.kind and ${isGoverned}
      and t.at <= edge.at and (t.at, u.id) <= (edge.at, edge.id)
    order by t.at limit $4) y
  where ks.kind is not null limit $4) z`;

/** How many final tasks may go. `clock` null: by the database's clock. */
export async function countOutdated(
  session: Session,
  clock: EpochMs | null,
  policy: TaskRetentionPolicy,
): Promise<OutdatedCounts> {
  const [moment] = await session.run(selectNow, [clock]);
  const now = numberOf(moment?.[0] ?? 0);
  const tally = new OutdatedTally();
  const count = async (sql: Sql, ...values: readonly (number | null)[]): Promise<number> =>
    numberOf((await session.run(sql, values))[0]?.[0] ?? 0);
  for (const { code, ttlMs, keep } of statusRules(policy)) {
    tally.add(code, await count(countPurgeable, code, now, tally.left));
    if ((ttlMs === null && keep === null) || tally.left === 0) continue;
    tally.add(code, await count(countGoverned, code, ttlMs === null ? null : now - ttlMs, keep, tally.left));
  }
  return tally.counts();
}
