import {
  buildTaskAggregateSnapshot,
  taskEventTypes,
  type EventFilter,
  type EventPage,
  type TaskAggregateSnapshot,
} from "@millrace/models";
import { fields, listOf, nullableNumber, nullableText, number, ref, text } from "../openapi/answer-parts.ts";
import { searchTasks } from "../query/search-tasks.ts";
import { object } from "../schema/object-schema.ts";
import { wholeParameter, wordsParameter } from "../schema/query-schema.ts";
import { described, oneOf, optional } from "../schema/schema.ts";
import { after, limit, order, q } from "./parameters.ts";
import { planOf } from "./plan-of.ts";
import { route, type HttpCall, type Route } from "./route.ts";
import { notFound, pageLimit, scopedTask, scopeOf } from "./scoped-task.ts";
import { listedTask, shownTask } from "./shown-task.ts";

const stepCount = described(
  optional(wholeParameter({ min: 0, max: 1_000 })),
  "How many of the newest steps come along.",
);
const from = described(optional(oneOf(["oldest", "newest"])), "From which end; `oldest` unless said.");
const eventTypes = described(optional(wordsParameter(taskEventTypes)), "Only these, between commas.");

const listTasks = route({
  method: "GET",
  path: "/v1/tasks",
  right: "read",
  scope: "tenant",
  summary: "Tasks of a query, page by page, without their inputs and outputs.",
  querySchema: object({ q, limit, order, after }),
  answer: {
    description:
      "`searched` says how many tasks were looked at where no index knows the answer, and is null where one does.",
    schema: listOf("tasks", ref("ListedTask"), {
      next: nullableText,
      cursor: text,
      searched: nullableNumber,
    }),
  },
  async handle(call) {
    const { api, access, query } = call;
    const found = await searchTasks(api.client, await planOf(call, query.q ?? ""), {
      limit: pageLimit(call, query.limit, 50),
      orderBy: query.order ?? "created_desc",
      after: query.after ?? null,
      most: api.limits.searchedTasks,
    });
    return { value: { ...found, tasks: found.tasks.map((task) => listedTask(task, access)) } };
  },
});

const showTask = route({
  method: "GET",
  path: "/v1/tasks/:taskId",
  right: "read",
  scope: "tenant",
  summary: "One task as a whole, with what may be done to it.",
  querySchema: object({ steps: stepCount }),
  answer: { description: "The task.", schema: ref("Task") },
  async handle(call) {
    const { taskId } = call.path;
    const task = await scopedTask(call, taskId);
    const steps = call.query.steps ?? 0;
    const whole = steps === 0 ? task : await call.api.client.readSnapshot(taskId, { includeSteps: steps });
    if (!whole) throw notFound(taskId);
    return { value: shownTask(whole, call.access) };
  },
});

const listSteps = route({
  method: "GET",
  path: "/v1/tasks/:taskId/steps",
  right: "read",
  scope: "tenant",
  summary: "What a task said while it ran.",
  querySchema: object({ limit, from, after }),
  answer: {
    description: "A page of steps.",
    schema: listOf("steps", ref("Step"), { next: nullableText }),
  },
  async handle(call) {
    const { taskId } = (await scopedTask(call, call.path.taskId), call.path);
    const { from: end, after: place } = call.query;
    const page = { limit: pageLimit(call, call.query.limit, 200), ...(end ? { from: end } : {}) };
    return { value: await call.api.client.listTaskSteps(taskId, { ...page, ...(place ? { after: place } : {}) }) };
  },
});

const listAttempts = route({
  method: "GET",
  path: "/v1/tasks/:taskId/attempts",
  right: "read",
  scope: "tenant",
  summary: "How its attempts before the last one ended.",
  answer: { description: "Oldest first.", schema: listOf("attempts", ref("Attempt")) },
  async handle(call) {
    await scopedTask(call, call.path.taskId);
    return { value: { attempts: await call.api.client.listTaskAttempts(call.path.taskId) } };
  },
});

const listEvents = route({
  method: "GET",
  path: "/v1/tasks/:taskId/events",
  right: "read",
  scope: "tenant",
  summary: "What the journal tells of a task, as long as it keeps it.",
  querySchema: object({ limit, after, types: eventTypes }),
  answer: {
    description: "`status: reset` says that the place is not in the journal any more: begin without `after`.",
    schema: ref("EventPage"),
  },
  async handle(call) {
    const { taskId } = call.path;
    await scopedTask(call, taskId);
    return { value: await readEvents(call, { taskIds: [taskId] }) };
  },
});

const listJournal = route({
  method: "GET",
  path: "/v1/events",
  right: "read",
  scope: "tenant",
  summary: "What the journal tells, in its order.",
  querySchema: object({ limit, after, types: eventTypes }),
  answer: { description: "A page of the journal.", schema: ref("EventPage") },
  handle: async (call) => ({ value: await readEvents(call, {}) }),
});

interface EventsQuery {
  readonly limit?: number;
  readonly after?: string;
  readonly types?: readonly string[];
}

function readEvents(call: HttpCall<unknown, EventsQuery>, filter: Pick<EventFilter, "taskIds">): Promise<EventPage> {
  const { types, after: place = "", limit: asked } = call.query;
  const scope = { ...scopeOf(call), ...filter, ...(types ? { types } : {}) };
  return call.api.client.readEvents(place, pageLimit(call, asked, 100), scope);
}

const explainTask = route({
  method: "GET",
  path: "/v1/tasks/:taskId/explain",
  right: "read",
  scope: "tenant",
  summary: "Why a task does not run, or where it does.",
  answer: { description: "Reasons with their facts, and a sentence.", schema: ref("Explanation") },
  async handle(call) {
    const { taskId } = call.path;
    await scopedTask(call, taskId);
    const explanation = await call.api.client.explain(taskId, scopeOf(call));
    if (!explanation) throw notFound(taskId);
    return { value: explanation };
  },
});

const aggregate = route({
  method: "GET",
  path: "/v1/aggregate",
  right: "read",
  scope: "tenant",
  summary: "How many tasks of a query stand where.",
  querySchema: object({ q }),
  answer: {
    description: "`exact: false` says at least so many. `searched` as in the list.",
    schema: fields({ total: ref("Count"), searched: nullableNumber, updatedAt: number }),
  },
  async handle(call) {
    const { api, query } = call;
    const plan = await planOf(call, query.q ?? "");
    if (plan.tests.length === 0) return { value: { ...(await api.client.readAggregate(plan.filter)), searched: null } };
    const most = api.limits.searchedTasks;
    const found = await searchTasks(api.client, plan, { limit: most, orderBy: "created_desc", after: null, most });
    const counted = buildTaskAggregateSnapshot(found.tasks, { now: api.clock.now(), cursor: found.cursor });
    return { value: { ...(found.next === null ? counted : atLeast(counted)), searched: found.searched } };
  },
});

function atLeast(counted: TaskAggregateSnapshot): object {
  return JSON.parse(JSON.stringify(counted), (key, value: unknown) => (key === "exact" ? false : value)) as object;
}

/** Routes that read tasks. */
export const readTaskRoutes: readonly Route[] = [
  listTasks,
  showTask,
  listSteps,
  listAttempts,
  listEvents,
  explainTask,
  aggregate,
  listJournal,
];
