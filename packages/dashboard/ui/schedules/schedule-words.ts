import type { ScheduleTime } from "../api/answers.ts";
import { durationText } from "../format/durations.ts";
import { lineText } from "../format/texts.ts";
import { absoluteText } from "../format/times.ts";

const english = (part: "weekday" | "month"): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat("en", { [part]: "long", timeZone: "UTC" });
// 1 January 2023 was a Sunday.
const days = Array.from({ length: 7 }, (_, n) => english("weekday").format(Date.UTC(2023, 0, 1 + n)));
const months = Array.from({ length: 12 }, (_, n) => english("month").format(Date.UTC(2023, n)));
const nicknames: Readonly<Record<string, string>> = {
  "@hourly": "0 * * * *",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@weekly": "0 0 * * 0",
  "@monthly": "0 0 1 * *",
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
};

/** When a schedule runs, in plain words. Pure, and bounded whatever stands in the expression. */
export function timesText(times: readonly ScheduleTime[], zone: string): string {
  const parts = times.slice(0, 5).map((time) => timeText(time, zone));
  return parts.join("; ") + (times.length > 5 ? ` and ${times.length - 5} more` : "");
}

function timeText(time: ScheduleTime, zone: string): string {
  switch (time.type) {
    case "cron":
      return cronText(time.expression);
    case "interval":
      return `every ${durationText(time.everyMs).replace(/^1([smhd])$/, (_, unit: string) => ({ s: "second", m: "minute", h: "hour", d: "day" })[unit] ?? "")}`;
    case "once":
      return `once, ${absoluteText(time.at, zone)}`;
  }
}

/** A cron expression in words; one that says more than words can is said as it is. Pure. */
export function cronText(expression: string): string {
  const text = lineText(expression.trim(), 120);
  const fields = (nicknames[text.toLowerCase()] ?? text).split(/\s+/);
  const [second, minute, hour, date, month, day] = fields.length === 6 ? fields : ["0", ...fields];
  if (
    fields.length < 5 ||
    fields.length > 6 ||
    [second, minute, hour, date, month, day].some((field) => field === undefined)
  )
    return text;
  const clock = clockText(second ?? "0", minute ?? "*", hour ?? "*");
  const when = dayText(date ?? "*", month ?? "*", day ?? "*");
  if (clock === null || when === null) return text;
  return when === "" ? clock : `${clock}${clock.startsWith("every") ? "," : ""} ${when}`;
}

function clockText(second: string, minute: string, hour: string): string | null {
  if (second !== "0" && second !== "00")
    return second === "*" && minute === "*" && hour === "*" ? "every second" : null;
  const [minutes, hours] = [numbersOf(minute, 59), numbersOf(hour, 23)];
  if (minutes && hours) {
    if (minutes.length * hours.length > 4) return null;
    return hours.flatMap((one) => minutes.map((other) => `${two(one)}:${two(other)}`)).join(", ");
  }
  const step = /^(?:\*|0)\/(\d{1,2})$/;
  const [, minuteStep] = step.exec(minute) ?? [];
  const [, hourStep] = step.exec(hour) ?? [];
  if (minute === "*" && hour === "*") return "every minute";
  if (minuteStep !== undefined && hour === "*") return `every ${Number(minuteStep)} minutes`;
  if (minutes?.length === 1 && hour === "*")
    return minutes[0] === 0 ? "every hour" : `every hour at ${minutes[0]} past`;
  if (minutes?.length === 1 && hourStep !== undefined)
    return `every ${Number(hourStep)} hours${minutes[0] === 0 ? "" : ` at ${minutes[0]} past`}`;
  const [, from, to] = /^(\d{1,2})-(\d{1,2})$/.exec(hour) ?? [];
  if (from === undefined || to === undefined) return null;
  const often =
    minute === "*"
      ? "every minute"
      : minuteStep !== undefined
        ? `every ${Number(minuteStep)} minutes`
        : minutes?.length === 1 && minutes[0] === 0
          ? "every hour"
          : null;
  return often === null ? null : `${often} from ${two(Number(from))}:00 to ${two(Number(to))}:59`;
}

function dayText(date: string, month: string, day: string): string | null {
  const anyDate = date === "*" || date === "?";
  const anyDay = day === "*" || day === "?";
  const inMonth = month === "*" ? "" : namesOf(month, months, 1);
  if (inMonth === null) return null;
  const suffix = inMonth === "" ? "" : ` in ${inMonth}`;
  if (anyDate && anyDay) return inMonth === "" ? "daily" : `daily${suffix}`;
  if (anyDate) {
    const names = day === "1-5" ? "Monday to Friday" : namesOf(day, days, 0);
    return names === null ? null : `${day === "1-5" ? "" : "on "}${names}${suffix}`.trim();
  }
  if (!anyDay) return null;
  if (date === "L") return `on the last day of ${inMonth === "" ? "the month" : inMonth}`;
  const numbers = numbersOf(date, 31);
  return numbers === null ? null : `on day ${numbers.join(", ")} of ${inMonth === "" ? "the month" : inMonth}`;
}

/** A list of plain numbers; null for anything else. */
function numbersOf(field: string, most: number): readonly number[] | null {
  const parts = field.split(",");
  if (parts.length > 12 || !parts.every((part) => /^\d{1,2}$/.test(part) && Number(part) <= most)) return null;
  return parts.map(Number);
}

function namesOf(field: string, names: readonly string[], first: number): string | null {
  const one = (part: string): string | null => {
    const index = /^\d{1,2}$/.test(part)
      ? Number(part) - first
      : names.findIndex((name) => name.slice(0, 3).toLowerCase() === part.toLowerCase());
    return names[names === days ? index % 7 : index] ?? null;
  };
  const parts = field.split(",").map((part) => {
    const [from, to, rest] = part.split("-");
    const [begin, end] = [one(from ?? ""), to === undefined ? null : one(to)];
    if (begin === null || rest !== undefined || (to !== undefined && end === null)) return null;
    return end === null ? begin : `${begin} to ${end}`;
  });
  return parts.length > 7 || parts.includes(null) ? null : parts.join(", ");
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
