import { eventCode } from "@millrace/store-sql";
import { nowSql } from "../connection/clock-sql.ts";
import type { Sql } from "../connection/session.ts";
import type { TableNames } from "../connection/table-names.ts";
import { place, specialToClaim } from "../row/task-flags.ts";
import { gatheredEvent, gatherEvent } from "../transaction/event-lists.ts";

const claimedCode = eventCode("claimed") ?? 0;

// What `millrace_kind_special` holds, in the same words: else the planner would not see that it may use it.
const special =
  "(k.paused_at is not null or k.lim is not null or k.code_lim is not null or k.rate is not null or k.code_rate is not null or k.fairness <> 'none')";

const settingsOf = (n: TableNames, isAsked: string): string => `
  exists (select 1 from ${n.kind} k where ${isAsked} and ${special})
    or exists (select 1 from ${n.meta} where name = 'store_limit' and value is not null)`;

const orderOfClaims = "r.priority desc, r.scheduled_at, r.id";

const dueOf = (n: TableNames, kind: string): string => `
    select q.scheduled_at from ${n.queue} q where q.place = ${place.notDue} and q.kind = ${kind}
    order by q.scheduled_at, q.id limit 1`;

const dueOfKinds = (n: TableNames): string => `
  select min(x.scheduled_at) from k cross join lateral (${dueOf(n, "k.kind")}) x`;

// Of the record a claim leaves out what is the same for all it takes.
const claimedColumns = `m.id, m.tenant_id, m.kind, t.flags, t.priority, t.scheduled_at, m.attempt + 1, m.version + 1, t.failures,
  t.lease_token, t.ended, t.created_at, t.input, t.output, t.fixed, t.loose, t.version`;

const leaseColumns =
  "id, tenant_id, kind, status, flags, attempt, version, lease_token, lease_expires_at, host_id, claimed_at, started_at, last_sign_at, updated_at";

const recordOf = (n: TableNames): string => `lateral (select * from ${n.task} y where y.id = m.id offset 0) t`;

/**
 * One statement. It refuses by itself what it must not decide: kinds with settings, a store limit, tasks that have fallen
 * due and still have to be let in, and tasks with something special, behind which it takes none either, so that the
 * order stays exact. Nothing in it joins a table freely: statistics that were taken while the queue was empty would turn the
 * join round, and the whole queue would be read for each task.
 */
export const claimTasks: Sql = (n) => claimWith(n, readyOf(n, ""));

/** The same, from where `ReadyBounds` knows the ready tasks of a kind to begin. */
export const claimTasksBehind: Sql = (n) =>
  claimWith(
    n,
    `select z.* from (select * from unnest($8::text[], $9::integer[], $10::integer[], $11::bigint[]) with ordinality
      b(kind, high, low, since, n) where b.kind = k.kind order by b.n) b
    cross join lateral (${readyOf(n, "and r.priority <= b.high and r.priority >= b.low and r.scheduled_at >= b.since")}) z
    limit least(k.slots, $3::integer)`,
  );

const readyOf = (n: TableNames, bounds: string): string => `
    select r.id, r.kind, r.priority, r.scheduled_at, r.flags from ${n.queue} r
    where r.place = ${place.ready} and r.kind = k.kind ${bounds}
    order by ${orderOfClaims} limit least(k.slots, $3::integer) for update skip locked`;

const claimWith = (n: TableNames, ready: string): string => `
with k as materialized (select * from unnest($1::text[], $2::integer[]) k(kind, slots)),
s as materialized (select ${settingsOf(n, "k.kind = any($1::text[])")} as special, (${dueOfKinds(n)}) as next_due, ${nowSql(7)} as now),
p as materialized (select array_agg(c.id) as ids, array_position(array_agg(c.flags & ${specialToClaim} <> 0), true) as special_at
  from (select x.id, x.flags from s, k cross join lateral (${ready}) x
    where not s.special and coalesce(s.next_due > s.now, true)
    order by x.priority desc, x.scheduled_at, x.id limit $3::integer) c),
m as (delete from ${n.queue} q
  where q.id = any((select p.ids[:coalesce(p.special_at - 1, cardinality(p.ids))] from p)::uuid[])
  returning q.id, q.tenant_id, q.kind, q.flags, q.attempt, q.version),
t0 as materialized (select ${nowSql(7)} as now from (select count(*) from m) z),
r as (insert into ${n.running} (${leaseColumns})
  select m.id, m.tenant_id, m.kind, 2, m.flags, m.attempt + 1, m.version + 1, $4, t0.now + $5::bigint, $6,
    t0.now, null, t0.now, t0.now from m, t0),
e as (insert into ${n.event} (at, type, tenant_id, kind, was, became, host_id, n, version, attempt, ids, versions, attempts)
  select t0.now, ${claimedCode}, g.tenant_id, g.kind, 1, 2, $6, ${gatheredEvent} from t0, (
    select m.tenant_id, m.kind, ${gatherEvent("m.version + 1", "m.attempt + 1")} from m group by m.tenant_id, m.kind) g)
select null::uuid, null, null, (s.special or p.special_at is not null)::integer, null::smallint, s.next_due,
  null::integer, null::integer, null::integer, null, null::smallint, t0.now, null, null, null, null, null::integer from s, p, t0
union all
select ${claimedColumns} from m cross join ${recordOf(n)}`;

/** The same, of the first task alone: without lists and groups a fifth less. Its one row begins with what is to be known of the claim. */
export const claimFirst: Sql = (n) =>
  firstWith(n, {
    kinds: "",
    isAsked: "k.kind = $1::text",
    nextDue: dueOf(n, "$1::text"),
    first: `${headOf(n, "$1::text")} limit 1 for update skip locked`,
    second: `${headOf(n, "$1::text")} offset 1`,
  });

/** The same, of several kinds. */
export const claimFirstOfKinds: Sql = (n) =>
  firstWith(n, {
    kinds: "k as materialized (select * from unnest($1::text[]) k(kind)),",
    isAsked: "k.kind = any($1::text[])",
    nextDue: dueOfKinds(n),
    first: `select x.* from k cross join lateral (${headOf(n, "k.kind")} limit 1 for update skip locked) x
    order by x.priority desc, x.scheduled_at, x.id limit 1`,
    second: `select 1 from k cross join lateral (${headOf(n, "k.kind")} limit 2) x offset 1`,
  });

const headOf = (n: TableNames, kind: string): string => `
    select r.id, r.priority, r.scheduled_at, r.flags from ${n.queue} r where r.place = ${place.ready} and r.kind = ${kind}
    order by ${orderOfClaims}`;

/** What differs between one kind and several. */
interface FirstOf {
  readonly kinds: string;
  readonly isAsked: string;
  readonly nextDue: string;
  readonly first: string;
  readonly second: string;
}

const firstWith = (n: TableNames, { kinds, isAsked, nextDue, first, second }: FirstOf): string => `
with ${kinds}
s as materialized (select ${settingsOf(n, isAsked)} as special, (${nextDue}) as next_due, ${nowSql(5)} as now),
c as materialized (select x.id, x.flags & ${specialToClaim} = 0 as is_plain from s cross join lateral (${first}) x
  where not s.special and coalesce(s.next_due > s.now, true)),
m as (delete from ${n.queue} q where q.id = (select c.id from c where c.is_plain)
  returning q.id, q.tenant_id, q.kind, q.flags, q.attempt, q.version, ${nowSql(5)} as now),
r as (insert into ${n.running} (${leaseColumns})
  select m.id, m.tenant_id, m.kind, 2, m.flags, m.attempt + 1, m.version + 1, $2, m.now + $3::bigint, $4,
    m.now, null, m.now, m.now from m),
e as (insert into ${n.event} (at, type, tenant_id, kind, was, became, host_id, n, version, attempt, ids)
  select m.now, ${claimedCode}, m.tenant_id, m.kind, 1, 2, $4, 1, m.version + 1, m.attempt + 1, array[m.id] from m)
select s.special or exists (select 1 from c where not c.is_plain), m.id is not null and exists (${second}), s.next_due, coalesce(m.now, s.now),
  ${claimedColumns}
from s left join m on true left join ${recordOf(n)} on true`;
