import { applyMove, isTaskId, type Lease, type LeaseAnswer, lostAnswer } from "@millrace/models";
import { nowSql } from "../connection/clock-sql.ts";
import type { Session, Sql } from "../connection/session.ts";
import { flag } from "../row/task-flags.ts";
import { numberOf, storedTask, taskColumns, taskTables } from "../row/task-row.ts";

export const extendLeases: Sql = (n) => `
with l as materialized (
  select r.id from (select * from unnest($1::uuid[], $2::text[], $3::integer[]) d(id, token, attempt) order by id) d
  cross join lateral (select x.id from ${n.running} x
    where x.id = d.id and x.lease_token = d.token and x.attempt = d.attempt for update) r)
update ${n.running} r set lease_expires_at = ${nowSql(5)} + $4::bigint where r.id = any(array(select l.id from l))
returning r.id, r.version, r.flags & ${flag.cancelRequested}, r.lease_token, r.attempt`;
const readLost: Sql = (n) => `select ${taskColumns} from ${taskTables(n)} where t.id = any($1::uuid[])`;

/** M4, in one statement: every lease that still holds ends `leaseMs` from now. */
export async function extend(
  session: Session,
  leases: readonly Lease[],
  { leaseMs, now }: { readonly leaseMs: number; readonly now: number | null },
): Promise<readonly LeaseAnswer[]> {
  const known = leases.filter(({ taskId }) => isTaskId(taskId));
  const columns = [
    known.map(({ taskId }) => taskId),
    known.map(({ leaseToken }) => leaseToken),
    known.map(({ attempt }) => attempt),
  ];
  const rows = await session.run(extendLeases, [...columns, leaseMs, now]);
  const held = new Map(rows.map((row) => [String(row[0]), row]));
  const lost = known.filter(({ taskId }) => !held.has(taskId));
  const found = lost.length === 0 ? [] : await session.run(readLost, [lost.map(({ taskId }) => taskId)]);
  const tasks = new Map(found.map((row) => [String(row[0]), storedTask(row).task]));
  return leases.map((lease): LeaseAnswer => {
    const row = held.get(lease.taskId);
    // Two leases of one task may stand in a list; only one of them can hold.
    if (row?.[3] === lease.leaseToken && numberOf(row[4]) === lease.attempt)
      return { status: row[2] === 0 ? "held" : "cancel-requested", version: numberOf(row[1]) };
    const task = tasks.get(lease.taskId);
    if (!task) return row === undefined ? { status: "lost", why: "not-found" } : { status: "lost", why: "stale-lease" };
    const result = applyMove(task, { type: "extend", lease, leaseMs }, task.updatedAt);
    return result.type === "made" ? { status: "lost", why: "stale-lease" } : lostAnswer(result);
  });
}
