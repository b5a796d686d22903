import type { TaskHttpAudit } from "../audit/audit-entry.ts";
import type { FailureGroup } from "../errors/failure-groups.ts";
import { failureStates } from "../errors/failure-standing.ts";
import type { Overview } from "../overview/overview.ts";
import type { JsonSchema } from "../schema/schema.ts";
import {
  anyObject,
  arrayOf,
  fields,
  flag,
  nullableNumber,
  nullableObject,
  nullableText,
  number,
  recordOf,
  ref,
  text,
} from "./answer-parts.ts";

const entry: Readonly<Record<keyof TaskHttpAudit, JsonSchema>> = {
  at: text,
  user: text,
  tenantId: nullableText,
  action: text,
  target: fields({ type: text, id: text }),
  before: nullableText,
  after: nullableText,
  outcome: text,
  why: nullableText,
  requestId: text,
};
const group: Readonly<Record<keyof FailureGroup, JsonSchema>> = {
  key: text,
  fingerprint: nullableText,
  name: text,
  code: nullableText,
  message: text,
  frame: nullableText,
  kinds: recordOf(number),
  count: number,
  firstAt: number,
  lastAt: number,
  lastTaskId: text,
  q: text,
  recent: arrayOf(number),
  state: { enum: failureStates },
  reopened: { enum: ["regressed", "count-reached", null] },
  mark: ref("FailureMark"),
  failedSince: nullableNumber,
};

/** A page of the audit. */
export const auditSchema: JsonSchema = fields({
  entries: arrayOf(fields(entry)),
  next: nullableText,
  durable: flag,
  kept: nullableNumber,
  since: nullableNumber,
  refusals: recordOf(fields({ count: number, lastAt: number })),
  refusalsSince: number,
});

/** Failures in groups. */
export const errorsSchema: JsonSchema = fields({
  groups: arrayOf(fields(group)),
  byState: { ...fields({ open: number, resolved: number, ignored: number }), type: ["object", "null"] },
  searched: number,
  complete: flag,
  from: number,
  now: number,
});

const overviewFields: Readonly<Record<keyof Overview, JsonSchema>> = {
  now: number,
  window: text,
  from: number,
  bucketMs: number,
  counts: anyObject,
  activity: nullableObject,
  latency: fields({ sampled: number, buckets: arrayOf(anyObject) }),
  kinds: arrayOf(fields({ kind: text, queued: number, running: number })),
  hosts: nullableObject,
  attention: arrayOf(fields({ code: text, severity: { enum: ["bad", "warn"] }, q: text })),
};

/** Everything at once. */
export const overviewSchema: JsonSchema = fields(overviewFields);
