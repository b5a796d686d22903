import {
  parseTaskQuery,
  placeOfTask,
  taskCursor,
  type TaskFilter,
  type TaskOrder,
  taskOrders,
  type TaskPage,
  type TaskPlace,
  type TaskQuery,
  type TaskRecord,
} from "@millrace/models";
import type { SqliteValue } from "../driver/sqlite-database.ts";
import { getBySeq, type Reader, taskLine } from "../transaction/read-stored.ts";
import { journalEnd } from "./journal-place.ts";
import { type Branch, listBranches } from "./list-branches.ts";
import type { StoreReader } from "./store-reader.ts";

/** A page of tasks, and the place in the journal at which it is true. */
export function readTasks(reader: StoreReader, query: TaskQuery): TaskPage {
  const { filter, limit, orderBy, after, offset, includeValues } = parseTaskQuery(query);
  const asked: ListQuery = {
    filter,
    orderBy,
    after: after === null ? null : placeOfTask(after, orderBy),
    limit: limit + 1,
    offset,
  };
  const found =
    orderBy === "created_desc" || orderBy === "created_asc" ? byCreation(reader, asked) : byValue(reader, asked);
  const taskOf = includeValues ? wholeTask : taskLine;
  const tasks = found.slice(0, limit).flatMap(({ seq }) => taskOf(reader.connection, seq) ?? []);
  const last = found[limit - 1];
  const lastTask = tasks.at(-1);
  const hasMore = found.length > limit && last !== undefined && lastTask !== undefined;
  return Object.freeze({
    tasks: Object.freeze(tasks),
    next: hasMore ? taskCursor({ value: last.value, id: lastTask.id }, orderBy) : null,
    cursor: journalEnd(reader),
  });
}

function wholeTask(reader: Reader, seq: number): TaskRecord | undefined {
  return getBySeq(reader, seq)?.task;
}

interface ListQuery {
  readonly filter: TaskFilter;
  readonly orderBy: TaskOrder;
  readonly after: TaskPlace | null;
  readonly limit: number;
  readonly offset: number;
}

interface Found {
  readonly seq: number;
  readonly value: number | null;
}

/** Tasks are numbered in the order of their creation, so each place gives its part of the page without sorting. */
function byCreation(reader: StoreReader, { filter, orderBy, after, limit, offset }: ListQuery): readonly Found[] {
  const isDown = orderBy === "created_desc";
  const direction = isDown ? "desc" : "asc";
  const branches = listBranches(reader, filter);
  const parts = branches.map((branch) => {
    const place = after === null ? [] : [{ sql: `${branch.seq} ${isDown ? "<" : ">"} ?`, values: [after.value] }];
    const { where, values } = whereOf({ ...branch, conditions: [...branch.conditions, ...place] });
    const text = `select ${branch.seq} as seq from ${branch.from} where ${where} order by ${branch.seq} ${direction} limit ?`;
    return { text, values: [...values, limit + offset] };
  });
  return run(reader, parts, { order: `order by seq ${direction}`, limit, offset }).map(([seq]) => {
    return { seq: Number(seq), value: Number(seq) };
  });
}

const sortValues = {
  createdAt: "t.created_at",
  scheduledAt: "t.scheduled_at",
  updatedAt: `coalesce(t.updated_at, case when t.status >= 6 then t.finished_at
    when t.status in (2, 3) then coalesce(t.started_at, t.claimed_at) else t.created_at end)`,
  finishedAt: "t.finished_at",
  status: "case when t.status < 0 then 1 else t.status end",
} as const;

/** Every other order sorts all that matches. */
function byValue(reader: StoreReader, { filter, orderBy, after, limit, offset }: ListQuery): readonly Found[] {
  const { field, direction } = taskOrders[orderBy];
  const parts = listBranches(reader, filter).map((branch) => {
    const { where, values } = whereOf(branch);
    const text = `select ${branch.seq} as seq, ${sortValues[field]} as v, t.id as id from ${branch.from} where ${where}`;
    return { text, values };
  });
  const place = after === null ? { sql: "1", values: [] } : behind(after, direction);
  const order = `where ${place.sql} order by v is null, v ${direction}, id ${direction}`;
  return run(reader, parts, { order, orderValues: place.values, limit, offset }).map(([seq, value]) => {
    return { seq: Number(seq), value: typeof value === "number" ? value : null };
  });
}

function behind({ value, id }: TaskPlace, direction: "asc" | "desc"): { sql: string; values: readonly SqliteValue[] } {
  const sign = direction === "asc" ? ">" : "<";
  if (value === null) return { sql: `(v is null and id ${sign} ?)`, values: [id] };
  return { sql: `(v ${sign} ? or v is null or (v = ? and id ${sign} ?))`, values: [value, value, id] };
}

interface Part {
  readonly text: string;
  readonly values: readonly SqliteValue[];
}

function run(
  reader: StoreReader,
  parts: readonly Part[],
  page: { order: string; orderValues?: readonly SqliteValue[]; limit: number; offset: number },
): readonly (readonly SqliteValue[])[] {
  if (parts.length === 0) return [];
  const body = parts.map(({ text }) => `select * from (${text})`).join(" union all ");
  const values = parts.flatMap((part) => part.values);
  return reader.connection
    .useText(`select * from (${body}) ${page.order} limit ? offset ?`)
    .all(...values, ...(page.orderValues ?? []), page.limit, page.offset);
}

/** The conditions of a branch as one text, and every parameter of the branch in order. */
export function whereOf({ conditions, fromValues = [] }: Pick<Branch, "conditions" | "fromValues">): {
  readonly where: string;
  readonly values: readonly SqliteValue[];
} {
  return {
    where: conditions.length === 0 ? "1" : conditions.map(({ sql }) => sql).join(" and "),
    values: [...fromValues, ...conditions.flatMap(({ values }) => values)],
  };
}
