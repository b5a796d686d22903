import { type EnqueueRequest, type EnqueueResult, isTaskId, newTask, type TaskRecord } from "@millrace/models";
import { fixedToColumn, labelsOf, looseToColumn, ownedRecord } from "@millrace/store-sql";
import { nowSql } from "../connection/clock-sql.ts";
import type { Engine } from "../connection/engine.ts";
import type { Session, Sql } from "../connection/session.ts";
import { isTaken } from "../connection/store-error.ts";
import type { TableNames } from "../connection/table-names.ts";
import { enqueuedCode, withOwnInput } from "../effects/make-task.ts";
import { flag, flagsOf, place } from "../row/task-flags.ts";
import { numberOf } from "../row/task-row.ts";
import { valueToText } from "../row/value-column.ts";

/** Record, place in the queue and event of new tasks, in one statement; answers when, and the ids that were free unless all were. */
export const insertTasks: Sql = (n) => insertSql(n, "");

/** The same, of ids that are taken to be free: it fails as a whole when one is not, and costs a seventh less. */
export const insertNewTasks: Sql = (n) => insertSql(n, "").replace(" on conflict (id) do nothing", "");

/** The same, of tasks of which some can be found by labels. */
// Whether a task was stored is looked up, not joined: a join would go through all labels for each task.
export const insertLabelledTasks: Sql = (n) =>
  insertSql(
    n,
    `l as (insert into ${n.label} (label, id)
  select distinct j.label, j.id from jsonb_to_recordset($11::jsonb) j(id uuid, label text)
  where (j.id in (select i.id from i)) is true),
`,
  );

const insertSql = (n: TableNames, labels: string): string => `
with c as materialized (select ${nowSql(10)} as now),
d as (select u.*, coalesce(u.at, c.now + u.delay) as due, c.now
  from c, unnest($1::uuid[], $2::text[], $3::text[], $4::integer[], $5::smallint[], $6::bigint[], $7::bigint[], $8::text[], $9::text[])
    u(id, tenant_id, kind, flags, priority, at, delay, input, fixed)),
i as (insert into ${n.task} (id, tenant_id, kind, status, flags, priority, scheduled_at, created_at, updated_at, input, fixed)
  select id, tenant_id, kind, 1, flags, priority, due, now, now, input, fixed from d on conflict (id) do nothing
  returning id, tenant_id, kind, flags, priority, scheduled_at, created_at),
q as (insert into ${n.queue} (id, tenant_id, kind, place, flags, priority, scheduled_at)
  select id, tenant_id, kind, case when scheduled_at > created_at then ${place.notDue} else ${place.ready} end, flags, priority,
    scheduled_at from i),
${labels}e as (insert into ${n.event} (at, type, tenant_id, kind, became, n, version, attempt, ids)
  select max(created_at), ${enqueuedCode}, tenant_id, kind, 1, count(*), 1, 0, array_agg(id order by id)
  from i group by tenant_id, kind)
select (select now from c) as at,
  case when count(*) < cardinality($1::uuid[]) then coalesce(string_agg(id::text, ','), '') end as free from i`;

const noWarnings: EnqueueResult["warnings"] = Object.freeze([]);
const noneSuperseded: EnqueueResult["supersededTaskIds"] = Object.freeze([]);

/** Whether nothing of a request needs a look at others, or a row that only few tasks have. */
export function isPlainRequest(request: EnqueueRequest): boolean {
  return (
    request.dedupeKey === null &&
    request.dedupeForMs === null &&
    request.supersedeKey === null &&
    request.concurrencyKeys.length === 0 &&
    request.dependencies.length === 0 &&
    request.expiresAt === null &&
    request.expiresInMs === null &&
    request.state === null &&
    isTaskId(request.id)
  );
}

/** A plain request made ready for the statement; its times are only known once it is stored. */
interface Prepared {
  readonly request: EnqueueRequest;
  readonly draft: TaskRecord;
  readonly fixed: string | null;
  readonly labels: readonly string[];
  readonly flags: number;
}

function prepared(request: EnqueueRequest): Prepared {
  const draft = newTask(request, 0, 0);
  const fixed = fixedToColumn(draft);
  const labels = fixed === null ? [] : labelsOf(draft);
  const flags = flagsOf(draft, labels.length > 0 ? flag.labels : 0, looseToColumn(draft) !== null);
  return {
    request,
    draft: fixed === null ? withOwnInput(draft) : ownedRecord(withOwnInput(draft)),
    fixed,
    labels,
    flags,
  };
}

/** M1 of plain tasks, in one statement: the results of those whose id was free, by id. Each id must stand there once. */
export async function enqueuePlain(
  session: Session,
  requests: readonly EnqueueRequest[],
  { now, areFree = false }: { readonly now: number | null; readonly areFree?: boolean },
): Promise<ReadonlyMap<string, EnqueueResult>> {
  const all = requests.map(prepared);
  const labels = all.flatMap(({ request, labels: own }) => own.map((label) => ({ id: request.id, label })));
  const unlabelled = areFree ? insertNewTasks : insertTasks;
  const [row] = await session.run(labels.length === 0 ? unlabelled : insertLabelledTasks, [
    requests.map(({ id }) => id),
    requests.map(({ tenantId }) => tenantId),
    requests.map(({ kind }) => kind),
    all.map(({ flags }) => flags),
    requests.map(({ priority }) => priority),
    requests.map(({ scheduledAt }) => scheduledAt),
    requests.map(({ delayMs }) => delayMs),
    requests.map(({ input }) => valueToText(input)),
    all.map(({ fixed }) => fixed),
    now,
    ...(labels.length === 0 ? [] : [JSON.stringify(labels)]),
  ]);
  const at = numberOf(row?.[0]);
  const free = typeof row?.[1] === "string" ? new Set(row[1].split(",")) : null;
  const made = all.filter(({ request }) => free === null || free.has(request.id));
  return new Map(made.map(({ request, draft }) => [request.id, created(request, draft, at)]));
}

/**
 * The same as a transaction of its own. An id is hardly ever taken, but by an enqueue that is repeated because its answer was lost:
 * only then the statement looks at each. `onSent` is called when a statement is on its way.
 */
export async function enqueueAlone(
  session: Session,
  requests: readonly EnqueueRequest[],
  { engine, onSent }: { readonly engine: Pick<Engine, "now" | "options">; readonly onSent: () => void },
): Promise<ReadonlyMap<string, EnqueueResult>> {
  const send = (areFree: boolean): ReturnType<typeof enqueuePlain> => {
    const sent = enqueuePlain(session, requests, { now: engine.now, areFree });
    onSent();
    return sent;
  };
  // Behind a pooler it is one of several statements of a transaction, which a refusal would end.
  if (engine.options.isPooled) return send(false);
  try {
    return await send(true);
  } catch (error) {
    if (!isTaken(error)) throw error;
    return send(false);
  }
}

function created(request: EnqueueRequest, draft: TaskRecord, at: number): EnqueueResult {
  const scheduledAt = request.scheduledAt ?? at + request.delayMs;
  const task = Object.freeze({ ...draft, scheduledAt, createdAt: at, updatedAt: at });
  return { disposition: "created", task, supersededTaskIds: noneSuperseded, warnings: noWarnings };
}
