import {
  type AggregateMoment,
  buildTaskAggregateSnapshot,
  parseTaskFilter,
  type TaskAggregateSnapshot,
  type TaskFilter,
} from "@millrace/models";
import {
  asksCountersOnly,
  atLeast,
  CountedAggregate,
  deepFrozen,
  isCounted,
  mostCounted,
  statusOfCode,
} from "@millrace/store-sql";
import type { Session, Sql } from "../connection/session.ts";
import { flag, place } from "../row/task-flags.ts";
import { numberOf } from "../row/task-row.ts";
import { readCounts } from "./counters.ts";
import { Parameters, whereOf } from "./filter-conditions.ts";
import { journalEnd, journalState, keepJournal } from "./journal-place.ts";

const selectNotDue: Sql = (n) => `
select z.kind, z.tenant_id, z.failed, count(*) from (
  select q.kind, q.tenant_id, q.failures > 0 as failed from ${n.queue} q
  where q.place = ${place.notDue} and q.scheduled_at > $1::bigint limit $2) z
group by z.kind, z.tenant_id, z.failed`;
const selectStale: Sql = (n) => `
select kind, tenant_id, status, count(*) from ${n.running} where flags & ${flag.stale} <> 0 group by kind, tenant_id, status`;

/** How many tasks of a filter stand where: from counters where the filter asks for no more than they know. */
export async function readAggregate(
  session: Session,
  asked: TaskFilter,
  now: number | null,
): Promise<TaskAggregateSnapshot> {
  const filter = parseTaskFilter(asked);
  const [, state] = await Promise.all([session.run(keepJournal), journalState(session)]);
  const moment = { now: now ?? state.clock, cursor: journalEnd(state) };
  return deepFrozen(await (asksCountersOnly(filter) ? fromCounters : fromRows)(session, filter, moment));
}

async function fromCounters(
  session: Session,
  filter: TaskFilter,
  moment: AggregateMoment,
): Promise<TaskAggregateSnapshot> {
  const counted = new CountedAggregate();
  for (const { tenantId, kind, status: code, n } of await readCounts(session)) {
    const status = statusOfCode(code);
    if (isCounted(filter, { tenantId, kind, status })) counted.add(n, { kind, status, state: status });
  }
  await splitQueued(session, filter, { counted, now: moment.now });
  for (const [kind, tenantId, code, n] of await session.run(selectStale)) {
    const status = statusOfCode(numberOf(code));
    if (isCounted(filter, { tenantId, kind, status })) counted.move(numberOf(n), status, "stale");
  }
  return counted.snapshot(moment);
}

/** The counters do not know which queued tasks are not due yet; up to the cap they are counted one by one. */
async function splitQueued(
  session: Session,
  filter: TaskFilter,
  { counted, now }: { readonly counted: CountedAggregate; readonly now: number },
): Promise<void> {
  let seen = 0;
  for (const [kind, tenantId, hasFailed, n] of await session.run(selectNotDue, [now, mostCounted])) {
    seen += numberOf(n);
    if (!isCounted(filter, { tenantId, kind, status: "queued" })) continue;
    counted.move(numberOf(n), "queued", hasFailed === true ? "retrying" : "scheduled");
  }
  if (seen >= mostCounted) counted.markQueuedInexact();
}

/** Counts rows one by one, up to the cap; beyond it every number is a lower bound. */
async function fromRows(session: Session, filter: TaskFilter, moment: AggregateMoment): Promise<TaskAggregateSnapshot> {
  const parameters = new Parameters();
  const { from, conditions } = whereOf(session.names, filter, { parameters, now: moment.now });
  const rows = await session.text(
    `select t.kind, coalesce(r.status, t.status) as status, t.scheduled_at, t.failures, t.flags & ${flag.stale} as stale
     from ${from} where ${conditions.join(" and ") || "true"} limit ${parameters.add(mostCounted + 1)}`,
    parameters.values,
  );
  const fields = rows.slice(0, mostCounted).map(([kind, status, scheduledAt, failures, stale]) => ({
    kind: String(kind),
    status: statusOfCode(numberOf(status)),
    scheduledAt: numberOf(scheduledAt),
    failures: numberOf(failures),
    staleAt: stale === 0 ? null : moment.now,
  }));
  const snapshot = buildTaskAggregateSnapshot(fields, moment);
  return rows.length > mostCounted ? atLeast(snapshot) : snapshot;
}
