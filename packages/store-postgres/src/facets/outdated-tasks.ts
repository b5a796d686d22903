import type { EpochMs, TaskId, TaskRetentionPolicy } from "@millrace/models";
import { statusRules } from "@millrace/store-sql";
import type { Sql } from "../connection/session.ts";
import { restingTasks } from "../row/resting-row.ts";
import { numberOf } from "../row/task-row.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";

/** Up to where a sweep has looked: everything before it has gone, or is still needed. */
export interface SweepPlace {
  readonly kind: string;
  readonly at: EpochMs;
  readonly id: TaskId;
}

/** The places of a sweep, by what was looked for. */
export type SweepPlaces = ReadonlyMap<string, SweepPlace>;

const beforeAny: SweepPlace = {
  kind: "",
  at: Number.MIN_SAFE_INTEGER,
  id: "00000000-0000-0000-0000-000000000000",
};

const selectPurgeable: Sql = (n) => `
select id, '', at from ${n.timer} where type = $1 and at <= $2 and (at, id) > ($5::bigint, $6::uuid) and $4 = ''
order by at, id limit $3`;

/** The kinds of the final status $1, one step of the index each, among the rows of a condition. */
export const kindsOfStatus = (resting: string, condition: string): string => `
ks(kind) as (
  (select kind from ${resting} where status = $1::smallint and ${condition} order by kind, at, id limit 1)
  union all
  select (select x.kind from ${resting} x where x.status = $1::smallint and x.kind > ks.kind
    order by x.kind limit 1) from ks where ks.kind is not null)`;

/** What a task says of itself stands above the policy. */
export const isGoverned = "not t.kept_by_itself";
// What was deleted before the place still stands in the index until vacuum takes it away, and is not stepped over again.
const fromPlace = "(kind, at) >= ($4::text, $5::bigint)";
const placeAt = `case when ks.kind = $4::text then $5::bigint else ${beforeAny.at} end`;
const isBehindPlace = `t.at >= ${placeAt} and (t.at, u.id) > (${placeAt}, $6::uuid)`;

export const selectTooOld: Sql = (n) => `
with recursive ${kindsOfStatus(n.resting, fromPlace)}
select y.id, ks.kind, y.at from ks cross join lateral (
  select u.id, t.at from ${restingTasks(n)}
  where t.status = $1::smallint and t.kind = ks.kind and t.at <= $2::bigint and ${isGoverned}
    and ${isBehindPlace}
  order by t.at, u.id limit $3) y
where ks.kind is not null limit $3`;

// The first that is one too many, counted from the newest; it and all before it go, the oldest first.
export const selectTooMany: Sql = (n) => `
with recursive ${kindsOfStatus(n.resting, fromPlace)}
select y.id, ks.kind, y.at from ks cross join lateral (
  select t.at, u.id from ${restingTasks(n)}
  where t.status = $1::smallint and t.kind = ks.kind and ${isGoverned}
  order by t.at desc, u.id desc limit 1 offset $2) edge
cross join lateral (
  select u.id, t.at from ${restingTasks(n)}
  where t.status = $1::smallint and t.kind = ks.kind and ${isGoverned}
    and t.at <= edge.at and (t.at, u.id) <= (edge.at, edge.id) and ${isBehindPlace}
  order by t.at, u.id limit $3) y
where ks.kind is not null limit $3`;

/** What a bite may take away. */
export interface OutdatedTasks {
  readonly ids: readonly TaskId[];
  readonly places: SweepPlaces;
  /** A search ended at its limit: there may be more behind its place. */
  readonly isCut: boolean;
}

/** Something to look for, and up to where that was done. */
interface Search {
  readonly name: string;
  readonly sql: Sql;
  readonly values: (limit: number) => readonly unknown[];
}

/**
 * Final tasks that may go, in the order in which they go: past their own `retainForMs`, past the time to live of their
 * status, then those beyond the latest n of their kind. At most `limit`, behind the places of the same sweep.
 */
export async function outdatedTasks(
  tx: StoreTransaction,
  policy: TaskRetentionPolicy,
  { limit, places }: { readonly limit: number; readonly places: SweepPlaces },
): Promise<OutdatedTasks> {
  const ids = new Set<TaskId>();
  const reached = new Map(places);
  let isCut = false;
  for (const { name, sql, values } of searchesOf(policy, tx.now)) {
    if (ids.size >= limit) break;
    const { kind, at, id } = places.get(name) ?? beforeAny;
    const most = limit - ids.size;
    const rows = await tx.query(sql, [...values(most), kind, at, id]);
    // Not told by the number of ids: what two searches find counts once.
    isCut ||= rows.length >= most;
    for (const [found] of rows) ids.add(String(found));
    const last = rows.at(-1);
    if (last) reached.set(name, { id: String(last[0]), kind: String(last[1]), at: numberOf(last[2]) });
  }
  return { ids: [...ids], places: reached, isCut };
}

function searchesOf(policy: TaskRetentionPolicy, now: EpochMs): readonly Search[] {
  const search = (name: string, sql: Sql, ...values: readonly number[]): Search => {
    return { name, sql, values: (limit) => [...values, limit] };
  };
  const rules = statusRules(policy);
  return [
    ...rules.map(({ code }) => search(`purge ${code}`, selectPurgeable, code, now)),
    ...rules.flatMap(({ code, ttlMs }) =>
      ttlMs === null ? [] : search(`old ${code}`, selectTooOld, code, now - ttlMs),
    ),
    ...rules.flatMap(({ code, keep }) => (keep === null ? [] : search(`many ${code}`, selectTooMany, code, keep))),
  ];
}
