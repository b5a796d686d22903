import {
  askedOccurrence,
  askedOccurrenceOf,
  defaultOccurrenceLimit,
  type EnqueueGroupResult,
  type EnqueueRequest,
  isOutdatedStep,
  isTaskError,
  occurrenceOf,
  type OccurrencePage,
  occurrencePage,
  type OccurrenceQuery,
  type OccurrenceRecord,
  placeAfterStep,
  placeOfOccurrence,
  type PlannedOccurrence,
  type ScheduleKey,
  type ScheduleRecord,
  type ScheduleRunAnswer,
  type ScheduleRunAsk,
  type ScheduleStep,
  type ScheduleStepAnswer,
  type TaskId,
} from "@millrace/models";
import {
  occurrenceColumns,
  occurrenceOfRow,
  occurrenceRow,
  scheduleColumns,
  tellOccurrence,
} from "@millrace/store-sql";
import { nowSql } from "../connection/clock-sql.ts";
import type { Engine } from "../connection/engine.ts";
import type { Sql } from "../connection/session.ts";
import { enqueue } from "../operations/enqueue.ts";
import { enqueuePlain, isPlainRequest } from "../operations/enqueue-plain.ts";
import { readClock } from "../transaction/hold.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { nameOf, namesOf, scheduleOf } from "./schedules.ts";

const lockTimedOut = "55P03";

// A schedule that somebody else is just stepping is left to them: a host that was stopped in the middle holds up nobody.
const lockFree: Sql = (n) => `
select ${scheduleColumns} from ${n.schedule}
where (tenant_id, schedule_id) in (select * from unnest($1::text[], $2::text[]))
order by tenant_id, schedule_id for update skip locked`;
const selectKnown: Sql = (n) => `
select tenant_id, schedule_id from ${n.schedule}
where (tenant_id, schedule_id) in (select * from unnest($1::text[], $2::text[]))`;
const lockOne: Sql = (n) => `select 1 from ${n.schedule} where tenant_id = $1 and schedule_id = $2 for update`;

/** The key decides. What it cannot see is a run of occurrences that began before this moment and goes beyond it. */
export const addOccurrences: Sql = (n) => `
insert into ${n.occurrence} (${occurrenceColumns})
select u.* from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::integer[], $6::smallint[], $7::text[], $8::uuid[],
    $9::bigint[]) u(tenant_id, schedule_id, scheduled_for, until, count, outcome, reason, task_id, recorded_at)
where coalesce((
  select o.until from ${n.occurrence} o
  where o.tenant_id = u.tenant_id and o.schedule_id = u.schedule_id and o.scheduled_for < u.scheduled_for and o.count > 1
  order by o.scheduled_for desc limit 1), -1) < u.scheduled_for
on conflict do nothing returning tenant_id, schedule_id, scheduled_for`;
const setOutcome: Sql = (n) => `
update ${n.occurrence} set outcome = $4, reason = $5, task_id = $6
where tenant_id = $1 and schedule_id = $2 and scheduled_for = $3`;
/** Where steps have left their schedules. */
export const setPlaces: Sql = (n) => `
update ${n.schedule} s set place_at = u.place_at, next_at = u.next_at, look_at = u.look_at
from (select place_at, next_at, look_at, (
    select ctid from ${n.schedule} where (tenant_id, schedule_id) = (p.tenant_id, p.schedule_id)) as place
  from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[])
    p(tenant_id, schedule_id, place_at, next_at, look_at)) u
where s.ctid = u.place`;
/** What became of one schedule's occurrences. */
export const selectOfSchedule: Sql = (n) => `
select ${occurrenceColumns} from ${n.occurrence}
where tenant_id = $1 and schedule_id = $2 and scheduled_for < $3 order by scheduled_for desc limit $4`;
/** Occurrences that did not run, or not in time. */
export const selectOdd: Sql = (n) => `
select ${occurrenceColumns} from ${n.occurrence}
where outcome <> 0 and (scheduled_for, tenant_id, schedule_id) < ($1, $2, $3)
order by scheduled_for desc, tenant_id desc, schedule_id desc limit $4`;
/** Those of one tenant. */
export const selectOddOfTenant: Sql = (n) => `
select ${occurrenceColumns} from ${n.occurrence}
where outcome <> 0 and tenant_id = $1 and (scheduled_for, schedule_id) < ($2, $3)
order by scheduled_for desc, schedule_id desc limit $4`;
/** Occurrences that are kept no longer. */
export const dropOld: Sql = (n) => `
delete from ${n.occurrence} where ctid = any(array(
  select ctid from ${n.occurrence} where recorded_at < (select ${nowSql(3)} - $1::bigint)
  order by recorded_at, tenant_id, schedule_id, scheduled_for limit $2 for update skip locked)) returning 1`;

/** Takes steps, each whole or not at all. One that waits too long for a key is put off, and holds up nobody else. */
export async function stepSchedules(
  engine: Engine,
  steps: readonly ScheduleStep[],
): Promise<readonly ScheduleStepAnswer[]> {
  try {
    return await engine.transaction((tx) => stepAll(tx, engine, steps));
  } catch (error) {
    if (!isTaskError(error, "STORE_BUSY") || error.details["sqlState"] !== lockTimedOut) throw error;
    if (steps.length === 1) return [{ status: "outdated" }];
    const answers: ScheduleStepAnswer[] = [];
    for (const step of steps) answers.push(...(await stepSchedules(engine, [step])));
    return answers;
  }
}

/** A planned occurrence on its way, with the place of its step. */
interface Moment {
  readonly step: number;
  readonly key: ScheduleKey;
  readonly planned: PlannedOccurrence;
}

async function stepAll(
  tx: StoreTransaction,
  engine: Engine,
  steps: readonly ScheduleStep[],
): Promise<readonly ScheduleStepAnswer[]> {
  // One behind the other on one connection: the time is that after the locks.
  const [rows, known] = await Promise.all([
    tx.query(lockFree, namesOf(steps)),
    tx.query(selectKnown, namesOf(steps)),
    readClock(tx),
  ]);
  const held = new Map(rows.map((row) => scheduleOf(row)).map((schedule) => [nameOf(schedule), schedule]));
  const there = new Set(known.map(([tenantId, scheduleId]) => JSON.stringify([tenantId, scheduleId])));
  const moved = new Map<string, ScheduleRecord>();
  const refusals = steps.map((step): ScheduleStepAnswer | null => {
    const name = nameOf(step);
    const before = moved.get(name) ?? held.get(name);
    if (!before) return { status: there.has(name) ? "outdated" : "not-found" };
    if (isOutdatedStep(step, before, tx.now)) return { status: "outdated" };
    moved.set(name, placeAfterStep(step, before));
    return null;
  });
  const moments = steps.flatMap((step, at): readonly Moment[] =>
    refusals[at] ? [] : step.occurrences.map((planned) => ({ step: at, key: step, planned })),
  );
  const free = await freeMoments(tx, moments);
  const results = await enqueueAll(tx, engine, requestsOf(free));
  const made = free.map((moment) => ({ ...moment, occurrence: settled(tx, moment, results) }));
  placeAll(tx, [...moved.values()]);
  return refusals.map(
    (refusal, at) =>
      refusal ?? {
        status: "stepped",
        occurrences: made.filter(({ step }) => step === at).map(({ occurrence }) => occurrence),
      },
  );
}

/** Writes the rows as if all went well, and answers the moments that were free: only their tasks may be made. */
async function freeMoments(tx: StoreTransaction, moments: readonly Moment[]): Promise<readonly Moment[]> {
  const free: Moment[] = [];
  // The same moment twice in one statement, or a run and a moment of it, would not see each other.
  for (const round of roundsOf(moments)) {
    const rows = round.map(({ key, planned }) => occurrenceRow(hopedFor(tx, key, planned)));
    const columns = occurrenceColumns.split(", ").map((_, at) => rows.map((row) => row[at]));
    const added = await tx.query(addOccurrences, columns);
    const names = new Set(
      added.map(([tenantId, scheduleId, at]) => JSON.stringify([tenantId, scheduleId, Number(at)])),
    );
    for (const moment of round) {
      const { tenantId, scheduleId } = moment.key;
      // Once each: of two alike in one statement only the first was added.
      if (names.delete(JSON.stringify([tenantId, scheduleId, moment.planned.scheduledFor]))) free.push(moment);
    }
  }
  return free;
}

/** Moments in rounds, in none of which a run of occurrences stands before another moment of its schedule. */
function roundsOf(moments: readonly Moment[]): readonly (readonly Moment[])[] {
  const rounds: Moment[][] = [];
  const hasRun = new Map<string, number>();
  for (const moment of moments) {
    const name = nameOf(moment.key);
    const at = hasRun.get(name) ?? 0;
    (rounds[at] ??= []).push(moment);
    if (moment.planned.type === "pass" && moment.planned.count > 1) hasRun.set(name, at + 1);
  }
  return rounds.filter((round) => round.length > 0);
}

function hopedFor(tx: StoreTransaction, key: ScheduleKey, planned: PlannedOccurrence): OccurrenceRecord {
  const taskId = planned.type === "enqueue" ? planned.request.id : null;
  return { ...occurrenceOf(key, planned, { result: null, now: tx.now }), taskId };
}

function requestsOf(moments: readonly Moment[]): readonly EnqueueRequest[] {
  return moments.flatMap(({ planned }) => (planned.type === "enqueue" ? [planned.request] : []));
}

/** Plain tasks in one statement, the others one after the other. */
async function enqueueAll(
  tx: StoreTransaction,
  engine: Engine,
  requests: readonly EnqueueRequest[],
): Promise<ReadonlyMap<TaskId, EnqueueGroupResult>> {
  const plain = requests.filter(
    (request) => isPlainRequest(request) && (!request.mustKnowKind || tx.knownKinds.has(request.kind)),
  );
  const results = new Map<TaskId, EnqueueGroupResult>();
  if (plain.length > 0) {
    for (const [id, result] of await enqueuePlain(tx.session, plain, { now: engine.now })) {
      results.set(id, { status: "stored", results: [result] });
      tx.readyFrom = Math.min(tx.readyFrom, result.task.scheduledAt);
    }
  }
  const others = requests.filter(({ id }) => !results.has(id));
  const answers =
    others.length === 0
      ? []
      : await enqueue(
          tx,
          others.map((request) => ({ tasks: [request] })),
        );
  for (const [at, answer] of answers.entries()) results.set(others[at]?.id ?? "", answer);
  return results;
}

/** The occurrence as it came out; its row is corrected where that is not as was hoped. */
function settled(
  tx: StoreTransaction,
  { key, planned }: Moment,
  results: ReadonlyMap<TaskId, EnqueueGroupResult>,
): OccurrenceRecord {
  const result = planned.type === "enqueue" ? (results.get(planned.request.id) ?? null) : null;
  const made = occurrenceOf(key, planned, { result, now: tx.now });
  const hoped = hopedFor(tx, key, planned);
  if (made.outcome !== hoped.outcome || made.taskId !== hoped.taskId) changeOutcome(tx, made);
  return tellOccurrence(tx, made);
}

function changeOutcome(tx: StoreTransaction, occurrence: OccurrenceRecord): void {
  const { tenantId, scheduleId, scheduledFor, reason, taskId } = occurrence;
  tx.write(setOutcome, [tenantId, scheduleId, scheduledFor, occurrenceRow(occurrence)[5], reason, taskId]);
}

function placeAll(tx: StoreTransaction, schedules: readonly ScheduleRecord[]): void {
  if (schedules.length === 0) return;
  const places = schedules.map(({ placeAt }) => placeAt);
  const nexts = schedules.map(({ nextAt }) => nextAt);
  tx.write(setPlaces, [...namesOf(schedules), places, nexts, schedules.map(({ lookAt }) => lookAt)]);
}

/** Enqueues now, as occurrences of this moment or of the first free one after it. */
export async function runSchedules(
  tx: StoreTransaction,
  engine: Engine,
  asks: readonly ScheduleRunAsk[],
): Promise<readonly ScheduleRunAnswer[]> {
  const answers: ScheduleRunAnswer[] = [];
  for (const ask of asks) {
    const [row] = await tx.query(lockOne, [ask.tenantId, ask.scheduleId]);
    await readClock(tx);
    answers.push(row ? await runOne(tx, engine, ask) : { status: "not-found" });
  }
  return answers;
}

async function runOne(tx: StoreTransaction, engine: Engine, ask: ScheduleRunAsk): Promise<ScheduleRunAnswer> {
  for (let scheduledFor = tx.now; ; scheduledFor += 1) {
    const planned = askedOccurrence(ask, scheduledFor);
    if ((await freeMoments(tx, [{ step: 0, key: ask, planned }])).length === 0) continue;
    const result = (await enqueueAll(tx, engine, [ask.request])).get(ask.request.id) ?? null;
    const occurrence = askedOccurrenceOf(ask, scheduledFor, { result, now: tx.now });
    changeOutcome(tx, occurrence);
    return { status: "run", occurrence: tellOccurrence(tx, occurrence) };
  }
}

/** Lists occurrences, the latest first. */
export async function listOccurrences(engine: Engine, query: OccurrenceQuery): Promise<OccurrencePage> {
  const { schedule, tenantId, limit = defaultOccurrenceLimit } = query;
  const { scheduledFor, scheduleId, ...from } = placeOfOccurrence(query);
  // One more than the page, which tells whether there is a next.
  const most = limit + 1;
  const rows = await engine.quietly((session) => {
    if (schedule) return session.run(selectOfSchedule, [schedule.tenantId, schedule.scheduleId, scheduledFor, most]);
    if (tenantId === undefined) return session.run(selectOdd, [scheduledFor, from.tenantId, scheduleId, most]);
    return session.run(selectOddOfTenant, [tenantId, scheduledFor, scheduleId, most]);
  });
  return occurrencePage(rows.map(occurrenceOfRow), query);
}

/** Forgets old occurrences. */
export async function pruneOccurrences(engine: Engine, keepMs: number, limit: number): Promise<number> {
  return (await engine.quietly((session) => session.run(dropOld, [keepMs, limit, engine.now]))).length;
}
