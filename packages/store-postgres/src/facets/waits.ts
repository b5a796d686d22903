import {
  currentWait,
  isFinal,
  msToToken,
  type EpochMs,
  type TaskCount,
  type TaskId,
  type TaskLimit,
  type TaskRecord,
  type TaskWaits,
} from "@millrace/models";
import { bucketOf, deepFrozen, rateOfColumn } from "@millrace/store-sql";
import { nowSql } from "../connection/clock-sql.ts";
import type { Session, Sql } from "../connection/session.ts";
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
select key, lim, held, rate, drops, refilled_at from ${n.key}
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
    limits: limitsOf(task, await limitRows(session, task), { now, most: numberOrNull(moment?.[1]) }),
    ahead: await ahead(session, task, { now, limit }),
  });
}

type LimitRows = Awaited<ReturnType<typeof limitRows>>;

/** What is known of a task's limits, read together. */
async function limitRows(session: Session, task: TaskRecord) {
  const query = session.run.bind(session);
  const keys = task.concurrencyKeys.map(({ key }) => key);
  const [heldAll, heldKind, kind, keyRows] = await Promise.all([
    heldByStore({ query }),
    heldByKinds({ query }, [task.kind]),
    session.run(selectKind, [task.kind]),
    keys.length === 0 ? [] : session.run(selectKeys, [task.tenantId, keys]),
  ]);
  return { heldAll, heldKind: heldKind.get(task.kind) ?? 0, kind: kind[0], keyRows };
}

function limitsOf(
  task: TaskRecord,
  { heldAll, heldKind, kind, keyRows }: LimitRows,
  { now, most }: { readonly now: EpochMs; readonly most: number | null },
): readonly TaskLimit[] {
  const limits: TaskLimit[] = [];
  if (most !== null) {
    limits.push({ scope: { type: "store" }, limit: most, held: heldAll, rate: null, nextStartInMs: 0 });
  }
  const limit = numberOrNull(kind?.[0]);
  const rate = rateOfColumn(kind?.[1]);
  if (limit !== null || rate !== null) {
    const bucket = bucketOf(numberOrNull(kind?.[2]), numberOrNull(kind?.[3]));
    const scope = { type: "kind" as const, kind: task.kind };
    limits.push({ scope, limit, held: heldKind, rate, nextStartInMs: msToToken(bucket, rate, now) });
  }
  for (const [key, lim, held, keyRate, drops, refilledAt] of keyRows) {
    const own = rateOfColumn(keyRate);
    const bucket = bucketOf(numberOrNull(drops), numberOrNull(refilledAt));
    const scope = { type: "key" as const, tenantId: task.tenantId, key: String(key) };
    const nextStartInMs = msToToken(bucket, own, now);
    limits.push({ scope, limit: numberOf(lim), held: numberOf(held), rate: own, nextStartInMs });
  }
  return limits;
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
