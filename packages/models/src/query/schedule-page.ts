import type { SchedulePage, ScheduleQuery, ScheduleRecord } from "../contracts/schedules.ts";
import type { EpochMs } from "../time/clock.ts";
import { scheduleCursor } from "./page-cursor.ts";

/** How many schedules a page has when its query does not say. */
export const defaultScheduleLimit = 100;

/** Whether a schedule is one of those that a query asks for, wherever its page begins. */
export function matchesScheduleQuery(
  { tenantId, scheduleId, origin }: Pick<ScheduleRecord, "tenantId" | "scheduleId" | "origin">,
  query: Pick<ScheduleQuery, "tenantId" | "scheduleIds" | "originType">,
): boolean {
  return (
    (query.tenantId === undefined || tenantId === query.tenantId) &&
    (query.scheduleIds === undefined || query.scheduleIds.includes(scheduleId)) &&
    (query.originType === undefined || origin.type === query.originType)
  );
}

/** A page from all that was found from its place on, in order: more than the query's limit when there is a next page. */
export function schedulePage(
  found: readonly ScheduleRecord[],
  { limit = defaultScheduleLimit }: Pick<ScheduleQuery, "limit">,
  now: EpochMs,
): SchedulePage {
  const schedules = found.slice(0, limit);
  const last = schedules.at(-1);
  const next = found.length > limit && last ? scheduleCursor(last) : null;
  return Object.freeze({ schedules: Object.freeze(schedules), next, now });
}
