import { TaskError } from "@millrace/models";
import { nothing } from "./parameters.ts";
import { route, type Route } from "./route.ts";

const aboutSchema = {
  type: "object",
  properties: {
    user: { type: "string" },
    rights: { type: "array", items: { type: "string" } },
    tenantId: { type: ["string", "null"] },
    readOnly: { type: "boolean" },
    has: { type: "object" },
    limits: { type: "object" },
    now: { type: "integer" },
  },
};

const about = route({
  method: "GET",
  path: "/v1",
  right: "read",
  scope: "tenant",
  summary: "Who you are here, and what you may do.",
  pathSchema: nothing,
  querySchema: nothing,
  answer: { status: 200, description: "What a page shows its buttons by.", schema: aboutSchema },
  handle: async ({ api, access }) => ({
    value: {
      user: access.user,
      rights: [...access.rights],
      tenantId: access.tenantId,
      readOnly: api.readOnly,
      has: { schedules: api.schedules !== null, audit: api.auditLog.durable ? "durable" : "memory" },
      limits: api.limits,
      now: api.clock.now(),
    },
  }),
});

const health = route({
  method: "GET",
  path: "/v1/health",
  right: "health",
  scope: "tenant",
  summary: "Whether this process answers, and what is to be said of how it was set up.",
  pathSchema: nothing,
  querySchema: nothing,
  answer: { status: 200, description: "It does.", schema: { type: "object", properties: { status: { const: "ok" } } } },
  handle: async ({ api }) => ({ value: { status: "ok", warnings: api.warnings } }),
});

const ready = route({
  method: "GET",
  path: "/v1/ready",
  right: "health",
  scope: "tenant",
  summary: "Whether the store answers and the host, where there is one, runs.",
  pathSchema: nothing,
  querySchema: nothing,
  answer: { status: 200, description: "Both.", schema: { type: "object", properties: { status: { const: "ready" } } } },
  async handle({ api }) {
    if (api.isHostRunning?.() === false) throw new TaskError("NOT_READY", "The host does not run.");
    try {
      await api.client.listTasks({ limit: 1 });
    } catch (error) {
      throw new TaskError("NOT_READY", "The store does not answer.", { cause: error });
    }
    return { value: { status: "ready" } };
  },
});

/** Routes about the handler itself. */
export const aboutRoutes: readonly Route[] = [about, health, ready];
