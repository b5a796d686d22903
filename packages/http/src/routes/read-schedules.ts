import { isTaskError, TaskError, type OccurrencePage } from "@millrace/models";
import { nextOccurrences } from "@millrace/scheduler";
import { arrayOf, fields, listOf, nullableText, number, ref } from "../openapi/answer-parts.ts";
import { schedulesOf, scheduleName, scheduleNotFound, tenantOf } from "../schedules/served-schedules.ts";
import { shownOccurrences, shownSchedules } from "../schedules/shown-schedule.ts";
import { object } from "../schema/object-schema.ts";
import { wholeParameter } from "../schema/query-schema.ts";
import { described, oneOf, optional, text } from "../schema/schema.ts";
import { after, limit, tenant } from "./parameters.ts";
import { route, type HttpCall, type Route } from "./route.ts";
import { pageLimit } from "./scoped-task.ts";

/** Of so many occurrences of each schedule in a list the task is looked at. */
const mostTasks = 10;

const countOf = (max: number, description: string) => described(optional(wholeParameter({ min: 0, max })), description);

const listSchedules = route({
  method: "GET",
  path: "/v1/schedules",
  right: "read",
  scope: "tenant",
  summary: "Schedules by tenant and id, with their next runs and what became of the last.",
  querySchema: object({
    limit: described(optional(wholeParameter({ min: 1, max: 50 })), "How many at most; 50 unless said."),
    after,
    tenant,
    origin: described(optional(oneOf(["code", "run-time"])), "Where they come from."),
    runs: countOf(24, "How many of its next runs each tells; 5 unless said."),
    history: countOf(30, "How many of its last occurrences each tells; 10 unless said."),
  }),
  answer: {
    description: "Of the ten last occurrences of each, `task` says how its task stands. `now` is the store's clock.",
    schema: listOf("schedules", ref("Schedule"), { next: nullableText, now: number }),
  },
  async handle(call) {
    const { runs = 5, history = 10, tenant: given, origin, limit: most = 50, after: place } = call.query;
    const schedules = schedulesOf(call);
    const isWhole = call.access.tenantId === null && given === undefined;
    const page = await schedules.page({
      limit: most,
      runs,
      ...(isWhole ? {} : { tenantId: tenantOf(call, given, "query.tenant") }),
      ...(origin === undefined ? {} : { origin }),
      ...(place === undefined ? {} : { after: place }),
    });
    const depth = { schedules, history, tasks: mostTasks, now: page.now };
    return { value: { ...page, schedules: await shownSchedules(call, page.schedules, depth) } };
  },
});

const showSchedule = route({
  method: "GET",
  path: "/v1/schedules/:scheduleId",
  right: "read",
  scope: "tenant",
  summary: "One schedule, with its next runs and what became of the last.",
  querySchema: object({
    tenant,
    runs: countOf(200, "How many of its next runs it tells; 5 unless said."),
    history: countOf(200, "How many of its last occurrences it tells; 30 unless said."),
  }),
  answer: { description: "The schedule.", schema: ref("Schedule") },
  async handle(call) {
    const { runs = 5, history = 30 } = call.query;
    const schedules = schedulesOf(call);
    const { id, tenantId } = scheduleName(call);
    const page = await schedules.page({ tenantId, ids: [id], runs, limit: 1 });
    const depth = { schedules, history, tasks: history, now: page.now };
    const [shown] = await shownSchedules(call, page.schedules, depth);
    if (!shown) throw scheduleNotFound(id);
    return { value: shown };
  },
});

const occurrencesSchema = listOf("occurrences", ref("Occurrence"), { next: nullableText });

const listOccurrences = route({
  method: "GET",
  path: "/v1/schedules/:scheduleId/occurrences",
  right: "read",
  scope: "tenant",
  summary: "What became of the occurrences of a schedule, the latest first.",
  querySchema: object({ tenant, limit, after }),
  answer: { description: "A page; `next` is the `after` of the next.", schema: occurrencesSchema },
  async handle(call) {
    const schedules = schedulesOf(call);
    const name = scheduleName(call);
    const { schedules: found } = await schedules.page({ tenantId: name.tenantId, ids: [name.id], runs: 0, limit: 1 });
    if (found.length === 0) throw scheduleNotFound(name.id);
    return occurrencePage(call, (query) => schedules.history(name, query));
  },
});

const listUnmet = route({
  method: "GET",
  path: "/v1/occurrences",
  right: "read",
  scope: "tenant",
  summary: "Occurrences of all schedules that did not run, or not in time, the latest first.",
  querySchema: object({ tenant, limit, after }),
  answer: { description: "A page; `next` is the `after` of the next.", schema: occurrencesSchema },
  async handle(call) {
    const schedules = schedulesOf(call);
    const isWhole = call.access.tenantId === null && call.query.tenant === undefined;
    const scope = isWhole ? {} : { tenantId: tenantOf(call, call.query.tenant, "query.tenant") };
    return occurrencePage(call, (query) => schedules.unmet({ ...scope, ...query }));
  },
});

interface PageQuery {
  readonly limit?: number;
  readonly after?: string;
}

async function occurrencePage(
  call: HttpCall<unknown, PageQuery>,
  read: (query: PageQuery) => Promise<OccurrencePage>,
): Promise<{ value: unknown }> {
  const most = pageLimit(call, call.query.limit, 30);
  const { after: place } = call.query;
  const { occurrences: found, next } = await read({ limit: most, ...(place === undefined ? {} : { after: place }) });
  const [occurrences] = await shownOccurrences(call, [found], most);
  return { value: { occurrences, next } };
}

const preview = route({
  method: "GET",
  path: "/v1/schedule-preview",
  right: "read",
  scope: "tenant",
  summary: "When a cron expression would be met next, before it is made a schedule.",
  querySchema: object({
    cron: text({ max: 256 }),
    timeZone: described(optional(text({ max: 100 })), "An IANA zone; UTC unless said."),
    count: described(optional(wholeParameter({ min: 1, max: 50 })), "How many times; 5 unless said."),
  }),
  answer: {
    description: "Earliest first; fewer when there are no more.",
    schema: fields({ runs: arrayOf(number), now: number }),
  },
  async handle({ api, query }) {
    const { cron, timeZone = "UTC", count = 5 } = query;
    const now = api.clock.now();
    try {
      return { value: { runs: nextOccurrences({ times: { cron }, timeZone }, { after: now, count }), now } };
    } catch (error) {
      if (!isTaskError(error)) throw error;
      const { code, message, fix, details } = error;
      const path = code === "TIME_ZONE_UNKNOWN" ? "query.timeZone" : "query.cron";
      throw new TaskError(code, message, { details: { ...details, path }, fix, cause: error });
    }
  },
});

/** Routes that read schedules. */
export const readScheduleRoutes: readonly Route[] = [listSchedules, showSchedule, listOccurrences, listUnmet, preview];
