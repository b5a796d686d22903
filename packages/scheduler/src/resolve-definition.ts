import { TaskError, type EpochMs, type ErrorCode } from "@millrace/models";
import type { ScheduleDefinition, ScheduleTime } from "./schedule-definition.ts";
import type { CatchUp, Overlap, SchedulePolicy } from "./schedule-policy.ts";
import { cronRule } from "./times/cron-rule.ts";
import { nextTime, pastOneShots, type ScheduleTimes, type TimeRule } from "./times/schedule-times.ts";
import { timeZone } from "./times/time-zone.ts";

const shortestIntervalMs = 100;
const longestMs = 100 * 366 * 86_400_000;
const mostTimes = 100;
const latestMoment = 8_640_000_000_000_000;
const ownOptions = [
  "id",
  "scheduledAt",
  "delayMs",
  "expiresAt",
  "waitFor",
  "waitTimeoutMs",
  "origin",
  "flowId",
  "tenantId",
];
const catchUps: readonly CatchUp[] = ["skip", "latest", "all"];
const overlaps: readonly Overlap[] = ["allow", "skip", "queue", "replace"];

/** A schedule's times and policy, checked. */
export interface ResolvedDefinition {
  readonly times: ScheduleTimes;
  readonly policy: SchedulePolicy;
}

/**
 * Reads a description. `now` is only asked whether any time will ever come.
 *
 * @throws `SCHEDULE_INVALID` with `details.path`, `CRON_INVALID`, `TIME_ZONE_UNKNOWN`, `SCHEDULE_NEVER_FIRES`
 */
export function resolveDefinition(definition: ScheduleDefinition, now: EpochMs): ResolvedDefinition {
  checkId(definition);
  const times = resolveTimes(definition);
  const policy: SchedulePolicy = {
    catchUp: word("catchUp", definition.catchUp ?? "latest", catchUps),
    overlap: word("overlap", definition.overlap ?? "skip", overlaps),
    jitterMs: wholeMs("jitterMs", definition.jitterMs ?? 0, 0),
  };
  checkOptions(definition, policy.overlap);
  checkComes(definition, times, now);
  return { times, policy };
}

/** The times of a description. @throws as `resolveDefinition` */
export function resolveTimes(
  definition: Pick<ScheduleDefinition, "times" | "timeZone" | "startAt" | "endAt">,
): ScheduleTimes {
  const given = Array.isArray(definition.times)
    ? (definition.times as readonly ScheduleTime[])
    : [definition.times as ScheduleTime];
  if (given.length === 0 || given.length > mostTimes) {
    throw invalid("times", `must hold 1 to ${mostTimes} times, got ${given.length}`);
  }
  const zone = timeZone(definition.timeZone ?? "UTC").name;
  const startAt = momentOrNull("startAt", definition.startAt);
  const endAt = momentOrNull("endAt", definition.endAt);
  if (startAt !== null && endAt !== null && endAt < startAt) throw invalid("endAt", "must not lie before startAt");
  return { zone, rules: given.map((time, at) => resolveRule(time, `times[${at}]`)), startAt, endAt };
}

function resolveRule(time: ScheduleTime, path: string): TimeRule {
  if (typeof time !== "object" || time === null) throw invalid(path, "must be { cron }, { every } or { at }");
  if ("cron" in time) {
    cronRule(time.cron, `${path}.cron`);
    return { type: "cron", expression: time.cron.trim().replaceAll(/\s+/g, " ") };
  }
  if ("every" in time) {
    return {
      type: "interval",
      everyMs: intervalMs(time.every, path),
      firstAt: momentOrNull(`${path}.firstAt`, time.firstAt),
    };
  }
  if ("at" in time) return { type: "once", at: moment(`${path}.at`, time.at) };
  throw invalid(path, "must be { cron }, { every } or { at }");
}

function intervalMs(every: Extract<ScheduleTime, { every: unknown }>["every"], path: string): number {
  const units = { days: 86_400_000, hours: 3_600_000, minutes: 60_000, ms: 1 } as const;
  let sum = 0;
  for (const [unit, value] of Object.entries(every ?? {})) {
    if (!Object.hasOwn(units, unit))
      throw invalid(`${path}.every.${unit}`, "is no unit; use days, hours, minutes or ms");
    if (typeof value !== "number" || !Number.isFinite(value) || value < 0) {
      throw invalid(`${path}.every.${unit}`, "must be a number of 0 or more");
    }
    sum += value * units[unit as keyof typeof units];
  }
  if (Number.isInteger(sum) && sum >= shortestIntervalMs && sum <= longestMs) return sum;
  throw invalid(
    `${path}.every`,
    `must sum up to whole milliseconds from ${shortestIntervalMs} to ${longestMs}, got ${sum}`,
  );
}

function checkId({ id, tenantId }: ScheduleDefinition): void {
  if (typeof id !== "string" || id === "" || id.length > 200 || hasControl(id)) {
    throw invalid("id", "must be 1 to 200 characters without control characters");
  }
  if (tenantId !== undefined && (typeof tenantId !== "string" || tenantId.length > 200 || hasControl(tenantId))) {
    throw invalid("tenantId", "must be at most 200 characters without control characters");
  }
}

function hasControl(text: string): boolean {
  return Array.from(text, (character) => character.codePointAt(0) ?? 0).some((code) => code < 32);
}

function checkOptions({ options = {} }: ScheduleDefinition, overlap: Overlap): void {
  for (const name of ownOptions) {
    if (Object.hasOwn(options, name)) throw invalid(`options.${name}`, "is the schedule's own to say");
  }
  if (overlap === "skip" && options.dedupeKey !== undefined) {
    throw invalid("options.dedupeKey", 'cannot be given with overlap "skip", which needs it; say overlap: "allow"');
  }
  if (overlap === "replace" && options.supersedeKey !== undefined) {
    throw invalid("options.supersedeKey", 'cannot be given with overlap "replace", which needs it');
  }
}

function checkComes({ id }: ScheduleDefinition, times: ScheduleTimes, now: EpochMs): void {
  if (nextTime(times, now, now) !== null || pastOneShots(times, now).length > 0) return;
  throw new TaskError("SCHEDULE_NEVER_FIRES", `No time of the schedule "${id}" ever comes.`, {
    details: { path: "times", id },
  });
}

function momentOrNull(path: string, value: string | Date | EpochMs | undefined): EpochMs | null {
  return value === undefined ? null : moment(path, value);
}

function moment(path: string, value: string | Date | EpochMs): EpochMs {
  const at = typeof value === "string" ? Date.parse(value) : Number(value);
  if (Number.isFinite(at) && at >= 0 && at <= latestMoment) return Math.round(at);
  throw invalid(path, "must be ISO text, a Date or epoch milliseconds");
}

function wholeMs(path: string, value: number, min: number): number {
  if (Number.isInteger(value) && value >= min && value <= 86_400_000) return value;
  throw invalid(path, `must be a whole number of milliseconds from ${min} to 86400000`);
}

function word<Word extends string>(path: string, value: Word, words: readonly Word[]): Word {
  if (words.includes(value)) return value;
  throw invalid(path, `must be one of ${words.join(", ")}`);
}

function invalid(path: string, why: string, code: ErrorCode = "SCHEDULE_INVALID"): TaskError {
  return new TaskError(code, `${path} of a schedule ${why}.`, { details: { path } });
}
