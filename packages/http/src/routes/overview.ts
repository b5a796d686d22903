import { overviewSchema } from "../openapi/overview-schemas.ts";
import { overviewWindows, type OverviewWindowName } from "../overview/overview-window.ts";
import { object } from "../schema/object-schema.ts";
import { described, oneOf, optional } from "../schema/schema.ts";
import { route, type Route } from "./route.ts";
import { scopeOf } from "./scoped-task.ts";

const overview = route({
  method: "GET",
  path: "/v1/overview",
  right: "read",
  scope: "tenant",
  summary: "Whether anything is wrong, whether work flows, and who does it.",
  querySchema: object({
    window: described(
      optional(oneOf(Object.keys(overviewWindows) as OverviewWindowName[])),
      "How far back series go; 1h unless said.",
    ),
  }),
  answer: {
    description:
      "As of `now`, at most a second old. What belongs to the whole store is null for whoever is kept to a tenant.",
    schema: overviewSchema,
  },
  handle: async (call) => ({ value: await call.api.overviews.read(scopeOf(call), call.query.window ?? "1h") }),
});

/** Routes about everything at once. */
export const overviewRoutes: readonly Route[] = [overview];
