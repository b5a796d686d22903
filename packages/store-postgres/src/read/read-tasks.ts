import {
  parseTaskQuery,
  placeOfTask,
  taskCursor,
  taskOrders,
  type TaskPage,
  type TaskQuery,
  type TaskRecord,
  withoutValues,
} from "@millrace/models";
import type { Session, Sql } from "../connection/session.ts";
import { numberOrNull, storedTask } from "../row/task-row.ts";
import { Parameters } from "./filter-conditions.ts";
import { journalEnd, journalState, keepJournal } from "./journal-place.ts";
import { listWay } from "./list-way.ts";
import { pageText } from "./page-text.ts";

// Until the transaction ends. Where nothing can be found but by a sort, that is done all the same.
const keepOrder: Sql = () => "set local enable_sort = off";

/** A page of tasks, and the place in the journal at which it is true. `now` null: by the database's clock. */
export async function readTasks(session: Session, query: TaskQuery, now: number | null): Promise<TaskPage> {
  const { filter, limit, orderBy, after, offset, includeValues } = parseTaskQuery(query);
  const { field, direction } = taskOrders[orderBy];
  const place = after === null ? null : placeOfTask(after, orderBy);
  const [, state] = await Promise.all([session.run(keepJournal), journalState(session)]);
  const parameters = new Parameters();
  const way = await listWay(session, filter, { parameters, limit, isByCreation: field === "createdAt" });
  const inOrder = way.type === "walk" ? session.run(keepOrder) : null;
  const page = { filter, field, direction, place, limit: limit + 1, offset, now: now ?? state.clock, includeValues };
  const text = pageText(session.names, page, { way, parameters });
  const taskOf = includeValues ? (task: TaskRecord) => task : withoutValues;
  const [, rows] = await Promise.all([inOrder, session.text(text, parameters.values)]);
  const tasks = rows.slice(0, limit).map((row) => taskOf(storedTask(row).task));
  const last = tasks.at(-1);
  const hasMore = rows.length > limit && last !== undefined;
  return Object.freeze({
    tasks: Object.freeze(tasks),
    next: hasMore ? taskCursor({ value: numberOrNull(rows[limit - 1]?.at(-1)), id: last.id }, orderBy) : null,
    cursor: journalEnd(state),
  });
}
