import type { EpochMs } from "@millrace/models";
import { Cron } from "croner";
import { cronFields } from "./cron-fields.ts";
import { momentOf } from "./local-time.ts";
import type { TimeZone } from "./time-zone.ts";

/** A cron expression that is understood. */
export interface CronRule {
  /** The first time on the wall after another; null = it never comes. */
  nextLocal(after: number): number | null;
  /** Its second, minute and hour are named: such times are there once a day, also when clocks are changed. */
  readonly isFixedTime: boolean;
}

const rules = new Map<string, CronRule>();
const mostKept = 10_000;

/** The rule of an expression; `path` says where it was given. @throws `CRON_INVALID` */
export function cronRule(expression: string, path?: string): CronRule {
  const known = rules.get(expression);
  if (known) return known;
  const fields = cronFields(expression, path);
  // Without a zone of its own, it is only asked about times on the wall.
  const cron = new Cron(fields.join(" "), { paused: true, utcOffset: 0, mode: "6-part" });
  const rule: CronRule = {
    nextLocal: (after) => cron.nextRun(new Date(after))?.getTime() ?? null,
    isFixedTime: fields.slice(0, 3).every((field) => !/[*/]/.test(field)),
  };
  if (rules.size >= mostKept) rules.clear();
  rules.set(expression, rule);
  return rule;
}

/**
 * The first moment after another at which a rule is met. A fixed time that is left out when clocks are put forward is met once,
 * right after; one that comes twice when they are put back is met the first time. Every other rule follows the clock on
 * the wall as it goes: what it shows twice is met twice, and what it leaves out is not met.
 */
export function nextOfCron(rule: CronRule, zone: TimeZone, after: EpochMs): EpochMs | null {
  return rule.isFixedTime ? nextFixed(rule, zone, after) : nextFlowing(rule, zone, after);
}

function nextFixed(rule: CronRule, zone: TimeZone, after: EpochMs): EpochMs | null {
  let local: number | null = after + zone.offsetAt(after);
  for (;;) {
    local = rule.nextLocal(local);
    if (local === null) return null;
    const moment = momentOf(local, zone);
    if (moment > after) return moment;
  }
}

function nextFlowing(rule: CronRule, zone: TimeZone, after: EpochMs): EpochMs | null {
  let from = after;
  let offset = zone.offsetAt(after);
  let localFrom = after + offset;
  for (;;) {
    const local = rule.nextLocal(localFrom);
    if (local === null) return null;
    const change = zone.nextChange(from, local - offset);
    if (!change) return local - offset;
    from = change.at;
    offset = change.after;
    // Just before the change by the new clock: the change itself is a candidate.
    localFrom = change.at - 1 + offset;
  }
}
