import { object } from "../schema/object-schema.ts";
import { described, optional, text } from "../schema/schema.ts";
import { route, type Route } from "./route.ts";

const stream = route({
  method: "GET",
  path: "/v1/live",
  right: "read",
  scope: "tenant",
  summary: "A live view as server-sent events: a snapshot, then every change after it.",
  querySchema: object({
    query: described(optional(text({ max: 8_000 })), 'What to see, as JSON: `{"kinds":["report"],"recentSteps":5}`.'),
    after: described(
      optional(text({ max: 2_000 })),
      "The cursor of an earlier message; a browser sends `Last-Event-ID`.",
    ),
  }),
  answer: {
    description: "Events named `message`, each with its place as id.",
    schema: { type: "string" },
  },
  handle: ({ api, request }) => api.stream(request),
});

/** Routes that stay open. */
export const liveRoutes: readonly Route[] = [stream];
