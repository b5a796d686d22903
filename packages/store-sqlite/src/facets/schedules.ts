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
import {
  deepFrozen,
  scheduleColumns,
  scheduleOfRow,
  scheduleRow,
  tellControl,
  valueOfColumn,
  valueToColumn,
} from "@millrace/store-sql";
import type { Sql } from "../connection/connection.ts";
import type { SqliteRow } from "../driver/sqlite-database.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";

const selectSchedule: Sql = (n) =>
  `select ${scheduleColumns} from ${n.schedule} where tenant_id = ? and schedule_id = ?`;
const putSchedule: Sql = (n) => `
insert or replace into ${n.schedule} (${scheduleColumns}) values (?, ?, ?, ?, ?, ?, ?, ?)`;
const dropSchedule: Sql = (n) => `delete from ${n.schedule} where tenant_id = ? and schedule_id = ?`;
const dropOccurrences: Sql = (n) => `delete from ${n.occurrence} where tenant_id = ? and schedule_id = ?`;
const selectDue: Sql = (n) => `
select ${scheduleColumns} from ${n.schedule} where look_at <= ? order by look_at, tenant_id, schedule_id limit ?`;
const holdSchedule: Sql = (n) => `update ${n.schedule} set look_at = ? where tenant_id = ? and schedule_id = ?`;
const selectNextLook: Sql = (n) => `select min(look_at) from ${n.schedule} where look_at > ?`;
const selectPage: Sql = (n) => `
select ${scheduleColumns} from ${n.schedule} where (tenant_id, schedule_id) > (?, ?)
order by tenant_id, schedule_id limit ?`;

/** Makes or changes schedules. */
export function putSchedules(tx: StoreTransaction, asks: readonly ScheduleAsk[]): readonly ScheduleAnswer[] {
  return asks.map((ask) => kept(tx, ask, applyScheduleAsk(ask, { before: getSchedule(tx, ask), now: tx.now })));
}

/** Pauses, resumes, skips and removes. */
export function changeSchedules(
  tx: StoreTransaction,
  changes: readonly ScheduleChange[],
): readonly ScheduleChangeAnswer[] {
  return changes.map((change) =>
    kept(tx, change, applyScheduleChange(change, { before: getSchedule(tx, change), now: tx.now })),
  );
}

function kept<Answer extends ScheduleAnswer | ScheduleChangeAnswer>(
  tx: StoreTransaction,
  { tenantId, scheduleId }: ScheduleKey,
  { answer, after, events }: MadeSchedule<Answer>,
): Answer {
  if (after === null) {
    tx.use(dropSchedule).run(tenantId, scheduleId);
    tx.use(dropOccurrences).run(tenantId, scheduleId);
  } else if (after !== "as-before") tx.use(putSchedule).run(...scheduleRow(after, valueToColumn));
  for (const event of events) tellControl(tx, event);
  return deepFrozen(structuredClone(answer));
}

/** Hands out schedules to be looked at, and holds them for a while. */
export function takeSchedules(
  tx: StoreTransaction,
  { limit, holdMs }: { readonly limit: number; readonly holdMs: number },
): DueSchedules {
  const { now } = tx;
  const schedules = tx
    .use(selectDue)
    .all(now, limit)
    .map((row) => Object.freeze({ ...scheduleOf(row), lookAt: now + holdMs }));
  for (const { tenantId, scheduleId, lookAt } of schedules) tx.use(holdSchedule).run(lookAt, tenantId, scheduleId);
  const next = tx.use(selectNextLook).get(now)?.[0] ?? null;
  return Object.freeze({
    schedules: Object.freeze(schedules),
    now,
    more: schedules.length === limit,
    nextDueInMs: next === null ? null : Number(next) - now,
  });
}

/** Lists schedules by tenant and id. */
export function readSchedules(tx: StoreTransaction, query: ScheduleQuery): SchedulePage {
  const { tenantId, scheduleIds, limit = defaultScheduleLimit, after } = query;
  const isNamed = tenantId !== undefined && scheduleIds !== undefined && after === undefined;
  const names = isNamed ? [...new Set(scheduleIds)].toSorted(byName) : [];
  const named = names.flatMap((scheduleId) => getSchedule(tx, { tenantId: tenantId ?? "", scheduleId }) ?? []);
  const found = named.filter((schedule) => matchesScheduleQuery(schedule, query));
  // Before the first of a tenant stands its empty id, which no schedule has.
  let from: ScheduleKey = after === undefined ? { tenantId: tenantId ?? "", scheduleId: "" } : placeOfSchedule(after);
  let isDone = isNamed;
  while (!isDone && found.length <= limit) {
    const rows = tx.use(selectPage).all(from.tenantId, from.scheduleId, limit + 1);
    const schedules = rows.map(scheduleOf);
    for (const schedule of schedules) if (matchesScheduleQuery(schedule, query)) found.push(schedule);
    const last = schedules.at(-1);
    isDone = !last || rows.length <= limit || (tenantId !== undefined && last.tenantId > tenantId);
    from = last ?? from;
  }
  return schedulePage(found, query, tx.now);
}

// As SQLite compares text.
function byName(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** The schedule as it is now; null when there is none. */
export function getSchedule(tx: StoreTransaction, { tenantId, scheduleId }: ScheduleKey): ScheduleRecord | null {
  const row = tx.use(selectSchedule).get(tenantId, scheduleId);
  return row ? scheduleOf(row) : null;
}

function scheduleOf(row: SqliteRow): ScheduleRecord {
  return scheduleOfRow(row, valueOfColumn);
}
