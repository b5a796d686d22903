import type {
  ScheduleAnswer,
  ScheduleAsk,
  ScheduleChange,
  ScheduleChangeAnswer,
  ScheduleRecord,
} from "../contracts/schedules.ts";
import type { ControlEventType } from "../events/task-event.ts";
import type { EpochMs } from "../time/clock.ts";

/** Something to be told of a schedule, under its id. */
export interface ScheduleEvent {
  readonly type: Extract<ControlEventType, `schedule_${string}`>;
  readonly name: string;
  /** Of a pause who wanted it. */
  readonly data: string | null;
}

/** What a wish or change did: the row as it is now (null = it goes), or that nothing is to be written. */
export interface MadeSchedule<Answer> {
  readonly answer: Answer;
  readonly after: ScheduleRecord | null | "as-before";
  readonly events: readonly ScheduleEvent[];
}

/** A schedule as it is met, and when. */
export interface ScheduleScene {
  readonly before: ScheduleRecord | null;
  readonly now: EpochMs;
}

/** The one rule of `put`: what a wish makes of a schedule. */
export function applyScheduleAsk(ask: ScheduleAsk, { before, now }: ScheduleScene): MadeSchedule<ScheduleAnswer> {
  if (before === null) {
    if (ask.mode === "update") return refusal({ status: "not-found" });
    const schedule = newSchedule(ask, now);
    return made({ status: "created", schedule }, schedule, "schedule_added");
  }
  const isOwn = before.origin.type === ask.origin.type && before.origin.source === ask.origin.source;
  if (ask.mode === "add" || !isOwn) return refusal({ status: "taken", schedule: before });
  const hasTimes = sameJson(ask.times, before.times);
  // The id of the request stands for nothing.
  const request = { ...ask.request, id: before.request.id };
  const hasRest = sameJson(ask.policy, before.policy) && sameJson(comparable(request), comparable(before.request));
  if (hasTimes && hasRest) {
    return refusal({ status: "unchanged", schedule: before });
  }
  const kept = {
    ...before,
    request: ask.request,
    policy: ask.policy,
    revision: revisionAfter(before, now),
    updatedAt: now,
  };
  const schedule: ScheduleRecord = hasTimes ? kept : { ...kept, ...freshTimes(ask, now) };
  return made({ status: "changed", schedule }, schedule, "schedule_changed");
}

/** The one rule of `change`. */
export function applyScheduleChange(
  change: ScheduleChange,
  { before, now }: ScheduleScene,
): MadeSchedule<ScheduleChangeAnswer> {
  if (before === null) return refusal({ status: "not-found" });
  const touched = { ...before, revision: revisionAfter(before, now), updatedAt: now };
  switch (change.type) {
    case "pause": {
      if (before.pausedAt !== null) return refusal({ status: "unchanged", schedule: before });
      const schedule = { ...touched, pausedAt: now, pausedBy: change.by, pausedWhy: change.why };
      return made({ status: "changed", schedule }, schedule, "schedule_paused");
    }
    case "resume": {
      if (before.pausedAt === null) return refusal({ status: "unchanged", schedule: before });
      const schedule = { ...touched, pausedAt: null, pausedBy: null, pausedWhy: null };
      return made({ status: "changed", schedule }, schedule, "schedule_resumed");
    }
    case "skip": {
      if (change.until <= Math.max(before.placeAt, before.skipUntil ?? 0)) {
        return refusal({ status: "unchanged", schedule: before });
      }
      const schedule = { ...touched, skipUntil: change.until };
      return made({ status: "changed", schedule }, schedule, "schedule_changed");
    }
    case "remove":
      return { ...made({ status: "changed", schedule: before }, before, "schedule_removed"), after: null };
  }
}

function newSchedule(ask: ScheduleAsk, now: EpochMs): ScheduleRecord {
  const { tenantId, scheduleId, origin, policy, request } = ask;
  return {
    tenantId,
    scheduleId,
    origin,
    policy,
    request,
    // By the clock, so that it has risen also where a schedule of this id has been before.
    revision: now,
    ...freshTimes(ask, now),
    pausedAt: null,
    pausedBy: null,
    pausedWhy: null,
    createdAt: now,
    updatedAt: now,
  };
}

/** New times have no past, and are to be worked out at once. */
function freshTimes(
  { times }: ScheduleAsk,
  now: EpochMs,
): Pick<ScheduleRecord, "times" | "anchorAt" | "placeAt" | "nextAt" | "lookAt" | "skipUntil"> {
  return { times, anchorAt: now, placeAt: now, nextAt: null, lookAt: now, skipUntil: null };
}

function revisionAfter({ revision }: ScheduleRecord, now: EpochMs): number {
  return Math.max(revision + 1, now);
}

function refusal<Answer>(answer: Answer): MadeSchedule<Answer> {
  return { answer, after: "as-before", events: [] };
}

function made<Answer>(answer: Answer, schedule: ScheduleRecord, type: ScheduleEvent["type"]): MadeSchedule<Answer> {
  const data = type === "schedule_paused" ? schedule.pausedBy : null;
  return { answer, after: schedule, events: [{ type, name: schedule.scheduleId, data }] };
}

function comparable({ input, ...rest }: ScheduleRecord["request"]): unknown {
  // What a codec made of an input is different each time, and says so.
  return [rest, typeof input === "string" || input === null ? input : [input.codecId, [...input.bytes]]];
}

/** Whether two values are written alike, whatever the order of their fields. */
function sameJson(a: unknown, b: unknown): boolean {
  return JSON.stringify(inOrder(a)) === JSON.stringify(inOrder(b));
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([name, field]) => [name, inOrder(field)]));
}
