import type { Client } from "pg";
import type { StatementCycle } from "./statement-cycle.ts";

// What a queue cannot do with less: a record that stays, what is ready, what is leased. No tenants, no keys, no limits, no waits,
// no cancels, no versions, no journal.
const bareTables = `
create table bare_task (
  id uuid primary key, kind text not null, status smallint not null default 0, payload text not null, result text, error text,
  attempt int not null default 0, max_attempts int not null default 3,
  created_at timestamptz not null default now(), finished_at timestamptz
) with (fillfactor = 80);
create table bare_ready (
  id uuid primary key, kind text not null, priority smallint not null default 0, run_at timestamptz not null default now(),
  attempt int not null default 0
) with (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 2000);
create index bare_ready_pick on bare_ready (kind, priority, run_at, id);
create table bare_running (
  id uuid primary key, attempt int not null, worker int not null, lease_until timestamptz not null
) with (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 2000);`;

const insert = `
with d as (select * from unnest($1::uuid[], $2::text[], $3::text[]) d(id, kind, payload)),
 i as (insert into bare_task (id, kind, payload) select id, kind, payload from d)
insert into bare_ready (id, kind) select id, kind from d`;

// Rows are met by their ids alone: a free join is turned round by statistics that were taken while a table was empty.
const claim = (limit: number): string => `
with c as materialized (
  select x.id from unnest($1::text[]) k(kind) cross join lateral (
    select id, priority, run_at from bare_ready where kind = k.kind and run_at <= now()
    order by priority, run_at, id limit ${limit} for update skip locked) x
  order by x.priority, x.run_at limit ${limit}),
 m as (delete from bare_ready q where q.id = any(array(select id from c)) returning q.id, q.attempt),
 u as (insert into bare_running select id, attempt + 1, $2, now() + interval '30 s' from m returning id, attempt)
select u.id, u.attempt, t.kind, t.payload from u join bare_task t on t.id = u.id`;

const complete = `
with x as (delete from bare_running q
  where q.id = any($1::uuid[]) and q.attempt = ($2::int[])[width_bucket(q.id, $1::uuid[])]
  returning q.id, q.attempt, ($3::text[])[width_bucket(q.id, $1::uuid[])] as result)
update bare_task t set status = 2, result = x.result, attempt = x.attempt, finished_at = now()
from x where t.id = x.id returning t.id`;

/** Makes the tables; the least statements that move a task from its insert to its end, durably and fenced. */
export async function bareStatements(client: Client, kind: string, input: string): Promise<StatementCycle> {
  await client.query(bareTables);
  return {
    enqueue: (ids) => ({ text: insert, values: [ids, ids.map(() => kind), ids.map(() => input)] }),
    claim: (limit) => ({ text: claim(limit), values: [[kind], 1] }),
    settle: (ids) => ({ text: complete, values: [ids, ids.map(() => 1), ids.map(() => "null")] }),
  };
}
