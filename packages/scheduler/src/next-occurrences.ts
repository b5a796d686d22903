import type { EpochMs } from "@millrace/models";
import { resolveTimes } from "./resolve-definition.ts";
import type { ScheduleDefinition } from "./schedule-definition.ts";
import { nextTime } from "./times/schedule-times.ts";

/**
 * The next times at which a description is met, earliest first; fewer when there are no more. Intervals without `firstAt` count
 * from `after`.
 *
 * @throws `SCHEDULE_INVALID`, `CRON_INVALID`, `TIME_ZONE_UNKNOWN`
 */
export function nextOccurrences(
  definition: Pick<ScheduleDefinition, "times" | "timeZone" | "startAt" | "endAt">,
  { after, count }: { readonly after: EpochMs; readonly count: number },
): readonly EpochMs[] {
  const times = resolveTimes(definition);
  const found: EpochMs[] = [];
  for (let at = nextTime(times, after, after); at !== null && found.length < count; at = nextTime(times, at, after)) {
    found.push(at);
  }
  return found;
}
