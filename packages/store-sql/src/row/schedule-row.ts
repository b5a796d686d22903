import { occurrenceOutcomes, type OccurrenceRecord, type ScheduleRecord, type StoredValue } from "@millrace/models";
import { deepFrozen } from "./deep-frozen.ts";

/** The columns of a schedule, in the order that both functions below keep. */
export const scheduleColumns = "tenant_id, schedule_id, look_at, next_at, place_at, revision, record, input";

/** What a column can hold; each database says how it keeps a stored value. */
type Column = string | number | Uint8Array | null;

/** A schedule as a row; `toColumn` writes its input. */
export function scheduleRow(
  schedule: ScheduleRecord,
  toColumn: (value: StoredValue | null) => string | Uint8Array | null,
): readonly Column[] {
  const { tenantId, scheduleId, lookAt, nextAt, placeAt, revision, request, ...rest } = schedule;
  const { input, ...others } = request;
  const record = JSON.stringify({ ...rest, request: others });
  return [tenantId, scheduleId, lookAt, nextAt, placeAt, revision, record, toColumn(input)];
}

/** A row as a schedule. Big integers may come as text. */
export function scheduleOfRow(
  row: readonly unknown[],
  ofColumn: (column: unknown) => StoredValue | null,
): ScheduleRecord {
  const [tenantId, scheduleId, lookAt, nextAt, placeAt, revision, record, input] = row;
  const rest = JSON.parse(String(record)) as Omit<
    ScheduleRecord,
    "tenantId" | "scheduleId" | "lookAt" | "nextAt" | "placeAt" | "revision"
  >;
  return deepFrozen({
    ...rest,
    request: { ...rest.request, input: ofColumn(input) },
    tenantId: String(tenantId),
    scheduleId: String(scheduleId),
    lookAt: numberOrNull(lookAt),
    nextAt: numberOrNull(nextAt),
    placeAt: Number(placeAt),
    revision: Number(revision),
  });
}

/** The columns of an occurrence, in the order that both functions below keep. */
export const occurrenceColumns =
  "tenant_id, schedule_id, scheduled_for, until, count, outcome, reason, task_id, recorded_at";

/** An occurrence as a row. */
export function occurrenceRow(occurrence: OccurrenceRecord): readonly (string | number | null)[] {
  const { tenantId, scheduleId, scheduledFor, until, count, outcome, reason, taskId, recordedAt } = occurrence;
  const code = occurrenceOutcomes.indexOf(outcome);
  return [tenantId, scheduleId, scheduledFor, until, count, code, reason, taskId, recordedAt];
}

/** A row as an occurrence. Big integers may come as text. */
export function occurrenceOfRow(row: readonly unknown[]): OccurrenceRecord {
  const [tenantId, scheduleId, scheduledFor, until, count, outcome, reason, taskId, recordedAt] = row;
  return Object.freeze({
    tenantId: String(tenantId),
    scheduleId: String(scheduleId),
    scheduledFor: Number(scheduledFor),
    until: Number(until),
    count: Number(count),
    outcome: occurrenceOutcomes[Number(outcome)] ?? "enqueued",
    reason: textOrNull(reason),
    taskId: textOrNull(taskId),
    recordedAt: Number(recordedAt),
  });
}

function numberOrNull(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
