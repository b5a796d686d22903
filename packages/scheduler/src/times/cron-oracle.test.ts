import { Cron } from "croner";
import { CronExpressionParser } from "cron-parser";
import { describe, expect, it } from "vitest";
import { momentsByMinute, plainMatcher, stretchesOfChange, wallsOf, type Stretch } from "../testing/wall-oracle.ts";
import { cronRule, nextOfCron } from "./cron-rule.ts";
import { timeZone } from "./time-zone.ts";

// Long runs look at 40 years of ten zones; the suite at the zones with the oddest rules, where those are.
const isLong = Number(process.env["MILLRACE_LONG"] ?? "1") > 1;
const zones = isLong
  ? [
      "Australia/Lord_Howe",
      "Europe/Berlin",
      "America/New_York",
      "America/St_Johns",
      "Africa/Casablanca",
      "Asia/Kathmandu",
      "America/Sao_Paulo",
      "Asia/Tehran",
      "Pacific/Apia",
      "Pacific/Chatham",
    ]
  : ["Australia/Lord_Howe", "America/Sao_Paulo", "Pacific/Apia"];
const years: Stretch = isLong
  ? { from: Date.UTC(1990, 0, 1), to: Date.UTC(2030, 0, 1) }
  : { from: Date.UTC(2011, 8, 1), to: Date.UTC(2012, 3, 15) };

const expressions = [
  "0 1,2 * * *",
  "30 2 * * *",
  "*/15 * * * *",
  "*/20 1-3 * * *",
  "15 0-4 * * *",
  "0 */2 * * *",
  "5,35 2 1,15 * *",
  "0 0 * * *",
  "59 23 * * 6,0",
  "45 1 29 2 *",
  "10 2 * 3,4,10,11 0",
];

function ours(expression: string, zone: string, { from, to }: Stretch): readonly number[] {
  const rule = cronRule(expression);
  const found: number[] = [];
  let at = nextOfCron(rule, timeZone(zone), from + 86_400_000 - 1);
  while (at !== null && at < to - 86_400_000) {
    found.push(at);
    at = nextOfCron(rule, timeZone(zone), at);
  }
  return found;
}

const isFixed = (expression: string): boolean => !/[*/]/.test(expression.split(" ").slice(0, 2).join(""));
const shown = (times: readonly number[]): readonly string[] => times.map((at) => new Date(at).toISOString());

describe("cron over changes of the clock", () => {
  it.each(zones)(
    "E4: is met in %s when looking at every minute finds it, also in half hours",
    { timeout: 600_000 },
    (zone) => {
      const stretches = stretchesOfChange(zone, years);
      expect(stretches.length > 0).toBe(zone !== "Asia/Kathmandu");
      const plain = { from: years.from, to: years.from + 5 * 86_400_000 };
      for (const stretch of [plain, ...stretches]) {
        const walls = wallsOf(zone, stretch);
        for (const expression of expressions) {
          const oracle = momentsByMinute(walls, stretch, {
            matches: plainMatcher(expression),
            isFixed: isFixed(expression),
          });
          expect(shown(ours(expression, zone, stretch)), `${expression} in ${zone}`).toEqual(shown(oracle));
        }
      }
    },
  );

  it.each(zones)("E4: in %s croner differs only where it is known to", { timeout: 600_000 }, (zone) => {
    for (const stretch of stretchesOfChange(zone, years)) {
      for (const expression of expressions) {
        const cron = new Cron(expression, { paused: true, timezone: zone, fixedTimeRule: "no-wildcard" });
        const theirs = moments(stretch, (at) => cron.nextRun(new Date(at))?.getTime() ?? null);
        const differing = differences(ours(expression, zone, stretch), theirs);
        expect(
          differing.filter((at) => !isNearChange(at, zone)),
          `${expression} in ${zone}`,
        ).toEqual([]);
      }
    }
  });

  it("E4: away from changes cron-parser finds the same", { timeout: 600_000 }, () => {
    for (const zone of zones) {
      // It takes seconds to look for a leap day.
      for (const expression of expressions.filter((each) => each !== "45 1 29 2 *")) {
        const stretch = { from: Date.UTC(2026, 4, 10), to: Date.UTC(2026, 4, 20) };
        const theirs = moments(stretch, (at) => {
          const parsed = CronExpressionParser.parse(expression, { tz: zone, currentDate: new Date(at) });
          return parsed.next().getTime();
        });
        expect(shown(ours(expression, zone, stretch)), `${expression} in ${zone}`).toEqual(shown(theirs));
      }
    }
  });

  it("E4: over changes cron-parser leaves out the day on which half an hour is leapt over, and we do not", () => {
    // In Lord Howe, on 2026-10-04, 02:00 became 02:30: a nightly job of 02:15 is met right after, at 02:30.
    const zone = "Australia/Lord_Howe";
    const stretch = { from: Date.UTC(2026, 9, 1), to: Date.UTC(2026, 9, 8) };
    const found = shown(ours("15 2 * * *", zone, stretch));
    expect(found).toContain("2026-10-03T15:30:00.000Z");
    expect(found).toHaveLength(5);
    const theirs = moments(stretch, (at) =>
      CronExpressionParser.parse("15 2 * * *", { tz: zone, currentDate: new Date(at) })
        .next()
        .getTime(),
    );
    expect(shown(theirs)).not.toContain("2026-10-03T15:30:00.000Z");
  });
});

function moments({ from, to }: Stretch, next: (at: number) => number | null): readonly number[] {
  const found: number[] = [];
  for (let at = next(from + 86_400_000 - 1); at !== null && at < to - 86_400_000; at = next(at)) {
    if (found.length > 0 && at <= (found.at(-1) ?? 0)) break;
    found.push(at);
  }
  return found;
}

function differences(one: readonly number[], other: readonly number[]): readonly number[] {
  const [first, second] = [new Set(one), new Set(other)];
  return [...one.filter((at) => !second.has(at)), ...other.filter((at) => !first.has(at))];
}

/** Within a day of a change: there the minutes above have decided who is right. */
function isNearChange(at: number, zone: string): boolean {
  return timeZone(zone).nextChange(at - 86_400_000, at + 86_400_000) !== null;
}
