import {
  askedOccurrenceOf,
  defaultOccurrenceLimit,
  type EnqueueGroupResult,
  type EnqueueRequest,
  isOutdatedStep,
  occurrenceOf,
  type OccurrencePage,
  occurrencePage,
  type OccurrenceQuery,
  type OccurrenceRecord,
  placeAfterStep,
  placeOfOccurrence,
  type PlannedOccurrence,
  type ScheduleKey,
  type ScheduleRunAnswer,
  type ScheduleRunAsk,
  type ScheduleStep,
  type ScheduleStepAnswer,
} from "@millrace/models";
import { occurrenceColumns, occurrenceOfRow, occurrenceRow, tellOccurrence } from "@millrace/store-sql";
import type { Sql } from "../connection/connection.ts";
import type { SqliteRow } from "../driver/sqlite-database.ts";
import { enqueue } from "../operations/enqueue.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { getSchedule } from "./schedules.ts";

// The key decides. What it cannot see is a run of occurrences that began before this moment and goes beyond it.
const addOccurrence: Sql = (n) => `
insert or ignore into ${n.occurrence} (${occurrenceColumns})
select ?, ?, ?, ?, ?, ?, ?, ?, ? where coalesce((
  select until from ${n.occurrence} indexed by ${n.occurrence}_run
  where tenant_id = ? and schedule_id = ? and scheduled_for < ? and count > 1
  order by scheduled_for desc limit 1), -1) < ?`;
const setOutcome: Sql = (n) => `
update ${n.occurrence} set outcome = ?, reason = ?, task_id = ? where tenant_id = ? and schedule_id = ? and scheduled_for = ?`;
const setPlace: Sql = (n) => `
update ${n.schedule} set place_at = ?, next_at = ?, look_at = ? where tenant_id = ? and schedule_id = ?`;
const selectOfSchedule: Sql = (n) => `
select ${occurrenceColumns} from ${n.occurrence}
where tenant_id = +? and schedule_id = +? and scheduled_for < ? order by scheduled_for desc limit +?`;
// What did not run, or not in time: of all tenants, and of one.
const selectOdd: Sql = (n) => `
select ${occurrenceColumns} from ${n.occurrence} indexed by ${n.occurrence}_odd
where outcome <> 0 and (scheduled_for, tenant_id, schedule_id) < (?, ?, ?)
order by scheduled_for desc, tenant_id desc, schedule_id desc limit +?`;
const selectOddOfTenant: Sql = (n) => `
select ${occurrenceColumns} from ${n.occurrence} indexed by ${n.occurrence}_odd_of_tenant
where outcome <> 0 and tenant_id = +? and (scheduled_for, schedule_id) < (?, ?)
order by scheduled_for desc, schedule_id desc limit +?`;
const dropOld: Sql = (n) => `
delete from ${n.occurrence} where (tenant_id, schedule_id, scheduled_for) in (
  select tenant_id, schedule_id, scheduled_for from ${n.occurrence} where recorded_at < ?
  order by recorded_at, tenant_id, schedule_id, scheduled_for limit +?)`;

/** Takes steps, each whole or not at all. */
export function stepSchedules(tx: StoreTransaction, steps: readonly ScheduleStep[]): readonly ScheduleStepAnswer[] {
  return steps.map((step) => stepOne(tx, step));
}

function stepOne(tx: StoreTransaction, step: ScheduleStep): ScheduleStepAnswer {
  const before = getSchedule(tx, step);
  if (!before) return { status: "not-found" };
  if (isOutdatedStep(step, before, tx.now)) return { status: "outdated" };
  const occurrences = step.occurrences.flatMap((planned) => recordPlanned(tx, step, planned) ?? []);
  const { placeAt, nextAt, lookAt } = placeAfterStep(step, before);
  tx.use(setPlace).run(placeAt, nextAt, lookAt, step.tenantId, step.scheduleId);
  return { status: "stepped", occurrences };
}

/** Null when the moment is taken. The row comes first, as if all went well: it is what lets the task be made. */
function recordPlanned(tx: StoreTransaction, key: ScheduleKey, planned: PlannedOccurrence): OccurrenceRecord | null {
  const hoped = occurrenceOf(key, planned, { result: null, now: tx.now });
  const taskId = planned.type === "enqueue" ? planned.request.id : null;
  if (!claimMoment(tx, { ...hoped, taskId })) return null;
  const result = planned.type === "enqueue" ? enqueueOne(tx, planned.request) : null;
  const made = occurrenceOf(key, planned, { result, now: tx.now });
  if (made.outcome !== hoped.outcome || made.taskId !== taskId) changeOutcome(tx, made);
  return tellOccurrence(tx, made);
}

function claimMoment(tx: StoreTransaction, occurrence: OccurrenceRecord): boolean {
  const { tenantId, scheduleId, scheduledFor } = occurrence;
  const values = [...occurrenceRow(occurrence), tenantId, scheduleId, scheduledFor, scheduledFor];
  return Number(tx.use(addOccurrence).run(...values).changes) > 0;
}

function changeOutcome(tx: StoreTransaction, occurrence: OccurrenceRecord): void {
  const { tenantId, scheduleId, scheduledFor, reason, taskId } = occurrence;
  const outcome = occurrenceRow(occurrence)[5] ?? 0;
  tx.use(setOutcome).run(outcome, reason, taskId, tenantId, scheduleId, scheduledFor);
}

function enqueueOne(tx: StoreTransaction, request: EnqueueRequest): EnqueueGroupResult | null {
  return enqueue(tx, [{ tasks: [request] }])[0] ?? null;
}

/** Enqueues now, as occurrences of this moment or of the first free one after it. */
export function runSchedules(tx: StoreTransaction, asks: readonly ScheduleRunAsk[]): readonly ScheduleRunAnswer[] {
  return asks.map((ask) => {
    if (!getSchedule(tx, ask)) return { status: "not-found" };
    for (let scheduledFor = tx.now; ; scheduledFor += 1) {
      const hoped = askedOccurrenceOf(ask, scheduledFor, { result: null, now: tx.now });
      if (!claimMoment(tx, { ...hoped, taskId: ask.request.id })) continue;
      const result = enqueueOne(tx, ask.request);
      const occurrence = askedOccurrenceOf(ask, scheduledFor, { result, now: tx.now });
      changeOutcome(tx, occurrence);
      return { status: "run", occurrence: tellOccurrence(tx, occurrence) };
    }
  });
}

/** Lists occurrences, the latest first. */
export function listOccurrences(tx: StoreTransaction, query: OccurrenceQuery): OccurrencePage {
  const { limit = defaultOccurrenceLimit } = query;
  return occurrencePage(selectOccurrences(tx, query, limit + 1).map(occurrenceOfRow), query);
}

// One more than the page, which tells whether there is a next.
function selectOccurrences(tx: StoreTransaction, query: OccurrenceQuery, most: number): readonly SqliteRow[] {
  const { schedule, tenantId } = query;
  const { scheduledFor, scheduleId, ...from } = placeOfOccurrence(query);
  if (schedule) return tx.use(selectOfSchedule).all(schedule.tenantId, schedule.scheduleId, scheduledFor, most);
  if (tenantId === undefined) return tx.use(selectOdd).all(scheduledFor, from.tenantId, scheduleId, most);
  return tx.use(selectOddOfTenant).all(tenantId, scheduledFor, scheduleId, most);
}

/** Forgets old occurrences. */
export function pruneOccurrences(tx: StoreTransaction, keepMs: number, limit: number): number {
  return Number(tx.use(dropOld).run(tx.now - keepMs, limit).changes);
}
