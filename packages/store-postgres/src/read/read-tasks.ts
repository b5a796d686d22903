import {
  parseTaskQuery,
  placeOfTask,
  taskCursor,
  taskOrders,
  type TaskPage,
  type TaskPlace,
  type TaskQuery,
} from "@millrace/models";
import type { Session, Sql } from "../connection/session.ts";
import { numberOrNull, storedTask, taskColumns } from "../row/task-row.ts";
import { Parameters, whereOf } from "./filter-conditions.ts";
import { journalEnd, journalState, keepJournal } from "./journal-place.ts";
import { listWay } from "./list-way.ts";
import { restingPage } from "./resting-page.ts";

const sortValues = {
  createdAt: "t.created_at",
  scheduledAt: "t.scheduled_at",
  updatedAt: "coalesce(r.updated_at, t.updated_at)",
  finishedAt: "t.finished_at",
  status: "coalesce(r.status, t.status)",
} as const;

// Until the transaction ends. Where nothing can be found but by a sort, that is done all the same.
const keepOrder: Sql = () => "set local enable_sort = off";

/** A page of tasks, and the place in the journal at which it is true. `now` null: by the database's clock. */
export async function readTasks(session: Session, query: TaskQuery, now: number | null): Promise<TaskPage> {
  const { filter, limit, orderBy, after, offset } = parseTaskQuery(query);
  const { field, direction } = taskOrders[orderBy];
  const place = after === null ? null : placeOfTask(after, orderBy);
  const [, state] = await Promise.all([session.run(keepJournal), journalState(session)]);
  const parameters = new Parameters();
  const { from, conditions } = whereOf(session.names, filter, { parameters, now: now ?? state.clock });
  const way = await listWay(session, filter, { parameters, limit, isByCreation: field === "createdAt" });
  const inOrder = way.type === "walk" ? session.run(keepOrder) : null;
  const value = sortValues[field];
  const behind = place === null ? [] : [behindPlace(value, place, { direction, parameters })];
  const nulls = field === "finishedAt" ? "nulls last" : "";
  const page = { limit: parameters.add(limit + 1), offset: parameters.add(offset) };
  const where = [...conditions, ...(way.type === "gather" ? [way.condition] : []), ...behind].join(" and ") || "true";
  const found =
    way.type === "resting"
      ? restingPage(session.names, { conditions, behind, direction, ...page })
      : `select t.id, ${value} as v from ${from} where ${where} order by ${value} ${direction} ${nulls}, t.id ${direction}
        limit ${page.limit} offset ${page.offset}`;
  // Only what is on the page is read as a whole: what was gathered and sorted for it may be many times that. Row by row, since
  // the planner does not know how short a page is, and would rather read whole tables than look up so many.
  const { task, running, queue } = session.names;
  const text = `select x.*, p.v from (${found}) p
    cross join lateral (select ${taskColumns} from ${task} t
      left join ${running} r on r.id = t.id left join ${queue} q on q.id = t.id where t.id = p.id limit 1) x
    order by p.v ${direction} ${nulls}, p.id ${direction}`;
  const [, rows] = await Promise.all([inOrder, session.text(text, parameters.values)]);
  const tasks = rows.slice(0, limit).map((row) => storedTask(row).task);
  const last = tasks.at(-1);
  const hasMore = rows.length > limit && last !== undefined;
  return Object.freeze({
    tasks: Object.freeze(tasks),
    next: hasMore ? taskCursor({ value: numberOrNull(rows[limit - 1]?.at(-1)), id: last.id }, orderBy) : null,
    cursor: journalEnd(state),
  });
}

function behindPlace(
  value: string,
  place: TaskPlace,
  { direction, parameters }: { readonly direction: "asc" | "desc"; readonly parameters: Parameters },
): string {
  const sign = direction === "asc" ? ">" : "<";
  const id = `${parameters.add(place.id)}::uuid`;
  if (place.value === null) return `(${value} is null and t.id ${sign} ${id})`;
  const at = `${parameters.add(place.value)}::bigint`;
  const isBehind = `(${value}, t.id) ${sign} (${at}, ${id})`;
  return value === sortValues.finishedAt ? `(${isBehind} or ${value} is null)` : isBehind;
}
