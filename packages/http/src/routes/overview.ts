import { overviewSchema } from "../openapi/overview-schemas.ts";
import { readOverview, type Overview } from "../overview/overview.ts";
import { overviewWindow, overviewWindows, type OverviewWindowName } from "../overview/overview-window.ts";
import { object } from "../schema/object-schema.ts";
import { described, oneOf, optional } from "../schema/schema.ts";
import { nothing } from "./parameters.ts";
import { route, type HttpApi, type Route } from "./route.ts";
import { scopeOf } from "./scoped-task.ts";

/** Many who look at once, or often, share one look. */
const freshMs = 1_000;
const mostKept = 100;

interface Kept {
  readonly until: number;
  readonly answer: Promise<Overview>;
}

const kept = new WeakMap<HttpApi, Map<string, Kept>>();

const overview = route({
  method: "GET",
  path: "/v1/overview",
  right: "read",
  scope: "tenant",
  summary: "Whether anything is wrong, whether work flows, and who does it.",
  pathSchema: nothing,
  querySchema: object({
    window: described(
      optional(oneOf(Object.keys(overviewWindows) as OverviewWindowName[])),
      "How far back series go; 1h unless said.",
    ),
  }),
  answer: {
    status: 200,
    description:
      "As of `now`, at most a second old. What belongs to the whole store is null for whoever is kept to a tenant.",
    schema: overviewSchema,
  },
  async handle(call) {
    const { api, query } = call;
    const scope = scopeOf(call);
    return {
      value: await shared(api, JSON.stringify([query.window, scope.tenantId]), () =>
        readOverview(api, scope, overviewWindow(query.window ?? "1h", api.clock.now())),
      ),
    };
  },
});

function shared(api: HttpApi, key: string, read: () => Promise<Overview>): Promise<Overview> {
  const own = kept.get(api) ?? new Map<string, Kept>();
  kept.set(api, own);
  const now = api.clock.monotonic();
  const known = own.get(key);
  if (known && known.until > now) return known.answer;
  if (own.size >= mostKept) own.clear();
  const answer = read();
  own.set(key, { until: now + freshMs, answer });
  // What went wrong is not kept: whoever asks next tries anew.
  answer.catch(() => own.delete(key));
  return answer;
}

/** Routes about everything at once. */
export const overviewRoutes: readonly Route[] = [overview];
