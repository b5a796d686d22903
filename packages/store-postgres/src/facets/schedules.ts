import {
  applyScheduleAsk,
  applyScheduleChange,
  defaultScheduleLimit,
  type DueSchedules,
  type MadeSchedule,
  matchesScheduleQuery,
  placeOfSchedule,
  type ScheduleAnswer,
  type ScheduleAsk,
  type ScheduleChange,
  type ScheduleChangeAnswer,
  type ScheduleKey,
  type SchedulePage,
  schedulePage,
  type ScheduleQuery,
  type ScheduleRecord,
} from "@millrace/models";
import { deepFrozen, scheduleColumns, scheduleOfRow, scheduleRow, tellControl } from "@millrace/store-sql";
import { nowSql } from "../connection/clock-sql.ts";
import type { Engine } from "../connection/engine.ts";
import type { Row, Sql } from "../connection/session.ts";
import { numberOf, numberOrNull } from "../row/task-row.ts";
import { valueOfText, valueToText } from "../row/value-column.ts";
import { readClock } from "../transaction/hold.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";

const columns = scheduleColumns.split(", ");
/** Of a row that was held, behind its columns, when it was due, and until when it is held. */
const nowColumn = columns.length + 2;
const columnsOf = (alias: string): string => columns.map((column) => `${alias}.${column}`).join(", ");

const lockSchedules: Sql = (n) => `
select ${columnsOf("s")} from ${n.schedule} s
where (s.tenant_id, s.schedule_id) in (select * from unnest($1::text[], $2::text[]))
order by s.tenant_id, s.schedule_id for update`;
const putSchedule: Sql = (n) => `
insert into ${n.schedule} (${scheduleColumns}) values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (tenant_id, schedule_id) do update set look_at = excluded.look_at, next_at = excluded.next_at,
  place_at = excluded.place_at, revision = excluded.revision, record = excluded.record, input = excluded.input`;
// One that came from nowhere between the look and the write must not be written over: the transaction begins again.
const addSchedule: Sql = (n) =>
  `insert into ${n.schedule} (${scheduleColumns}) values ($1, $2, $3, $4, $5, $6, $7, $8)`;
const dropSchedule: Sql = (n) => `delete from ${n.schedule} where tenant_id = $1 and schedule_id = $2`;
const dropOccurrences: Sql = (n) => `delete from ${n.occurrence} where tenant_id = $1 and schedule_id = $2`;

/**
 * Holds what is due, and says when the next falls due; those that another host holds a lock on are left to it. A hold only saves
 * work, so nobody waits until the disk has it: one that a crash of the server takes along is taken again.
 */
export const holdDue: Sql = (n) => `
with c as materialized (select ${nowSql(3)} as now, set_config('synchronous_commit', 'off', true)),
d as materialized (select s.ctid as place, s.look_at as due from ${n.schedule} s
  where s.look_at <= (select now from c) order by s.look_at, s.tenant_id, s.schedule_id limit $1 for update skip locked),
u as (update ${n.schedule} s set look_at = c.now + $2::bigint from c, d
  where s.ctid = d.place
  returning ${columnsOf("s")}, d.due, s.look_at as held_until)
select u.*, c.now, least((select min(look_at) from ${n.schedule} where look_at > (select now from c)), u.held_until)
from c left join u on true order by u.due, u.tenant_id, u.schedule_id`;
export const selectPage: Sql = (n) => `
select ${scheduleColumns}, ${nowSql(4)} from ${n.schedule} where (tenant_id, schedule_id) > ($1, $2)
order by tenant_id, schedule_id limit $3`;
/** Schedules by their ids. */
export const selectNamed: Sql = (n) => `
select ${scheduleColumns} from ${n.schedule} where tenant_id = $1 and schedule_id = any($2::text[])
order by tenant_id, schedule_id`;
const selectNow: Sql = () => `select ${nowSql(1)}`;

/** Makes or changes schedules. */
export function putSchedules(tx: StoreTransaction, asks: readonly ScheduleAsk[]): Promise<readonly ScheduleAnswer[]> {
  return changeEach(tx, asks, (ask, before) => applyScheduleAsk(ask, { before, now: tx.now }));
}

/** Pauses, resumes, skips and removes. */
export function changeSchedules(
  tx: StoreTransaction,
  changes: readonly ScheduleChange[],
): Promise<readonly ScheduleChangeAnswer[]> {
  return changeEach(tx, changes, (change, before) => applyScheduleChange(change, { before, now: tx.now }));
}

async function changeEach<Ask extends ScheduleKey, Answer extends ScheduleAnswer | ScheduleChangeAnswer>(
  tx: StoreTransaction,
  asks: readonly Ask[],
  apply: (ask: Ask, before: ScheduleRecord | null) => MadeSchedule<Answer>,
): Promise<readonly Answer[]> {
  const known = await lockedSchedules(tx, asks);
  return asks.map((ask) => {
    const before = known.get(nameOf(ask)) ?? null;
    const { answer, after, events } = apply(ask, before);
    if (after === null) {
      known.delete(nameOf(ask));
      tx.write(dropSchedule, [ask.tenantId, ask.scheduleId]);
      tx.write(dropOccurrences, [ask.tenantId, ask.scheduleId]);
    } else if (after !== "as-before") {
      known.set(nameOf(ask), after);
      tx.write(before === null ? addSchedule : putSchedule, scheduleRow(after, valueToText));
    }
    for (const event of events) tellControl(tx, event);
    return deepFrozen(structuredClone(answer));
  });
}

/** The schedules of that name, locked in the order of their names, and the time after that. */
async function lockedSchedules(
  tx: StoreTransaction,
  keys: readonly ScheduleKey[],
): Promise<Map<string, ScheduleRecord>> {
  const rows = await tx.query(lockSchedules, namesOf(keys));
  await readClock(tx);
  return new Map(rows.map((row) => scheduleOf(row)).map((schedule) => [nameOf(schedule), schedule]));
}

/** Hands out schedules to be looked at, and holds them for a while. */
export function takeSchedules(
  engine: Engine,
  { limit, holdMs }: { readonly limit: number; readonly holdMs: number },
): Promise<DueSchedules> {
  return engine.quietly(async (session) => {
    const rows = await session.run(holdDue, [limit, holdMs, engine.now]);
    const [now, nextAt] = [numberOf(rows[0]?.[nowColumn]), numberOrNull(rows[0]?.[nowColumn + 1])];
    const schedules = rows.filter(([tenantId]) => tenantId !== null).map((row) => scheduleOf(row));
    const more = schedules.length === limit;
    return Object.freeze({
      schedules: Object.freeze(schedules),
      now,
      more,
      nextDueInMs: nextAt === null ? null : nextAt - now,
    });
  });
}

/** Lists schedules by tenant and id. */
export async function readSchedules(engine: Engine, query: ScheduleQuery): Promise<SchedulePage> {
  const { tenantId, scheduleIds, limit = defaultScheduleLimit, after } = query;
  // Before the first of a tenant stands its empty id, which no schedule has.
  const start: ScheduleKey =
    after === undefined ? { tenantId: tenantId ?? "", scheduleId: "" } : placeOfSchedule(after);
  const matching = (rows: readonly Row[]): readonly ScheduleRecord[] =>
    rows.map((row) => scheduleOf(row)).filter((schedule) => matchesScheduleQuery(schedule, query));
  return engine.quietly(async (session) => {
    const isNamed = tenantId !== undefined && scheduleIds !== undefined && after === undefined;
    const found = [...matching(isNamed ? await session.run(selectNamed, [tenantId, scheduleIds]) : [])];
    let from = start;
    let isDone = isNamed;
    while (!isDone && found.length <= limit) {
      const rows = await session.run(selectPage, [from.tenantId, from.scheduleId, limit + 1, engine.now]);
      found.push(...matching(rows));
      const last = rows.at(-1);
      if (last) from = scheduleOf(last);
      isDone = rows.length <= limit || (tenantId !== undefined && from.tenantId > tenantId);
    }
    const [clock] = await session.run(selectNow, [engine.now]);
    return schedulePage(found, query, numberOf(clock?.[0]));
  });
}

/** The schedule of a row that begins with its columns. */
export function scheduleOf(row: Row): ScheduleRecord {
  return scheduleOfRow(row, valueOfText);
}

/** Tenants and ids, as a statement takes them. */
export function namesOf(keys: readonly ScheduleKey[]): readonly [readonly string[], readonly string[]] {
  return [keys.map(({ tenantId }) => tenantId), keys.map(({ scheduleId }) => scheduleId)];
}

/** What maps of schedules are keyed by. */
export function nameOf({ tenantId, scheduleId }: ScheduleKey): string {
  return JSON.stringify([tenantId, scheduleId]);
}
