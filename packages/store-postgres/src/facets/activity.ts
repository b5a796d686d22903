import type {
  ActivityAnswer,
  ActivityFacet,
  ActivityQuery,
  EndedQuery,
  EndedTimes,
  EpochMs,
  KindLoad,
} from "@millrace/models";
import {
  activityCodes,
  activityCounts,
  activityRows,
  endedColumns,
  endedTimesOf,
  statusCode,
  statusOfCode,
} from "@millrace/store-sql";
import type { Engine } from "../connection/engine.ts";
import type { Session, Sql } from "../connection/session.ts";
import { pairsOf, readCounts, type StatusCount } from "../read/counters.ts";
import { journalState } from "../read/journal-place.ts";
import { restingTasks } from "../row/resting-row.ts";
import { numberOf, numberOrNull } from "../row/task-row.ts";
import { selectDue } from "./unserved.ts";

/** More rows are looked at only while those do not reach far enough back. */
const looks: readonly number[] = [500, 4_000, activityRows];
// The first row tells how far the look goes back; the others are sums.
const selectSums: Sql = (n) => `
with e as materialized (select at, kind, type, n, tenant_id from ${n.event} order by seq desc limit $1)
select null::bigint as part, null::text as kind, count(*) as code, min(at) as n from e
union all
select at - at % $2::bigint, kind, type, sum(n) from e
where at >= $3 and type in (${activityCodes}) and ($4::text is null or tenant_id = $4) group by 1, 2, 3`;

const [succeeded, failed] = [statusCode("succeeded"), statusCode("failed")];
// The newest of each kind, by the list that has them in order; then the newest of those, one by one.
export const selectEnded: Sql = (n) => `
select ${endedColumns} from (
  select y.id, y.at from unnest($2::smallint[], $3::text[]) k(status, kind) cross join lateral (
    select u.id, t.at from ${restingTasks(n)} where t.status = k.status and t.kind = k.kind order by t.at desc, u.id desc limit $1) y
  order by y.at desc, y.id desc limit $1) e
cross join lateral (select * from ${n.task} x where x.id = e.id limit 1) t
order by e.at desc, e.id desc`;
const selectEndedOfTenant: Sql = (n) => `
select ${endedColumns} from (select * from ${n.task} x order by x.created_at desc, x.id desc limit ${activityRows}) t
where t.tenant_id = $2 and t.status in (${succeeded}, ${failed})
order by t.finished_at desc, t.id desc limit $1`;

/** The facet over an engine. */
export function createActivity(engine: Engine): ActivityFacet {
  return {
    read: (query) => engine.read((session) => readActivity(session, query)),
    loads: () => engine.read((session) => readLoads(session, engine.now)),
    ended: (query) => engine.read((session) => readEnded(session, query)),
  };
}

async function readActivity(session: Session, { from, partMs, tenantId }: ActivityQuery): Promise<ActivityAnswer> {
  for (const look of looks) {
    const [span, ...sums] = await session.run(selectSums, [look, partMs, from, tenantId ?? null]);
    const oldest = numberOrNull(span?.[3]);
    if (numberOf(span?.[2]) === look && (oldest ?? from) >= from && look !== activityRows) continue;
    const counts = activityCounts(sums);
    return { counts, knownFrom: oldest === null ? null : Math.max(oldest, from) };
  }
  return { counts: [], knownFrom: null };
}

async function readEnded(session: Session, { limit, tenantId }: EndedQuery): Promise<readonly EndedTimes[]> {
  const rows = await (tenantId === undefined
    ? session.run(selectEnded, [limit, ...pairsOf((await readCounts(session)).filter(hasEnded))])
    : session.run(selectEndedOfTenant, [limit, tenantId]));
  return rows.map(endedTimesOf);
}

function hasEnded({ status }: StatusCount): boolean {
  return status === succeeded || status === failed;
}

async function readLoads(session: Session, now: EpochMs | null): Promise<readonly KindLoad[]> {
  const loads = new Map<string, { queued: number; running: number }>();
  for (const { kind, status: code, n } of await readCounts(session)) {
    const status = statusOfCode(code);
    if (status !== "queued" && status !== "claimed" && status !== "running") continue;
    const load = loads.get(kind) ?? { queued: 0, running: 0 };
    load[status === "queued" ? "queued" : "running"] += n;
    loads.set(kind, load);
  }
  const kinds = [...loads].flatMap(([kind, { queued }]) => (queued > 0 ? [kind] : []));
  const at = now ?? (await journalState(session)).clock;
  const rows = kinds.length === 0 ? [] : await session.run(selectDue, [kinds, at]);
  const due = new Map(rows.map(([kind, count, since]) => [String(kind), [numberOf(count), numberOf(since)] as const]));
  return [...loads]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, load]) => {
      const [count, since] = due.get(kind) ?? [0, null];
      return { kind, ...load, due: count, since: since === null ? null : Math.min(since, at) };
    });
}
