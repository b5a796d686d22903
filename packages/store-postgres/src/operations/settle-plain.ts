import type { LeaseAnswer, LeasedSettlement } from "@millrace/models";
import { eventCode, startedAndSucceeded } from "@millrace/store-sql";
import { nowSql } from "../connection/clock-sql.ts";
import type { Session, Sql } from "../connection/session.ts";
import { flag, specialToSucceed } from "../row/task-flags.ts";
import { valueToText } from "../row/value-column.ts";
import { gatheredEvent, gatherEvent } from "../transaction/event-lists.ts";

const succeeded = eventCode("succeeded") ?? 0;

const placeOf = "width_bucket(q.id, $1::uuid[])";

// The rows of the leases are met by their ids alone, in order: whatever the statistics say of that table, it is never read as
// a whole, and a row is found and locked once. What belongs to it is found by its place in the sorted list of ids, by halves.
// The records need no such care: a table that is never empty keeps its statistics. Tokens and outputs are mostly alike, and a list
// of texts is walked from its beginning for each that is read: they come once each, and a number says which is whose.
// What is removed without a look at anything else stands together at rest; the others are taken out one by one.
// The 6 of `ended` is "by its owner, as succeeded".
export const succeedTasks: Sql = (n) => `
with x as (delete from ${n.running} q where q.id = any($1::uuid[]) and q.flags & ${specialToSucceed} = 0
    and q.lease_token = ($2::text[])[($7::integer[])[${placeOf}]] and q.attempt = ($3::integer[])[${placeOf}]
  returning q.id, ${placeOf} as place, q.tenant_id, q.kind, q.host_id, q.status, q.flags, q.attempt, q.lease_token, q.claimed_at,
    q.started_at, q.last_sign_at, q.version + 1 + (($4::boolean[])[${placeOf}] and q.started_at is null)::integer as version,
    ($4::boolean[])[${placeOf}] and q.started_at is null as starts, ($5::text[])[($8::integer[])[${placeOf}]] as output),
c as materialized (select ${nowSql(6)} as now from (select count(*) from x) z),
f as (update ${n.task} t set status = 6, attempt = x.attempt, version = x.version,
    lease_token = x.lease_token, host_id = x.host_id, ended = 6, updated_at = c.now, claimed_at = x.claimed_at,
    started_at = case when x.starts then c.now else x.started_at end,
    last_sign_at = case when x.starts then c.now else x.last_sign_at end, finished_at = c.now, output = x.output
  from x, c where t.id = x.id),
g as materialized (select tenant_id, kind, status, host_id, starts, flags = 0 as is_alone, ${gatherEvent("version", "attempt")} from x
    group by tenant_id, kind, status, host_id, starts, is_alone),
r as (insert into ${n.resting} (status, kind, at, id, kept_by_itself, ids)
  select 6, kind, c.now, gen_random_uuid(), false, ids from g, c where is_alone
  union all select 6, kind, c.now, id, flags & ${flag.keptByItself} <> 0, null from x, c where flags <> 0),
e as (insert into ${n.event} (at, type, tenant_id, kind, was, became, host_id, n, version, attempt, ids, versions, attempts)
  select c.now, case when starts then ${startedAndSucceeded} else ${succeeded} end, tenant_id, kind, status, 6, host_id, ${gatheredEvent}
  from g, c)
select string_agg(place::text, ',') as places, string_agg(version::text, ',') as versions from x`;

/**
 * M6 of tasks of which nothing needs to follow, in one statement: for each settlement the answer, or null. What is not answered is
 * left to the long way, which decides. Each task must stand in the list once, and they in the order of their ids.
 */
export async function settlePlain(
  session: Session,
  settlements: readonly LeasedSettlement[],
  now: number | null,
): Promise<readonly (LeaseAnswer | null)[]> {
  const tokens = onceEach(settlements.map(({ leaseToken }) => leaseToken));
  const outputs = onceEach(
    settlements.map(({ settlement }) => (settlement.type === "succeed" ? valueToText(settlement.output) : null)),
  );
  const [row] = await session.run(succeedTasks, [
    settlements.map(({ taskId }) => taskId),
    tokens.values,
    settlements.map(({ attempt }) => attempt),
    settlements.map(({ started }) => started),
    outputs.values,
    now,
    tokens.places,
    outputs.places,
  ]);
  const answers: (LeaseAnswer | null)[] = settlements.map(() => null);
  const versions = numbersOf(row?.[1]);
  for (const [index, place] of numbersOf(row?.[0]).entries()) {
    answers[place - 1] = { status: "held", version: versions[index] ?? 0, next: "succeeded" };
  }
  return answers;
}

/** Each value once, and where in that list, from 1 on, those of the given one stand. */
function onceEach<Value>(all: readonly Value[]): {
  readonly values: readonly Value[];
  readonly places: readonly number[];
} {
  const places = new Map<Value, number>();
  const placeOfValue = (value: Value): number => {
    const place = places.get(value) ?? places.size + 1;
    if (place > places.size) places.set(value, place);
    return place;
  };
  return { places: all.map(placeOfValue), values: [...places.keys()] };
}

function numbersOf(list: unknown): readonly number[] {
  return typeof list === "string" ? list.split(",").map(Number) : [];
}
