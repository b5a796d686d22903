import type { PageCursor } from "../events/event-cursor.ts";
import type { TaskId } from "../ids/task-id.ts";
import type { TaskOrigin } from "../task/task-record.ts";
import { taskStates } from "../task/task-state.ts";
import { taskStatuses } from "../task/task-status.ts";
import { taskOrders } from "./compare-tasks.ts";
import { invalid, type QueryFields, queryFields } from "./query-fields.ts";
import type { TaskFilter, TaskOrder } from "./task-query.ts";

/** A checked query, with its defaults. */
export interface ResolvedTaskQuery {
  /** Only the fields that were given. */
  readonly filter: TaskFilter;
  readonly limit: number;
  readonly orderBy: TaskOrder;
  readonly after: PageCursor | null;
  readonly offset: number;
  readonly includeValues: boolean;
}

/** A checked step query, with its defaults. */
export interface ResolvedStepQuery {
  readonly taskId: TaskId;
  readonly limit: number;
  readonly from: "oldest" | "newest";
  readonly after: PageCursor | null;
  readonly offset: number;
}

const filterFieldNames: readonly (keyof TaskFilter)[] = [
  "tenantId",
  "taskIds",
  "kinds",
  "statuses",
  "states",
  "channels",
  "tags",
  "concurrencyKey",
  "dedupeKey",
  "supersedeKey",
  "parentId",
  "rootId",
  "flowId",
  "originType",
  "originId",
  "hostId",
  "reasons",
  "failureFingerprint",
  "createdFrom",
  "createdBefore",
  "finishedFrom",
];
const pageFieldNames: readonly string[] = ["limit", "orderBy", "after", "offset", "includeValues"];
const originTypes: readonly TaskOrigin["type"][] = ["client", "schedule", "trigger", "flow", "task", "bulk"];
const orders = Object.keys(taskOrders) as readonly TaskOrder[];
const pageBounds = { min: 1, max: 1_000 };
const offsetBounds = { min: 0, max: 10_000 };
const timeBounds = { min: 0, max: 8_640_000_000_000_000 };

/**
 * Checks a query that may come from anywhere and fills its defaults: 100 tasks, newest first.
 *
 * @throws `QUERY_INVALID` with `details.path` for an unknown field, a wrong type or a value out of bounds.
 */
export function parseTaskQuery(query: unknown): ResolvedTaskQuery {
  const fields = queryFields(query, [...filterFieldNames, ...pageFieldNames]);
  return {
    filter: filterOf(fields),
    limit: fields.whole("limit", pageBounds) ?? 100,
    orderBy: fields.oneOf("orderBy", orders) ?? "created_desc",
    after: fields.text("after") ?? null,
    offset: fields.whole("offset", offsetBounds) ?? 0,
    includeValues: fields.flag("includeValues") ?? true,
  };
}

/** Checks a filter without the page fields, as `aggregate` and bulk actions take it. @throws `QUERY_INVALID` */
export function parseTaskFilter(filter: unknown): TaskFilter {
  return filterOf(queryFields(filter, filterFieldNames));
}

/** Checks a step query: 200 steps, oldest first. @throws `QUERY_INVALID` */
export function parseStepQuery(query: unknown): ResolvedStepQuery {
  const fields = queryFields(query, ["taskId", "limit", "from", "after", "offset"]);
  return {
    taskId: fields.taskId("taskId") ?? required("taskId"),
    limit: fields.whole("limit", pageBounds) ?? 200,
    from: fields.oneOf("from", ["oldest", "newest"]) ?? "oldest",
    after: fields.text("after") ?? null,
    offset: fields.whole("offset", offsetBounds) ?? 0,
  };
}

function filterOf(fields: QueryFields): TaskFilter {
  const filter: { readonly [Name in keyof TaskFilter]-?: TaskFilter[Name] | undefined } = {
    tenantId: fields.text("tenantId"),
    taskIds: fields.taskIds("taskIds"),
    kinds: fields.texts("kinds"),
    statuses: fields.someOf("statuses", taskStatuses),
    states: fields.someOf("states", taskStates),
    channels: fields.texts("channels"),
    tags: fields.texts("tags"),
    concurrencyKey: fields.text("concurrencyKey"),
    dedupeKey: fields.text("dedupeKey"),
    supersedeKey: fields.text("supersedeKey"),
    parentId: fields.taskId("parentId"),
    rootId: fields.taskId("rootId"),
    flowId: fields.text("flowId"),
    originType: fields.oneOf("originType", originTypes),
    originId: fields.text("originId"),
    hostId: fields.text("hostId"),
    reasons: fields.texts("reasons"),
    failureFingerprint: fields.text("failureFingerprint"),
    createdFrom: fields.whole("createdFrom", timeBounds),
    createdBefore: fields.whole("createdBefore", timeBounds),
    finishedFrom: fields.whole("finishedFrom", timeBounds),
  };
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}

function required(path: string): never {
  throw invalid(path, `${path} must be given.`);
}
