import type { TaskHttpAudit } from "../audit/audit-entry.ts";
import type { FailureGroup } from "../errors/failure-groups.ts";
import type { Overview } from "../overview/overview.ts";
import type { JsonSchema } from "../schema/schema.ts";

const number: JsonSchema = { type: "number" };
const text: JsonSchema = { type: "string" };
const flag: JsonSchema = { type: "boolean" };
const nullableText: JsonSchema = { type: ["string", "null"] };
const nullableNumber: JsonSchema = { type: ["number", "null"] };
const counts: JsonSchema = { type: "object", additionalProperties: number };

const entry: Readonly<Record<keyof TaskHttpAudit, JsonSchema>> = {
  at: text,
  user: text,
  tenantId: nullableText,
  action: text,
  target: { type: "object", properties: { type: text, id: text } },
  before: nullableText,
  after: nullableText,
  outcome: text,
  why: nullableText,
  requestId: text,
};
const group: Readonly<Record<keyof FailureGroup, JsonSchema>> = {
  fingerprint: nullableText,
  name: text,
  code: nullableText,
  message: text,
  frame: nullableText,
  kinds: counts,
  count: number,
  firstAt: number,
  lastAt: number,
  lastTaskId: text,
  q: text,
  recent: { type: "array", items: number },
};

/** A page of the audit. */
export const auditSchema: JsonSchema = {
  type: "object",
  properties: {
    entries: { type: "array", items: { type: "object", properties: entry } },
    next: nullableText,
    durable: flag,
    kept: nullableNumber,
    since: nullableNumber,
    refusals: {
      type: "object",
      additionalProperties: { type: "object", properties: { count: number, lastAt: number } },
    },
    refusalsSince: number,
  },
};

/** Failures in groups. */
export const errorsSchema: JsonSchema = {
  type: "object",
  properties: {
    groups: { type: "array", items: { type: "object", properties: group } },
    searched: number,
    complete: flag,
    from: number,
    now: number,
  },
};

const nullableObject: JsonSchema = { type: ["object", "null"] };
const objects: JsonSchema = { type: "array", items: { type: "object" } };
const overviewFields: Readonly<Record<keyof Overview, JsonSchema>> = {
  now: number,
  window: text,
  from: number,
  bucketMs: number,
  counts: { type: "object" },
  activity: nullableObject,
  latency: { type: "object", properties: { sampled: number, buckets: objects } },
  kinds: { type: "array", items: { type: "object", properties: { kind: text, queued: number, running: number } } },
  hosts: nullableObject,
  attention: {
    type: "array",
    items: { type: "object", properties: { code: text, severity: { enum: ["bad", "warn"] }, q: text } },
  },
};

/** Everything at once. */
export const overviewSchema: JsonSchema = { type: "object", properties: overviewFields };
