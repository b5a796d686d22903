import type { EpochMs } from "@millrace/models";
import type { ScheduleView } from "./schedule-view.ts";
import { nextTime, type ScheduleTimes } from "./times/schedule-times.ts";
import { timeZone } from "./times/time-zone.ts";

/** How the clocks of a schedule's zone go. Offsets are what local time is ahead of UTC, in ms. */
export interface ScheduleClock {
  readonly offsetMs: number;
  /** The next time they are put forward or back, within a year; null = they are not, or no time of it follows the clock. */
  readonly change: {
    readonly at: EpochMs;
    readonly fromOffsetMs: number;
    readonly toOffsetMs: number;
    /** Its occurrences within two hours of it: those that a leap moves, and those of a doubled hour. At most 10. */
    readonly runs: readonly EpochMs[];
  } | null;
}

const yearMs = 366 * 86_400_000;
const nearMs = 2 * 3_600_000;
const mostRuns = 10;

/** What is to be known of clocks that are put forward or back, as of `now`. */
export function scheduleClock(
  { times, timeZone: name, startAt, endAt }: Pick<ScheduleView, "times" | "timeZone" | "startAt" | "endAt">,
  now: EpochMs,
): ScheduleClock {
  const zone = timeZone(name);
  const offsetMs = zone.offsetAt(now);
  // Only cron follows the clock on the wall.
  const rules = times.filter(({ type }) => type === "cron");
  const change = rules.length === 0 ? null : zone.nextChange(now, now + yearMs);
  if (change === null) return { offsetMs, change: null };
  const { at, before, after } = change;
  const runs = runsAround({ zone: name, rules, startAt, endAt }, at);
  return { offsetMs, change: { at, fromOffsetMs: before, toOffsetMs: after, runs } };
}

function runsAround(times: ScheduleTimes, at: EpochMs): readonly EpochMs[] {
  const found: EpochMs[] = [];
  let next = nextTime(times, at - nearMs - 1, 0);
  while (next !== null && next <= at + nearMs && found.length < mostRuns) {
    found.push(next);
    next = nextTime(times, next, 0);
  }
  return found;
}
