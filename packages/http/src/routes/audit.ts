import { auditSchema } from "../openapi/overview-schemas.ts";
import { object } from "../schema/object-schema.ts";
import { described, optional, text } from "../schema/schema.ts";
import { after, limit } from "./parameters.ts";
import { route, type Route } from "./route.ts";
import { pageLimit } from "./scoped-task.ts";

const word = optional(text({ max: 200 }));

const listAudit = route({
  method: "GET",
  path: "/v1/audit",
  right: "read-audit",
  scope: "store",
  summary: "Who asked for which changes, the latest first, and how many requests were refused.",
  querySchema: object({
    limit,
    after,
    user: described(word, "Only of this user."),
    action: described(word, "Only of this right, or of `bulk-retry` and the like."),
    outcome: described(word, "`done`, or the code of a refusal."),
  }),
  answer: {
    description: "`durable: false` says that entries are gone with this process.",
    schema: auditSchema,
  },
  async handle(call) {
    const { auditLog, refusals } = call.api;
    const { limit: asked, ...query } = call.query;
    const { durable, kept, since } = auditLog;
    const page = await auditLog.read({ ...query, limit: pageLimit(call, asked, 50) });
    return { value: { ...page, durable, kept, since, refusals: refusals.read(), refusalsSince: refusals.since } };
  },
});

/** Routes about what was asked for. */
export const auditRoutes: readonly Route[] = [listAudit];
