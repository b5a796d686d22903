import type { OccurrenceRecord } from "@millrace/models";
import type { ScheduleView } from "@millrace/scheduler";
import type { JsonSchema } from "../schema/schema.ts";

const number: JsonSchema = { type: "number" };
const nullableNumber: JsonSchema = { type: ["number", "null"] };
const text: JsonSchema = { type: "string" };
const nullableText: JsonSchema = { type: ["string", "null"] };
const nullableObject: JsonSchema = { type: ["object", "null"] };
const numbers: JsonSchema = { type: "array", items: number };

// Each of these names every field of its type: one that is added there is missing here by the compiler's word.
const schedule: Readonly<Record<keyof ScheduleView, JsonSchema>> = {
  id: text,
  tenantId: text,
  kind: text,
  origin: { type: "object", properties: { type: { enum: ["code", "run-time"] }, source: text } },
  times: { type: "array", items: { type: "object", properties: { type: { enum: ["cron", "interval", "once"] } } } },
  timeZone: text,
  startAt: nullableNumber,
  endAt: nullableNumber,
  catchUp: { enum: ["skip", "latest", "all"] },
  overlap: { enum: ["allow", "skip", "queue", "replace"] },
  jitterMs: number,
  metadata: { type: "object" },
  paused: nullableObject,
  nextRuns: numbers,
  skipUntil: nullableNumber,
  createdAt: number,
  updatedAt: number,
};
const occurrence: Readonly<Record<keyof OccurrenceRecord, JsonSchema>> = {
  tenantId: text,
  scheduleId: text,
  scheduledFor: number,
  until: number,
  count: number,
  outcome: { enum: ["enqueued", "late", "missed", "skipped", "refused"] },
  reason: nullableText,
  taskId: nullableText,
  recordedAt: number,
};

/** Schemas of schedules by name. */
export const scheduleSchemas: Readonly<Record<string, JsonSchema>> = {
  Schedule: {
    type: "object",
    properties: {
      ...schedule,
      zone: { type: "object", properties: { offsetMs: number, change: nullableObject } },
      history: { type: "array", items: { $ref: "#/components/schemas/Occurrence" } },
      actions: { type: "object", properties: { can: { type: "array", items: text }, cannot: { type: "object" } } },
    },
  },
  Occurrence: { type: "object", properties: { ...occurrence, task: nullableObject } },
};
