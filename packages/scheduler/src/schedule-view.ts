import type { EpochMs, JsonObject, ScheduleOrigin, ScheduleRecord } from "@millrace/models";
import { policyOfJson, type CatchUp, type Overlap } from "./schedule-policy.ts";
import { nextTime, timesOfJson, type TimeRule } from "./times/schedule-times.ts";

/** A schedule as people see it. */
export interface ScheduleView {
  readonly id: string;
  readonly tenantId: string;
  readonly kind: string;
  /** Where it comes from: the code of a program, or somebody at run time. */
  readonly origin: ScheduleOrigin;
  readonly times: readonly TimeRule[];
  readonly timeZone: string;
  readonly startAt: EpochMs | null;
  readonly endAt: EpochMs | null;
  readonly catchUp: CatchUp;
  readonly overlap: Overlap;
  readonly jitterMs: number;
  readonly metadata: JsonObject;
  /** Null while it is not paused. */
  readonly paused: { readonly at: EpochMs; readonly by: string | null; readonly why: string | null } | null;
  /** The next occurrences that will be enqueued, unless it is paused or they are passed over. */
  readonly nextRuns: readonly EpochMs[];
  /** Occurrences up to here are skipped, because somebody wanted that. */
  readonly skipUntil: EpochMs | null;
  readonly createdAt: EpochMs;
  readonly updatedAt: EpochMs;
}

/** A schedule with its next `runs` occurrences, as of the store's `now`. */
export function scheduleView(
  schedule: ScheduleRecord,
  { runs, now }: { readonly runs: number; readonly now: EpochMs },
): ScheduleView {
  const times = timesOfJson(schedule.times);
  const { pausedAt } = schedule;
  return {
    id: schedule.scheduleId,
    tenantId: schedule.tenantId,
    kind: schedule.request.kind,
    origin: schedule.origin,
    times: times.rules,
    timeZone: times.zone,
    startAt: times.startAt,
    endAt: times.endAt,
    ...policyOfJson(schedule.policy),
    metadata: schedule.request.metadata,
    paused: pausedAt === null ? null : { at: pausedAt, by: schedule.pausedBy, why: schedule.pausedWhy },
    nextRuns: nextRuns(schedule, runs, now),
    skipUntil: schedule.skipUntil,
    createdAt: schedule.createdAt,
    updatedAt: schedule.updatedAt,
  };
}

/** The next occurrences that nothing passes over. */
export function nextRuns(schedule: ScheduleRecord, runs: number, now: EpochMs): readonly EpochMs[] {
  const times = timesOfJson(schedule.times);
  const { anchorAt, placeAt, skipUntil } = schedule;
  const found: EpochMs[] = [];
  const after = Math.max(now, placeAt, skipUntil ?? 0);
  for (let at = nextTime(times, after, anchorAt); at !== null && found.length < runs;) {
    found.push(at);
    at = nextTime(times, at, anchorAt);
  }
  return found;
}
