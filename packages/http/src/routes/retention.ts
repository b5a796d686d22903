import { fields, flag, nullableObject, number } from "../openapi/answer-parts.ts";
import { orNull } from "../overview/or-null.ts";
import { object } from "../schema/object-schema.ts";
import { wholeParameter } from "../schema/query-schema.ts";
import { described, optional, type Schema } from "../schema/schema.ts";
import { route, type Route } from "./route.ts";

const upTo = wholeParameter({ min: 0, max: Number.MAX_SAFE_INTEGER });
const ttl = (which: string): Schema<number | undefined> =>
  described(optional(upTo), `How long ${which} tasks are kept after their end, in ms. Absent: for ever.`);
const latest = (which: string): Schema<number | undefined> =>
  described(optional(upTo), `How many of the latest ${which} of each kind are kept. Absent: all.`);

const readRetention = route({
  method: "GET",
  path: "/v1/retention",
  right: "read",
  scope: "store",
  summary: "The policy of the last sweep that came to its end, and when that was.",
  answer: {
    description: "`retention` is null where the store has none, `lastSweep` where no host has swept.",
    schema: fields({ retention: { ...fields({ lastSweep: nullableObject }), type: ["object", "null"] } }),
  },
  async handle({ api: { client } }) {
    const retention = await orNull(client.readRetention().then((lastSweep) => ({ lastSweep })));
    return { value: { retention } };
  },
});

const previewRetention = route({
  method: "GET",
  path: "/v1/retention/preview",
  right: "read",
  scope: "store",
  summary: "How many tasks a sweep with such a policy would take away now. Takes none.",
  querySchema: object({
    successTtlMs: ttl("succeeded"),
    failedTtlMs: ttl("failed"),
    cancelledTtlMs: ttl("cancelled"),
    keepLatestSuccessesPerKind: latest("successes"),
    keepLatestFailuresPerKind: latest("failures"),
  }),
  answer: {
    description: "`exact: false` says at least so many.",
    schema: fields({ succeeded: number, failed: number, cancelled: number, exact: flag }),
  },
  handle: async ({ api, query }) => ({ value: await api.client.previewRetention(query) }),
});

/** Routes about what is removed: it belongs to the whole store. */
export const retentionRoutes: readonly Route[] = [readRetention, previewRetention];
