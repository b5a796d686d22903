import {
  buildTaskAggregateSnapshot,
  parseTaskFilter,
  type TaskAggregateSnapshot,
  type TaskCount,
  type TaskFilter,
  taskStates,
  taskStatuses,
} from "@millrace/models";
import { deepFrozen, statusOfCode } from "@millrace/store-sql";
import type { Session, Sql } from "../connection/session.ts";
import { flag, place } from "../row/task-flags.ts";
import { numberOf } from "../row/task-row.ts";
import { readCounts } from "./counters.ts";
import { Parameters, whereOf } from "./filter-conditions.ts";
import { journalEnd, journalState, keepJournal } from "./journal-place.ts";
import { Tally } from "./tally.ts";

// Counting more rows than this one by one takes too long for a page that people wait for.
const cap = 10_000;

const selectNotDue: Sql = (n) => `
select z.kind, z.tenant_id, z.failed, count(*) from (
  select q.kind, q.tenant_id, q.failures > 0 as failed from ${n.queue} q
  where q.place = ${place.notDue} and q.scheduled_at > $1::bigint limit $2) z
group by z.kind, z.tenant_id, z.failed`;
const selectStale: Sql = (n) => `
select kind, tenant_id, status, count(*) from ${n.running} where flags & ${flag.stale} <> 0 group by kind, tenant_id, status`;

/** When an aggregate is told, and where in the journal it is true. */
interface Moment {
  readonly now: number;
  readonly cursor: string;
}

/** How many tasks of a filter stand where: from counters where the filter asks for no more than they know. */
export async function readAggregate(
  session: Session,
  asked: TaskFilter,
  now: number | null,
): Promise<TaskAggregateSnapshot> {
  const filter = parseTaskFilter(asked);
  await session.run(keepJournal);
  const state = await journalState(session);
  const moment = { now: now ?? state.clock, cursor: journalEnd(state) };
  const { tenantId: _tenantId, kinds: _kinds, statuses: _statuses, ...rest } = filter;
  const isCounted = Object.keys(rest).length === 0;
  return deepFrozen(await (isCounted ? fromCounters : fromRows)(session, filter, moment));
}

function isMeant(
  { tenantId, kinds, statuses }: TaskFilter,
  of: { tenantId: unknown; kind: unknown; status: string },
): boolean {
  return (
    (tenantId === undefined || tenantId === of.tenantId) &&
    (!kinds || kinds.includes(String(of.kind))) &&
    (!statuses || statuses.some((status) => status === of.status))
  );
}

async function fromCounters(session: Session, filter: TaskFilter, moment: Moment): Promise<TaskAggregateSnapshot> {
  const byStatus = new Tally();
  const byState = new Tally();
  const byKind = new Tally();
  let total = 0;
  for (const { tenantId, kind, status, n } of await readCounts(session)) {
    const name = statusOfCode(status);
    if (!isMeant(filter, { tenantId, kind, status: name })) continue;
    total += n;
    byStatus.add(name, n);
    byState.add(name, n);
    byKind.add(kind, n);
  }
  await splitQueued(session, filter, { byState, now: moment.now });
  for (const [kind, tenantId, code, n] of await session.run(selectStale)) {
    const name = statusOfCode(numberOf(code));
    if (!isMeant(filter, { tenantId, kind, status: name })) continue;
    byState.add(name, -numberOf(n));
    byState.add("stale", numberOf(n));
  }
  return {
    total: { count: total, exact: true },
    byStatus: byStatus.of(taskStatuses),
    byState: byState.of(taskStates),
    byKind: byKind.of(byKind.names()),
    updatedAt: moment.now,
    cursor: moment.cursor,
  };
}

/** The counters do not know which queued tasks are not due yet; up to the cap they are counted one by one. */
async function splitQueued(
  session: Session,
  filter: TaskFilter,
  { byState, now }: { readonly byState: Tally; readonly now: number },
): Promise<void> {
  let seen = 0;
  for (const [kind, tenantId, hasFailed, n] of await session.run(selectNotDue, [now, cap])) {
    seen += numberOf(n);
    if (!isMeant(filter, { tenantId, kind, status: "queued" })) continue;
    byState.add("queued", -numberOf(n));
    byState.add(hasFailed === true ? "retrying" : "scheduled", numberOf(n));
  }
  if (seen >= cap) for (const state of ["queued", "scheduled", "retrying"]) byState.markInexact(state);
}

/** Counts rows one by one, up to the cap; beyond it every number is a lower bound. */
async function fromRows(session: Session, filter: TaskFilter, moment: Moment): Promise<TaskAggregateSnapshot> {
  const parameters = new Parameters();
  const { from, conditions } = whereOf(session.names, filter, { parameters, now: moment.now });
  const rows = await session.text(
    `select t.kind, coalesce(r.status, t.status) as status, t.scheduled_at, t.failures, t.flags & ${flag.stale} as stale
     from ${from} where ${conditions.join(" and ") || "true"} limit ${parameters.add(cap + 1)}`,
    parameters.values,
  );
  const fields = rows.slice(0, cap).map(([kind, status, scheduledAt, failures, stale]) => ({
    kind: String(kind),
    status: statusOfCode(numberOf(status)),
    scheduledAt: numberOf(scheduledAt),
    failures: numberOf(failures),
    staleAt: stale === 0 ? null : moment.now,
  }));
  const snapshot = buildTaskAggregateSnapshot(fields, moment);
  return rows.length > cap ? inexact(snapshot) : snapshot;
}

function inexact(snapshot: TaskAggregateSnapshot): TaskAggregateSnapshot {
  const all = <Counts extends Readonly<Record<string, TaskCount>>>(counts: Counts): Counts =>
    Object.fromEntries(Object.entries(counts).map(([name, { count }]) => [name, { count, exact: false }])) as Counts;
  return {
    ...snapshot,
    total: { count: snapshot.total.count, exact: false },
    byStatus: all(snapshot.byStatus),
    byState: all(snapshot.byState),
    byKind: all(snapshot.byKind),
  };
}
