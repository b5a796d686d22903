import {
  currentWait,
  isFinal,
  type EpochMs,
  type KnownLimit,
  type KnownLimits,
  limitsOfTask,
  type TaskCount,
  type TaskId,
  type TaskRecord,
  type TaskWaits,
} from "@millrace/models";
import { bucketOf, deepFrozen, rateOfColumn } from "@millrace/store-sql";
import { nowSql } from "../connection/clock-sql.ts";
import type { Row, Session, Sql } from "../connection/session.ts";
import { getTasks } from "../read/read-task.ts";
import { place } from "../row/task-flags.ts";
import { numberOf, numberOrNull } from "../row/task-row.ts";
import { heldByKinds, heldByStore } from "../transaction/kind-rows.ts";

const selectOpen: Sql = (n) => `
select e.dependency from ${n.edge} e
where e.waiter = $1 and e.stage = $2
  and exists (select 1 from ${n.task} d where d.id = e.dependency and d.status < 6 offset 0)
group by e.dependency order by min(e.position) limit $3`;
const selectMoment: Sql = (n) => `
select ${nowSql(1)}, (select value from ${n.meta} where name = 'store_limit')`;
const selectKind: Sql = (n) => `
select coalesce(lim, code_lim), coalesce(rate, code_rate), drops, refilled_at from ${n.kind} where kind = $1`;
const selectKeys: Sql = (n) => `
select key, held, lim, rate, drops, refilled_at from ${n.key}
where tenant_id = $1 and key = any($2::text[]) order by key`;
const isBefore =
  "(q.priority > $3::integer or (q.priority = $3::integer and (q.scheduled_at, q.id) < ($4::bigint, $5::uuid)))";
/** The first in the order of claims, and of those the ones before a place: never more rows than are counted. */
export const countReady: Sql = (n) => `
select count(*) from (
  select q.priority, q.scheduled_at, q.id from ${n.queue} q
  where q.place = ${place.ready} and q.kind = $1
  order by q.priority desc, q.scheduled_at, q.id limit $6) q
where q.scheduled_at <= $2::bigint and ${isBefore}`;
/** Likewise of those that no claim has met since they fell due. */
export const countFallenDue: Sql = (n) => `
select count(*) from (
  select q.priority, q.scheduled_at, q.id from ${n.queue} q
  where q.place = ${place.notDue} and q.kind = $1 and q.scheduled_at <= $2::bigint
  order by q.scheduled_at, q.id limit $6) q
where ${isBefore}`;

const nobody: TaskCount = Object.freeze({ count: 0, exact: true });

/** Which task is asked about, and how many others are named and counted. */
export interface WaitsQuestion {
  readonly taskId: TaskId;
  readonly limit: number;
}

/** Why a task does not run, as far as the store knows; null when there is none. `clock` null: by the database's clock. */
export async function lookAtWaits(
  session: Session,
  clock: EpochMs | null,
  { taskId, limit }: WaitsQuestion,
): Promise<TaskWaits | null> {
  const [task] = await getTasks(session, [taskId]);
  if (!task) return null;
  const [moment] = await session.run(selectMoment, [clock]);
  const now = numberOf(moment?.[0] ?? 0);
  if (isFinal(task.status)) return deepFrozen({ at: now, waitsFor: [], limits: [], ahead: nobody });
  const stage = currentWait(task);
  const open = stage === null ? [] : await session.run(selectOpen, [task.id, stage, limit]);
  return deepFrozen({
    at: now,
    waitsFor: open.map(([id]) => String(id)),
    limits: limitsOfTask(task, await knownLimits(session, task, numberOrNull(moment?.[1])), now),
    ahead: await ahead(session, task, { now, limit }),
  });
}

/** What is known of a task's limits, read together. */
async function knownLimits(session: Session, task: TaskRecord, most: number | null): Promise<KnownLimits> {
  const query = session.run.bind(session);
  const names = task.concurrencyKeys.map(({ key }) => key);
  const [heldAll, heldKind, [kind], keys] = await Promise.all([
    heldByStore({ query }),
    heldByKinds({ query }, [task.kind]),
    session.run(selectKind, [task.kind]),
    names.length === 0 ? [] : session.run(selectKeys, [task.tenantId, names]),
  ]);
  return {
    store: most === null ? null : { limit: most, held: heldAll },
    kind: kind ? { ...limitOfColumns(kind), held: heldKind.get(task.kind) ?? 0 } : null,
    keys: keys.map(([key, held, ...columns]) => {
      return { ...limitOfColumns(columns), key: String(key), held: numberOf(held) };
    }),
  };
}

function limitOfColumns([limit, rate, drops, refilledAt]: Row): Omit<KnownLimit, "held"> {
  return {
    limit: numberOrNull(limit),
    rate: rateOfColumn(rate),
    bucket: bucketOf(numberOrNull(drops), numberOrNull(refilledAt)),
  };
}

async function ahead(
  session: Session,
  { status, kind, priority, scheduledAt, id }: TaskRecord,
  { now, limit }: { readonly now: EpochMs; readonly limit: number },
): Promise<TaskCount> {
  if (status !== "queued" || scheduledAt > now) return nobody;
  const values = [kind, now, priority, scheduledAt, id, limit + 1];
  const found = await Promise.all([countReady, countFallenDue].map((sql) => session.run(sql, values)));
  const count = found.reduce((sum, [row]) => sum + numberOf(row?.[0] ?? 0), 0);
  return { count: Math.min(count, limit), exact: count <= limit };
}
