import { isTaskId, type LeaseAnswer, type LeasedReport } from "@millrace/models";
import { eventCode } from "@millrace/store-sql";
import { nowSql } from "../connection/clock-sql.ts";
import type { Session, Sql } from "../connection/session.ts";
import { flag } from "../row/task-flags.ts";
import { numberOf } from "../row/task-row.ts";

const started = eventCode("started") ?? 0;

const tellAlive: Sql = (n) => `
with l as materialized (
  select r.id, r.status, r.started_at is null as is_new
  from unnest($1::uuid[], $2::text[], $3::integer[]) d(id, token, attempt)
  join ${n.running} r on r.id = d.id and r.lease_token = d.token and r.attempt = d.attempt
  where r.flags & ${flag.stale} = 0 order by r.id for update of r),
c as materialized (select ${nowSql(4)} as now from (select count(*) from l) z),
u as (update ${n.running} r set status = 3, last_sign_at = c.now, started_at = coalesce(r.started_at, c.now),
    version = r.version + l.is_new::integer, updated_at = case when l.is_new then c.now else r.updated_at end
  from l, c where r.id = l.id
  returning r.id, r.version, r.attempt, r.flags, r.tenant_id, r.kind, r.host_id, l.status as was, l.is_new),
e as (insert into ${n.event} (at, type, tenant_id, kind, was, became, host_id, n, version, attempt, ids, versions, attempts)
  select (select now from c), ${started}, tenant_id, kind, was, 3, host_id, count(*),
    case when min(version) = max(version) then min(version) end, case when min(attempt) = max(attempt) then min(attempt) end,
    array_agg(id order by id),
    case when min(version) < max(version) then array_agg(version order by id) end,
    case when min(attempt) < max(attempt) then array_agg(attempt order by id) end
  from u where is_new group by tenant_id, kind, host_id, was)
select id, version, flags & ${flag.cancelRequested} from u`;

/** Whether a report says no more than that its task has started, or is alive. */
export function isPlainReport({ progress, steps }: LeasedReport): boolean {
  return progress === undefined && (steps === undefined || steps.length === 0);
}

/**
 * M3, and signs of life, in one statement: the answers of those that hold and need no more, by the place of their report.
 * Each task must stand in the list once.
 */
export async function reportPlain(
  session: Session,
  reports: readonly LeasedReport[],
  now: number | null,
): Promise<ReadonlyMap<string, LeaseAnswer>> {
  const known = reports.filter(({ taskId }) => isTaskId(taskId));
  const rows = await session.run(tellAlive, [
    known.map(({ taskId }) => taskId),
    known.map(({ leaseToken }) => leaseToken),
    known.map(({ attempt }) => attempt),
    now,
  ]);
  return new Map(
    rows.map((row) => [
      String(row[0]),
      { status: row[2] === 0 ? ("held" as const) : ("cancel-requested" as const), version: numberOf(row[1]) },
    ]),
  );
}
