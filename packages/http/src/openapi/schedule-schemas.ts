import type { OccurrenceRecord } from "@millrace/models";
import type { ScheduleView } from "@millrace/scheduler";
import type { JsonSchema } from "../schema/schema.ts";
import {
  anyObject,
  arrayOf,
  fields,
  nullableNumber,
  nullableObject,
  nullableText,
  number,
  ref,
  text,
} from "./answer-parts.ts";

// Each of these names every field of its type: one that is added there is missing here by the compiler's word.
const schedule: Readonly<Record<keyof ScheduleView, JsonSchema>> = {
  id: text,
  tenantId: text,
  kind: text,
  origin: fields({ type: { enum: ["code", "run-time"] }, source: text }),
  times: arrayOf(fields({ type: { enum: ["cron", "interval", "once"] } })),
  timeZone: text,
  startAt: nullableNumber,
  endAt: nullableNumber,
  catchUp: { enum: ["skip", "latest", "all"] },
  overlap: { enum: ["allow", "skip", "queue", "replace"] },
  jitterMs: number,
  metadata: anyObject,
  paused: nullableObject,
  nextRuns: arrayOf(number),
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
  Schedule: fields({
    ...schedule,
    zone: fields({ offsetMs: number, change: nullableObject }),
    history: arrayOf(ref("Occurrence")),
    actions: fields({ can: arrayOf(text), cannot: anyObject }),
  }),
  Occurrence: fields({ ...occurrence, task: nullableObject }),
};
