import type {
  AttemptRecord,
  HostRecord,
  KindRecord,
  LimitRecord,
  TaskExplanation,
  TaskSnapshot,
  TaskStep,
} from "@millrace/models";
import { taskStates, taskStatuses } from "@millrace/models";
import { taskRights } from "../access/task-right.ts";
import type { JsonSchema } from "../schema/schema.ts";
import { scheduleSchemas } from "./schedule-schemas.ts";

export const numberSchema: JsonSchema = { type: "number" };
export const nullableText: JsonSchema = { type: ["string", "null"] };
const textSchema: JsonSchema = { type: "string" };
const nullableNumber: JsonSchema = { type: ["number", "null"] };
const flagSchema: JsonSchema = { type: "boolean" };
const objectSchema: JsonSchema = { type: "object" };
const texts: JsonSchema = { type: "array", items: textSchema };
const strings: JsonSchema = { type: "object", additionalProperties: textSchema };
const anything: JsonSchema = {};

/** A schema under its name. */
export function ref(name: string): JsonSchema {
  return { $ref: `#/components/schemas/${name}` };
}

/** An object with a list, and what stands beside it. */
export function listOf(name: string, items: JsonSchema, more: Readonly<Record<string, JsonSchema>> = {}): JsonSchema {
  return { type: "object", properties: { [name]: { type: "array", items }, ...more }, required: [name] };
}

// Each of these names every field of its type: one that is added there is missing here by the compiler's word.
const snapshotFields: Readonly<
  Record<Exclude<keyof TaskSnapshot, "input" | "output" | "handlerState" | "failure">, JsonSchema>
> = {
  id: textSchema,
  tenantId: textSchema,
  kind: textSchema,
  kindVersion: numberSchema,
  status: { enum: taskStatuses },
  state: { enum: taskStates },
  reason: nullableText,
  priority: numberSchema,
  scheduledAt: numberSchema,
  expiresAt: nullableNumber,
  failureFingerprint: nullableText,
  metadata: objectSchema,
  context: strings,
  logContext: strings,
  traceParent: nullableText,
  summary: nullableText,
  tags: texts,
  channels: texts,
  origin: objectSchema,
  rootId: textSchema,
  parentId: nullableText,
  flowId: nullableText,
  stage: numberSchema,
  dedupeKey: nullableText,
  dedupeUntil: nullableNumber,
  supersedeKey: nullableText,
  concurrencyKeys: { type: "array", items: objectSchema },
  retry: objectSchema,
  timeoutMs: nullableNumber,
  watchdogMs: nullableNumber,
  retainForMs: nullableNumber,
  maxInterruptions: nullableNumber,
  afterCrash: { enum: ["retry", "fail"] },
  attempt: numberSchema,
  failures: numberSchema,
  interruptions: numberSchema,
  releases: numberSchema,
  snoozes: numberSchema,
  version: numberSchema,
  hostId: nullableText,
  leaseExpiresAt: nullableNumber,
  lastHostId: nullableText,
  suspect: flagSchema,
  started: flagSchema,
  pausedFrom: nullableText,
  pausedBy: nullableText,
  pausedWhy: nullableText,
  openDependencies: numberSchema,
  waitSignal: nullableText,
  wakeAt: nullableNumber,
  wakeReason: nullableText,
  waitAborted: flagSchema,
  lastSignAt: nullableNumber,
  staleAt: nullableNumber,
  staleReason: nullableText,
  cancelRequestedAt: nullableNumber,
  cancelReason: nullableText,
  cancelledBy: nullableText,
  progress: objectSchema,
  createdAt: numberSchema,
  updatedAt: numberSchema,
  claimedAt: nullableNumber,
  startedAt: nullableNumber,
  finishedAt: nullableNumber,
  steps: { type: "array", items: ref("Step") },
};
const failure: JsonSchema = {
  type: ["object", "null"],
  properties: { name: textSchema, message: textSchema, code: nullableText, stack: textSchema },
};
const step: Readonly<Record<keyof TaskStep, JsonSchema>> = {
  id: textSchema,
  taskId: textSchema,
  attempt: numberSchema,
  n: numberSchema,
  kind: textSchema,
  level: { enum: ["debug", "info", "success", "warn", "error"] },
  message: textSchema,
  meta: anything,
  percent: nullableNumber,
  at: numberSchema,
};
const attempt: Readonly<Record<Exclude<keyof AttemptRecord, "leaseToken">, JsonSchema>> = {
  taskId: textSchema,
  attempt: numberSchema,
  hostId: nullableText,
  claimedAt: nullableNumber,
  startedAt: nullableNumber,
  endedAt: numberSchema,
  endedBy: { enum: ["owner", "expire", "terminate"] },
  outcome: textSchema,
  endedAs: { enum: taskStatuses },
  failure,
};
const explanation: Readonly<Record<keyof TaskExplanation, JsonSchema>> = {
  taskId: textSchema,
  state: { enum: taskStates },
  reasons: { type: "array", items: { type: "object", properties: { code: textSchema }, required: ["code"] } },
  text: textSchema,
  notKnown: texts,
  at: numberSchema,
};
const kind: Readonly<Record<keyof KindRecord, JsonSchema>> = {
  kind: textSchema,
  version: numberSchema,
  inputSchemas: strings,
  limit: nullableNumber,
  limitFromCode: nullableNumber,
  limitOverride: nullableNumber,
  rate: { type: ["object", "null"] },
  fairness: { enum: ["none", "key"] },
  pausedAt: nullableNumber,
  pausedBy: nullableText,
  pausedWhy: nullableText,
  lastSeenAt: numberSchema,
};
const host: Readonly<Record<keyof HostRecord, JsonSchema>> = {
  hostId: textSchema,
  aliveForMs: numberSchema,
  kinds: texts,
  slots: numberSchema,
  running: numberSchema,
  state: { enum: ["running", "draining", "stopped"] },
  label: textSchema,
  version: textSchema,
  podId: nullableText,
  startedAt: numberSchema,
  lastSeenAt: numberSchema,
  aliveUntil: numberSchema,
  drainRequestedAt: nullableNumber,
  supersededAt: nullableNumber,
  supersededBy: nullableText,
};
const limit: Readonly<Record<keyof LimitRecord, JsonSchema>> = {
  scope: objectSchema,
  limit: nullableNumber,
  held: numberSchema,
  rate: { type: ["object", "null"] },
};
const can: JsonSchema = { type: "array", items: { enum: taskRights } };
const count: JsonSchema = { type: "object", properties: { count: numberSchema, exact: flagSchema } };

const whole = (properties: Readonly<Record<string, JsonSchema>>): JsonSchema => ({ type: "object", properties });

/** What a route answers with that shows one task. */
export const taskSchema: JsonSchema = ref("Task");

/** Schemas by name, as the document lists them. */
export const answerSchemas: Readonly<Record<string, JsonSchema>> = {
  Task: whole({
    ...snapshotFields,
    input: anything,
    output: anything,
    handlerState: anything,
    failure,
    actions: whole({ can, cannot: strings }),
  }),
  ListedTask: whole({ ...snapshotFields, failure, can }),
  Step: whole(step),
  Attempt: whole(attempt),
  Explanation: whole(explanation),
  Kind: whole(kind),
  Host: whole(host),
  Limit: whole(limit),
  ...scheduleSchemas,
  Count: count,
  EventPage: whole({
    status: { enum: ["events", "reset"] },
    events: { type: "array", items: objectSchema },
    cursor: textSchema,
    more: flagSchema,
    why: { enum: ["epoch", "ahead", "retention"] },
  }),
  Enqueued: whole({
    task: taskSchema,
    disposition: { enum: ["created", "reused", "superseded"] },
    deduplicated: flagSchema,
    reusedTaskId: nullableText,
    supersededTaskIds: texts,
    notReplaced: flagSchema,
    replayed: flagSchema,
  }),
  Problem: {
    type: "object",
    properties: {
      type: textSchema,
      title: textSchema,
      status: numberSchema,
      detail: textSchema,
      code: textSchema,
      path: textSchema,
      at: numberSchema,
      length: numberSchema,
      fix: textSchema,
      retryable: flagSchema,
      issues: { type: "array" },
      requestId: textSchema,
    },
    required: ["type", "title", "status", "detail", "code", "fix", "retryable", "requestId"],
  },
};
