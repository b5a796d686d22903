import { nowSql } from "../connection/clock-sql.ts";
import type { Sql } from "../connection/session.ts";
import type { TableNames } from "../connection/table-names.ts";
import { enqueuedCode } from "../effects/make-task.ts";
import { place } from "../row/task-flags.ts";

/** Record, place in the queue and event of new tasks, in one statement; answers when, and the ids that were free unless all were. */
export const insertTasks: Sql = (n) => insertSql(n, "");

/** The same, of ids that are taken to be free: it fails as a whole when one is not, and costs a seventh less. */
export const insertNewTasks: Sql = (n) => ofFreeIds(insertTasks(n));

/** The same, of tasks of which some can be found by labels. */
// Whether a task was stored is looked up, not joined: a join would go through all labels for each task.
export const insertLabelledTasks: Sql = (n) =>
  insertSql(
    n,
    `l as (insert into ${n.label} (label, id)
  select distinct j.label, j.id from jsonb_to_recordset($11::jsonb) j(id uuid, label text)
  where (j.id in (select i.id from i)) is true),
`,
  );

/** The same, of ids that are taken to be free. */
export const insertNewLabelledTasks: Sql = (n) => ofFreeIds(insertLabelledTasks(n));

const ofFreeIds = (sql: string): string => sql.replace(" on conflict (id) do nothing", "");

/**
 * The same, of tasks with free ids that differ in nothing but id, input and what was said once; the ids in order. What is known of
 * all of them is not gathered from their rows: a third less.
 */
export const insertAlikeTasks: Sql = (n) =>
  alikeSql(n, {
    rows: "unnest($1::uuid[], $2::text[], $3::text[]) u(id, input, fixed)",
    ids: "unnest($1) u(id)",
    list: "$1",
  });

/** The same, of one task: without lists a sixth less of what is left. */
export const insertOneTask: Sql = (n) =>
  alikeSql(n, {
    rows: "(select $1::uuid as id, $2::text as input, $3::text as fixed) u",
    ids: "(select $1 as id) u",
    list: "array[$1]",
  });

/** Where tasks that are alike come from. */
interface AlikeSource {
  readonly rows: string;
  readonly ids: string;
  readonly list: string;
}

const alikeSql = (n: TableNames, { rows, ids, list }: AlikeSource): string => `
with c as materialized (select z.now, coalesce($8::bigint, z.now + $9::bigint) as due
  from (select ${nowSql(10)} as now offset 0) z),
i as (insert into ${n.task} (id, tenant_id, kind, status, flags, priority, scheduled_at, created_at, updated_at, input, fixed)
  select u.id, $4::text, $5::text, 1, $6::integer, $7::smallint, c.due, c.now, c.now, u.input, u.fixed from c, ${rows}),
q as (insert into ${n.queue} (id, tenant_id, kind, place, flags, priority, scheduled_at)
  select u.id, $4, $5, case when c.due > c.now then ${place.notDue} else ${place.ready} end, $6, $7, c.due
  from c, ${ids}),
e as (insert into ${n.event} (at, type, tenant_id, kind, became, n, version, attempt, ids)
  select c.now, ${enqueuedCode}, $4, $5, 1, cardinality(${list}), 1, 0, ${list} from c)
select now as at from c`;

const insertSql = (n: TableNames, labels: string): string => `
with c as materialized (select ${nowSql(10)} as now),
d as (select u.*, coalesce(u.at, c.now + u.delay) as due, c.now
  from c, unnest($1::uuid[], $2::text[], $3::text[], $4::integer[], $5::smallint[], $6::bigint[], $7::bigint[], $8::text[], $9::text[])
    u(id, tenant_id, kind, flags, priority, at, delay, input, fixed)),
i as (insert into ${n.task} (id, tenant_id, kind, status, flags, priority, scheduled_at, created_at, updated_at, input, fixed)
  select id, tenant_id, kind, 1, flags, priority, due, now, now, input, fixed from d on conflict (id) do nothing
  returning id, tenant_id, kind, flags, priority, scheduled_at, created_at),
q as (insert into ${n.queue} (id, tenant_id, kind, place, flags, priority, scheduled_at)
  select id, tenant_id, kind, case when scheduled_at > created_at then ${place.notDue} else ${place.ready} end, flags, priority,
    scheduled_at from i),
${labels}e as (insert into ${n.event} (at, type, tenant_id, kind, became, n, version, attempt, ids)
  select max(created_at), ${enqueuedCode}, tenant_id, kind, 1, count(*), 1, 0, array_agg(id order by id)
  from i group by tenant_id, kind)
select (select now from c) as at,
  case when count(*) < cardinality($1::uuid[]) then coalesce(string_agg(id::text, ','), '') end as free from i`;
