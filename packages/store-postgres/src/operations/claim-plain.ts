import type { ClaimRequest } from "@millrace/models";
import { eventCode, statusCode } from "@millrace/store-sql";
import { nowSql } from "../connection/clock-sql.ts";
import type { Row, Session, Sql } from "../connection/session.ts";
import type { TableNames } from "../connection/table-names.ts";
import { place, specialToClaim } from "../row/task-flags.ts";
import { numberOrNull, type StoredTask, storedTask } from "../row/task-row.ts";
import { gatheredEvent, gatherEvent } from "../transaction/event-lists.ts";
import { readLocked } from "../transaction/hold.ts";
import type { ReadyBounds, ReadyRange } from "../transaction/ready-bounds.ts";

const claimedCode = eventCode("claimed") ?? 0;
const claimedStatus = statusCode("claimed");

// What `millrace_kind_special` holds, in the same words: else the planner would not see that it may use it.
const special =
  "(k.paused_at is not null or k.lim is not null or k.code_lim is not null or k.rate is not null or k.code_rate is not null or k.fairness <> 'none')";

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
    order by r.priority desc, r.scheduled_at, r.id limit least(k.slots, $3::integer) for update skip locked`;

const claimWith = (n: TableNames, ready: string): string => `
with k as materialized (select * from unnest($1::text[], $2::integer[]) k(kind, slots)),
s as materialized (select
  exists (select 1 from k, ${n.kind} k2 where k2.kind = k.kind and ${special.replaceAll("k.", "k2.")})
    or exists (select 1 from ${n.meta} where name = 'store_limit' and value is not null) as special,
  (select min(x.scheduled_at) from k cross join lateral (
    select q.scheduled_at from ${n.queue} q where q.place = ${place.notDue} and q.kind = k.kind
    order by q.scheduled_at, q.id limit 1) x) as next_due,
  ${nowSql(7)} as now),
p as materialized (select array_agg(c.id) as ids, array_position(array_agg(c.flags & ${specialToClaim} <> 0), true) as special_at
  from (select x.id, x.flags from s, k cross join lateral (${ready}) x
    where not s.special and coalesce(s.next_due > s.now, true)
    order by x.priority desc, x.scheduled_at, x.id limit $3::integer) c),
m as (delete from ${n.queue} q
  where q.id = any((select p.ids[:coalesce(p.special_at - 1, cardinality(p.ids))] from p)::uuid[])
  returning q.id, q.tenant_id, q.kind, q.flags, q.attempt, q.version),
t0 as materialized (select ${nowSql(7)} as now from (select count(*) from m) z),
r as (insert into ${n.running} (id, tenant_id, kind, status, flags, attempt, version, lease_token, lease_expires_at, host_id,
    claimed_at, started_at, last_sign_at, updated_at)
  select m.id, m.tenant_id, m.kind, 2, m.flags, m.attempt + 1, m.version + 1, $4, t0.now + $5::bigint, $6,
    t0.now, null, t0.now, t0.now from m, t0),
e as (insert into ${n.event} (at, type, tenant_id, kind, was, became, host_id, n, version, attempt, ids, versions, attempts)
  select t0.now, ${claimedCode}, g.tenant_id, g.kind, 1, 2, $6, ${gatheredEvent} from t0, (
    select m.tenant_id, m.kind, ${gatherEvent("m.version + 1", "m.attempt + 1")} from m group by m.tenant_id, m.kind) g)
select null::uuid, null, null, s.special::integer + 2 * (p.special_at is not null)::integer, null::smallint, s.next_due,
  null::integer, null::integer, null::integer, null, null::smallint, t0.now, null, null, null, null, null::integer from s, p, t0
union all
select m.id, m.tenant_id, m.kind, t.flags, t.priority, t.scheduled_at, m.attempt + 1, m.version + 1, t.failures, t.lease_token,
  t.ended, t.created_at, t.input, t.output, t.fixed, t.loose, t.version
from m cross join lateral (select * from ${n.task} y where y.id = m.id offset 0) t`;

/** The row without an id: what is to be known of the claim itself. */
function infoOf(rows: readonly Row[]): Pick<PlainClaim, "isSpecial" | "hasSpecialTask"> & {
  readonly nextDue: number | null;
  readonly now: number;
} {
  const info = rows.find(([id]) => id === null);
  const bits = Number(info?.[3]);
  return {
    isSpecial: bits % 2 === 1,
    hasSpecialTask: bits >= 2,
    nextDue: numberOrNull(info?.[5]),
    now: Number(info?.[11]),
  };
}

/** The lease that a claim gives. */
interface GivenLease {
  readonly token: string;
  readonly hostId: string;
  readonly now: number;
  readonly leaseMs: number;
}

/** A row of `taskColumns` out of one of the claim, which leaves out what is the same for all it takes. */
function claimedRow(row: Row, { token, hostId, now, leaseMs }: GivenLease): Row {
  const [id, tenantId, kind, flags, priority, scheduledAt, attempt, version, failures, lastToken, ended, createdAt] =
    row;
  const expiresAt = now + leaseMs;
  // prettier-ignore
  return [
    id, tenantId, kind, claimedStatus, flags, priority, scheduledAt, attempt, version, failures, lastToken, hostId, ended,
    createdAt, now, now, null, now, null, row[12], row[13], row[14], row[15], token, expiresAt, null,
  ];
}

/** What the short claim brought. */
export interface PlainClaim {
  /** In the order of claims. */
  readonly claimed: readonly StoredTask[];
  /** A kind asked for, or the store, has settings: the long way must do it. */
  readonly isSpecial: boolean;
  /** It stopped before a task that the long way must look at. */
  readonly hasSpecialTask: boolean;
  readonly nextDueInMs: number | null;
}

/** M2 of tasks of which nothing special was said, in one statement. */
export async function claimPlain(
  session: Session,
  request: ClaimRequest,
  { token, now, bounds }: { readonly token: string; readonly now: number | null; readonly bounds: ReadyBounds },
): Promise<PlainClaim> {
  const kinds = [...new Map(request.kinds.map(({ kind, slots }) => [kind, slots]))].filter(([, slots]) => slots > 0);
  const names = kinds.map(([kind]) => kind);
  const bounded = bounds.begin(names);
  const values = [
    names,
    kinds.map(([, slots]) => Math.min(slots, request.limit)),
    request.limit,
    token,
    request.leaseMs,
    request.hostId,
    now,
  ];
  const begun = performance.now();
  const rows = bounded.ranges
    ? await session.run(claimTasksBehind, [...values, ...columnsOf(bounded.ranges)])
    : await session.run(claimTasks, values);
  const tookMs = performance.now() - begun;
  const { isSpecial, hasSpecialTask, nextDue, now: claimedAt } = infoOf(rows);
  const claimed = await currentOf(
    session,
    rows.filter(([id]) => id !== null),
    { token, hostId: request.hostId, now: claimedAt, leaseMs: request.leaseMs },
  );
  const most = Math.min(
    request.limit,
    kinds.reduce((sum, [, slots]) => sum + slots, 0),
  );
  bounds.end(bounded, {
    kinds: names,
    taken: claimed.map(({ task }) => task),
    isShort: claimed.length < most,
    now: claimedAt,
    tookMs,
  });
  return {
    claimed: claimed.toSorted((a, b) => (comesBefore(a.task, b.task) ? -1 : 1)),
    isSpecial,
    hasSpecialTask,
    nextDueInMs: nextDue === null ? null : Math.max(0, nextDue - claimedAt),
  };
}

/**
 * The claimed tasks as they are. A change that was committed while the statement ran is in the row of the queue, which it
 * locked, but not yet in the record it read beside it: their versions tell, and then the record is read again.
 */
async function currentOf(session: Session, rows: readonly Row[], lease: GivenLease): Promise<readonly StoredTask[]> {
  const found = rows.map((row) => ({ stored: storedTask(claimedRow(row, lease)), recordVersion: Number(row.at(-1)) }));
  const outdated = found.filter(({ stored, recordVersion }) => recordVersion !== stored.task.version - 1);
  if (outdated.length === 0) return found.map(({ stored }) => stored);
  const again = await session.run(readLocked, [outdated.map(({ stored }) => stored.task.id)]);
  const current = new Map(again.map((row) => [String(row[0]), storedTask(row)]));
  return found.map(({ stored }) => current.get(stored.task.id) ?? stored);
}

/** The order of claims. */
function comesBefore(a: StoredTask["task"], b: StoredTask["task"]): boolean {
  if (a.priority !== b.priority) return a.priority > b.priority;
  if (a.scheduledAt !== b.scheduledAt) return a.scheduledAt < b.scheduledAt;
  return a.id < b.id;
}

function columnsOf(ranges: readonly ReadyRange[]): readonly (readonly unknown[])[] {
  return [
    ranges.map(({ kind }) => kind),
    ranges.map(({ high }) => high),
    ranges.map(({ low }) => low),
    ranges.map(({ from }) => from),
  ];
}
