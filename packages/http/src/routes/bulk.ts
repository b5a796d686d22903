import { bulkTaskKind, isTaskError, TaskError } from "@millrace/models";
import type { BulkAction, BulkInput } from "../bulk/bulk-task.ts";
import { ref } from "../openapi/answer-parts.ts";
import { parseQueryText } from "../query/parse-query-text.ts";
import { searchTasks } from "../query/search-tasks.ts";
import { object } from "../schema/object-schema.ts";
import { described, flag, optional, text, whole } from "../schema/schema.ts";
import { q, why } from "./parameters.ts";
import { planOf } from "./plan-of.ts";
import { route, type HttpCall, type Route } from "./route.ts";
import { shownTask } from "./shown-task.ts";

const actions: readonly BulkAction[] = ["retry", "cancel", "remove"];
/** Time to take it back, by cancelling the task that does it. */
const undoMs = 5_000;

interface BulkCount {
  readonly count: number;
  /** False: there are more, or more may match. */
  readonly exact: boolean;
  readonly byKind: Readonly<Record<string, number>>;
}

const preview = route({
  method: "GET",
  path: "/v1/bulk",
  right: "read",
  scope: "tenant",
  summary: "How many tasks a bulk action would be asked to change.",
  querySchema: object({ q }),
  answer: { description: "`exact: false` says at least so many.", schema: ref("Count") },
  handle: async (call) => ({ value: await countOf(call, call.query.q ?? "") }),
});

const startOf = (action: BulkAction): Route =>
  route({
    method: "POST",
    path: `/v1/bulk/${action}`,
    right: action,
    scope: "tenant",
    summary: `Does ${action} to every task of a query: a task of its own does it in chunks, after 5 s in which it can be cancelled.`,
    bodySchema: object({
      q: text({ min: 0, max: 2_000, lines: true }),
      why,
      all: described(optional(flag), "Must be true for an empty query, which means every task."),
      delayMs: described(
        optional(whole({ min: 0, max: 3_600_000 })),
        "How long it can be taken back; 5,000 unless said.",
      ),
    }),
    answer: { status: 202, description: "The task that does it.", schema: ref("Task") },
    async handle(call) {
      const { api, access, body } = call;
      call.note({ action: `bulk-${action}`, target: { type: "query", id: body.q }, why: body.why ?? null });
      const { count } = await inBody(async () => {
        if (parseQueryText(body.q).length === 0 && body.all !== true) {
          throw new TaskError("FILTER_EMPTY", "An empty query means every task.", { details: { path: "query.q" } });
        }
        return countOf(call, body.q);
      });
      const input: BulkInput = {
        action,
        q: body.q,
        tenantId: access.tenantId,
        createdBefore: api.clock.now(),
        count,
        by: access.user,
        why: body.why ?? null,
      };
      const { task } = await api.client.enqueue(bulkTaskKind, input, {
        origin: { type: "bulk", id: null },
        allowUnknownKinds: true,
        delayMs: body.delayMs ?? undoMs,
        maxAttempts: 10,
        ...(access.tenantId === null ? {} : { tenantId: access.tenantId }),
      });
      call.note({ target: { type: "query", id: `${body.q} (${task.id})` } });
      return { status: 202, value: shownTask(task, access) };
    },
  });

async function countOf(call: HttpCall, query: string): Promise<BulkCount> {
  const { client, limits } = call.api;
  const plan = await planOf(call, query);
  if (plan.tests.length === 0) {
    const { total, byKind } = await client.readAggregate(plan.filter);
    return { ...total, byKind: Object.fromEntries(Object.entries(byKind).map(([kind, one]) => [kind, one.count])) };
  }
  const most = limits.searchedTasks;
  const { tasks, next } = await searchTasks(client, plan, { limit: most, orderBy: "created_desc", after: null, most });
  const byKind = new Map<string, number>();
  for (const { kind } of tasks) byKind.set(kind, (byKind.get(kind) ?? 0) + 1);
  return { count: tasks.length, exact: next === null, byKind: Object.fromEntries(byKind) };
}

/** Here the query stands in the body. */
async function inBody<Answer>(work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (!isTaskError(error) || error.details["path"] !== "query.q") throw error;
    const { code, message, fix, details } = error;
    throw new TaskError(code, message, { details: { ...details, path: "body.q" }, fix, cause: error });
  }
}

/** Routes about all tasks of a query. */
export const bulkRoutes: readonly Route[] = [preview, ...actions.map(startOf)];
