import { isTaskId, type LeaseAnswer, type LeasedReport } from "@millrace/models";
import { eventCode } from "@millrace/store-sql";
import { nowSql } from "../connection/clock-sql.ts";
import type { Session, Sql } from "../connection/session.ts";
import { flag } from "../row/task-flags.ts";
import { numberOf } from "../row/task-row.ts";
import { gatheredEvent, gatherEvent } from "../transaction/event-lists.ts";

const started = eventCode("started") ?? 0;

export const tellAlive: Sql = (n) => `
with l as materialized (
  select r.*, r.started_at is null as is_new
  from (select * from unnest($1::uuid[], $2::text[], $3::integer[]) d(id, token, attempt) order by id) d
  cross join lateral (select * from ${n.running} x
    where x.id = d.id and x.lease_token = d.token and x.attempt = d.attempt and x.flags & ${flag.stale} = 0 for update) r),
c as materialized (select ${nowSql(4)} as now from (select count(*) from l) z),
u as (update ${n.running} r set status = 3, last_sign_at = c.now, started_at = coalesce(r.started_at, c.now),
    version = r.version + (r.started_at is null)::integer,
    updated_at = case when r.started_at is null then c.now else r.updated_at end
  from c where r.id = any(array(select l.id from l))),
e as (insert into ${n.event} (at, type, tenant_id, kind, was, became, host_id, n, version, attempt, ids, versions, attempts)
  select c.now, ${started}, tenant_id, kind, status, 3, host_id, ${gatheredEvent}
  from c, (select tenant_id, kind, status, host_id, ${gatherEvent("version + 1", "attempt")} from l where is_new
    group by tenant_id, kind, status, host_id) g)
select id, version + is_new::integer, flags & ${flag.cancelRequested} from l`;

/** Whether a report says no more than that its task has started, or is alive. */
export function isPlainReport({ taskId, progress, steps }: LeasedReport): boolean {
  return progress === undefined && (steps === undefined || steps.length === 0) && isTaskId(taskId);
}

/**
 * M3, and signs of life, in one statement: for each report the answer, or null where it does not hold or needs more. Each task
 * must stand in the list once.
 */
export async function reportPlain(
  session: Session,
  reports: readonly LeasedReport[],
  now: number | null,
): Promise<readonly (LeaseAnswer | null)[]> {
  const rows = await session.run(tellAlive, [
    reports.map(({ taskId }) => taskId),
    reports.map(({ leaseToken }) => leaseToken),
    reports.map(({ attempt }) => attempt),
    now,
  ]);
  const found = new Map(rows.map((row) => [String(row[0]), row]));
  return reports.map(({ taskId }) => {
    const row = found.get(taskId);
    if (!row) return null;
    return { status: row[2] === 0 ? "held" : "cancel-requested", version: numberOf(row[1]) };
  });
}
