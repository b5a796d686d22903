import type { EnqueueGroupResult } from "../contracts/enqueue.ts";
import type {
  OccurrenceRecord,
  PlannedOccurrence,
  ScheduleKey,
  ScheduleRecord,
  ScheduleRunAsk,
  ScheduleStep,
} from "../contracts/schedules.ts";
import type { ControlEventType } from "../events/task-event.ts";
import type { EpochMs } from "../time/clock.ts";

/** How old a step may be: far less than the time for which rows of occurrences are kept. */
const stepMaxAgeMs = 600_000;

/** Something to be told of an occurrence, under its schedule's id. */
export interface OccurrenceEvent {
  readonly type: Extract<ControlEventType, `occurrence_${string}`>;
  readonly name: string;
  readonly data: string | number | null;
}

/**
 * Whether a step may not be taken: the schedule has changed since, it was long ago, or it passes over occurrences that somebody
 * else has settled meanwhile. One that only enqueues needs no such look: the row of each occurrence decides.
 */
export function isOutdatedStep(step: ScheduleStep, { revision, placeAt }: ScheduleRecord, now: EpochMs): boolean {
  if (step.revision !== revision || now - step.takenAt > stepMaxAgeMs) return true;
  return step.fromAt !== placeAt && step.occurrences.some(({ type }) => type === "pass");
}

/** The schedule after a step: its place never goes back, so that a late step undoes nothing. */
export function placeAfterStep(
  { placeAt, nextAt, lookAt }: Pick<ScheduleStep, "placeAt" | "nextAt" | "lookAt">,
  before: ScheduleRecord,
): ScheduleRecord {
  return placeAt < before.placeAt ? before : { ...before, placeAt, nextAt, lookAt };
}

/** The row of an occurrence, with what became of its task. */
export function occurrenceOf(
  key: ScheduleKey,
  planned: PlannedOccurrence,
  { result, now }: { readonly result: EnqueueGroupResult | null; readonly now: EpochMs },
): OccurrenceRecord {
  const { tenantId, scheduleId } = key;
  const { scheduledFor } = planned;
  const row = { tenantId, scheduleId, scheduledFor, until: scheduledFor, count: 1, recordedAt: now };
  if (planned.type === "pass") {
    const { until, count, outcome, reason } = planned;
    return { ...row, until, count, outcome, reason, taskId: null };
  }
  if (result?.status === "refused") return { ...row, outcome: "refused", reason: result.code, taskId: null };
  const [made] = result?.results ?? [];
  const taskId = made?.task.id ?? null;
  if (made?.disposition === "reused") return { ...row, outcome: "skipped", reason: "overlap", taskId };
  return { ...row, outcome: planned.outcome, reason: null, taskId };
}

/** An occurrence that somebody asks for, outside of the schedule's times. */
export function askedOccurrence(
  { request }: Pick<ScheduleRunAsk, "request">,
  scheduledFor: EpochMs,
): PlannedOccurrence {
  return { type: "enqueue", scheduledFor, outcome: "enqueued", request };
}

/** The row of an occurrence that was asked for, with what became of its task. */
export function askedOccurrenceOf(
  ask: ScheduleRunAsk,
  scheduledFor: EpochMs,
  settled: { readonly result: EnqueueGroupResult | null; readonly now: EpochMs },
): OccurrenceRecord {
  const made = occurrenceOf(ask, askedOccurrence(ask, scheduledFor), settled);
  return made.outcome === "enqueued" ? { ...made, reason: "asked" } : made;
}

/** What is told of an occurrence; of one in time nothing but its task's own event. */
export function occurrenceEvent(occurrence: OccurrenceRecord): OccurrenceEvent | null {
  const { outcome, scheduleId: name, reason, count, recordedAt, scheduledFor } = occurrence;
  switch (outcome) {
    case "enqueued":
      return null;
    case "late":
      return { type: "occurrence_late", name, data: recordedAt - scheduledFor };
    case "missed":
      return { type: "occurrence_missed", name, data: count };
    case "skipped":
      return { type: "occurrence_skipped", name, data: reason };
    case "refused":
      return { type: "occurrence_refused", name, data: reason };
  }
}
