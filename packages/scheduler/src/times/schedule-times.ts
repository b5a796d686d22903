import type { EpochMs, JsonObject } from "@millrace/models";
import { cronRule, nextOfCron } from "./cron-rule.ts";
import { timeZone } from "./time-zone.ts";

/** One sort of times. */
export type TimeRule =
  | { readonly type: "cron"; readonly expression: string }
  /** From `firstAt` on, it included; without it from when the schedule was made, which is not. */
  | { readonly type: "interval"; readonly everyMs: number; readonly firstAt: EpochMs | null }
  | { readonly type: "once"; readonly at: EpochMs };

/** When a schedule is met: whenever one of its rules is, within its bounds. */
export interface ScheduleTimes {
  readonly zone: string;
  readonly rules: readonly TimeRule[];
  /** Not before. */
  readonly startAt: EpochMs | null;
  /** Not after. */
  readonly endAt: EpochMs | null;
}

/** The times as a store keeps them. */
export function timesToJson({ zone, rules, startAt, endAt }: ScheduleTimes): JsonObject {
  return { zone, rules: rules.map((rule) => ({ ...rule })), startAt, endAt };
}

/** What `timesToJson` was given. */
export function timesOfJson(json: JsonObject): ScheduleTimes {
  return json as unknown as ScheduleTimes;
}

/** The first time after another; null = none comes any more. `anchorAt`: when the schedule was made. */
export function nextTime(times: ScheduleTimes, after: EpochMs, anchorAt: EpochMs): EpochMs | null {
  const from = times.startAt === null ? after : Math.max(after, times.startAt - 1);
  const found = times.rules
    .map((rule) => nextOfRule(rule, times.zone, { after: from, anchorAt }))
    .filter((at) => at !== null);
  const next = found.length === 0 ? null : Math.min(...found);
  return next === null || (times.endAt !== null && next > times.endAt) ? null : next;
}

/** One-shots that were past when the schedule was made: they are met at once. */
export function pastOneShots({ rules, startAt, endAt }: ScheduleTimes, anchorAt: EpochMs): readonly EpochMs[] {
  const times = rules.flatMap((rule) => (rule.type === "once" && rule.at <= anchorAt ? [rule.at] : []));
  const within = times.filter((at) => at >= (startAt ?? at) && at <= (endAt ?? at));
  return [...new Set(within)].toSorted((a, b) => a - b);
}

function nextOfRule(
  rule: TimeRule,
  zone: string,
  { after, anchorAt }: { readonly after: EpochMs; readonly anchorAt: EpochMs },
): EpochMs | null {
  switch (rule.type) {
    case "cron":
      return nextOfCron(cronRule(rule.expression), timeZone(zone), after);
    case "interval": {
      const first = rule.firstAt ?? anchorAt + rule.everyMs;
      return after < first ? first : first + (Math.floor((after - first) / rule.everyMs) + 1) * rule.everyMs;
    }
    case "once":
      return rule.at > after ? rule.at : null;
  }
}
