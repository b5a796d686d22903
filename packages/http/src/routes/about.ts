import { TaskError } from "@millrace/models";
import { taskRights } from "../access/task-right.ts";
import { anyObject, arrayOf, fields, flag, nullableText, number, text } from "../openapi/answer-parts.ts";
import { route, type Route } from "./route.ts";

const aboutSchema = fields({
  user: text,
  rights: arrayOf(text),
  lacking: arrayOf(text),
  tenantId: nullableText,
  readOnly: flag,
  has: anyObject,
  limits: anyObject,
  now: number,
});

const about = route({
  method: "GET",
  path: "/v1",
  right: "read",
  scope: "tenant",
  summary: "Who you are here, and what you may do.",
  answer: { description: "What a page shows its buttons by.", schema: aboutSchema },
  handle: async ({ api, access }) => ({
    value: {
      user: access.user,
      rights: [...access.rights],
      lacking: taskRights.filter((right) => !access.rights.has(right)),
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
  answer: { description: "It does.", schema: fields({ status: { const: "ok" } }) },
  handle: async ({ api }) => ({ value: { status: "ok", warnings: api.warnings } }),
});

const ready = route({
  method: "GET",
  path: "/v1/ready",
  right: "health",
  scope: "tenant",
  summary: "Whether the store answers and the host, where there is one, runs.",
  answer: { description: "Both.", schema: fields({ status: { const: "ready" } }) },
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
