import { mostFailuresCounted } from "@millrace/models";
import { invalidRequest } from "../answer/invalid-request.ts";
import { fields, ref } from "../openapi/answer-parts.ts";
import { object } from "../schema/object-schema.ts";
import { described, nullable, oneOf, optional, text, whole } from "../schema/schema.ts";
import { route, type Route } from "./route.ts";

const marks = fields({ mark: ref("FailureMark"), before: ref("FailureMark") });

const markFailures = route({
  method: "POST",
  path: "/v1/errors/:failureKey/mark",
  right: "mark-failures",
  scope: "store",
  summary: "Says of failures that are alike that they are resolved, or ignored for a while.",
  bodySchema: object({
    state: described(
      oneOf(["resolved", "ignored"]),
      "Resolved until one fails again; ignored until so many have failed again, or until it is taken back.",
    ),
    untilCount: described(
      optional(nullable(whole({ min: 1, max: mostFailuresCounted }))),
      "With `ignored`: after how many failures since now the group is open again. Null: it stays ignored.",
    ),
    note: described(optional(nullable(text({ max: 500 }))), "A line, for those who look later."),
  }),
  answer: { description: "The mark, and the one it took the place of.", schema: marks },
  async handle({ api, access, path: { failureKey: key }, body, note }) {
    note({ target: { type: "failure", id: key }, why: body.note ?? null });
    if (body.state === "resolved" && typeof body.untilCount === "number") {
      throw invalidRequest("body.untilCount", "is for the state ignored only", "Leave it out, or ignore the failures.");
    }
    const [answer] = await api.client.markFailures([{ ...body, key, by: access.user }]);
    note({ before: answer?.before?.state ?? "open", after: body.state });
    return { value: answer };
  },
});

const unmarkFailures = route({
  method: "DELETE",
  path: "/v1/errors/:failureKey/mark",
  right: "mark-failures",
  scope: "store",
  summary: "Takes back what was said of failures: they are open again.",
  answer: { description: "`before` is null where they had no mark.", schema: marks },
  async handle({ api, path: { failureKey: key }, note }) {
    note({ target: { type: "failure", id: key } });
    const [before = null] = await api.client.unmarkFailures([key]);
    note({ before: before?.state ?? "open", after: "open" });
    return { value: { mark: null, before } };
  },
});

/** Routes about what operators say of failures: it belongs to the whole store. */
export const failureMarkRoutes: readonly Route[] = [markFailures, unmarkFailures];
