import type { TaskSnapshot } from "@millrace/models";
import { invalidRequest } from "../answer/invalid-request.ts";
import { countSince } from "../errors/count-since.ts";
import { failureGroups, type FailureGroup } from "../errors/failure-groups.ts";
import { failureStates } from "../errors/failure-standing.ts";
import { errorsSchema } from "../openapi/overview-schemas.ts";
import { orNull } from "../overview/or-null.ts";
import { parseQueryText } from "../query/parse-query-text.ts";
import { passes, type QueryPlan } from "../query/plan-query.ts";
import { object } from "../schema/object-schema.ts";
import { wholeParameter } from "../schema/query-schema.ts";
import { described, oneOf, optional } from "../schema/schema.ts";
import { failureMarkRoutes } from "./failure-marks.ts";
import { q } from "./parameters.ts";
import { planFor } from "./plan-of.ts";
import { route, type HttpCall, type Route } from "./route.ts";

/** Few enough that no piece holds up the process it is served from. */
const pieceSize = 125;
const usualMost = 500;

const listErrors = route({
  method: "GET",
  path: "/v1/errors",
  right: "read",
  scope: "tenant",
  summary: "Failed tasks grouped by what their failures have in common, among the newest so many.",
  querySchema: object({
    q,
    most: described(
      optional(wholeParameter({ min: 1, max: 100_000 })),
      "How many of the newest failed tasks are looked at; 500 unless said.",
    ),
    state: described(
      optional(oneOf(failureStates)),
      "Only groups that stand there by what was said of them; all unless said.",
    ),
  }),
  answer: {
    description:
      "`complete: false`: there are more failed tasks than were looked at. `byState` is null where nothing can be said of failures.",
    schema: errorsSchema,
  },
  async handle(call) {
    const { api, query } = call;
    const most = query.most ?? Math.min(usualMost, api.limits.searchedTasks);
    if (most > api.limits.searchedTasks)
      throw invalidRequest("query.most", `may be ${api.limits.searchedTasks} at most`);
    const terms = parseQueryText(query.q ?? "");
    if (terms.some(({ field }) => field === "state")) {
      throw invalidRequest("query.q", "must not name a state: all of them have failed");
    }
    const now = api.clock.now();
    const plan = await planFor(api.client, { terms, tenantId: call.access.tenantId, now });
    const [{ tasks, searched, complete }, marks] = await Promise.all([
      newestFailed(call, plan, most),
      // They tell of the failures of all tenants.
      call.access.tenantId === null ? orNull(api.client.listFailureMarks()) : null,
    ]);
    const found = tasks.filter((task) => passes(task, plan.tests));
    const from = found.reduce((least, { finishedAt }) => Math.min(least, finishedAt ?? now), now);
    const seen = failureGroups(found, { from, now, marks: marks ?? [] });
    const judged = complete && terms.length === 0 ? seen : await countSince(api.client, seen);
    const groups = judged.filter(({ state }) => query.state === undefined || state === query.state);
    return { value: { groups, byState: marks && byState(judged), searched, complete, from, now } };
  },
});

function byState(groups: readonly FailureGroup[]): Readonly<Record<string, number>> {
  return Object.fromEntries(failureStates.map((one) => [one, groups.filter(({ state }) => state === one).length]));
}

interface Failed {
  readonly tasks: readonly TaskSnapshot[];
  readonly searched: number;
  readonly complete: boolean;
}

async function newestFailed(
  { api }: Pick<HttpCall, "api">,
  { filter, includeValues }: QueryPlan,
  most: number,
): Promise<Failed> {
  const tasks: TaskSnapshot[] = [];
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof api.client.listTasks>> = await api.client.listTasks({
      ...filter,
      statuses: ["failed"],
      limit: Math.min(pieceSize, most - tasks.length),
      includeValues,
      ...(after === null ? {} : { after }),
    });
    tasks.push(...page.snapshots);
    after = page.next;
  } while (after !== null && tasks.length < most);
  return { tasks, searched: tasks.length, complete: after === null };
}

/** Routes about what went wrong. */
export const errorRoutes: readonly Route[] = [listErrors, ...failureMarkRoutes];
