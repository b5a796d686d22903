import { describe, expect, it } from "vitest";
import type { HostRecord } from "@millrace/models";
import { csvOf } from "../audit/csv.ts";
import type { Occurrence, ShownSchedule } from "../api/answers.ts";
import { hasVersionSkew, hostHealth } from "../hosts/host-health.ts";
import { cronText, timesText } from "./schedule-words.ts";
import { stripOf } from "./strip-layout.ts";
import { zoneNote } from "./zone-note.ts";

describe("a rule in words", () => {
  it.each([
    ["0 2 * * *", "02:00 daily"],
    ["30 6,18 * * 1-5", "06:30, 18:30 Monday to Friday"],
    ["* * * * *", "every minute, daily"],
    ["*/5 * * * *", "every 5 minutes, daily"],
    ["0 * * * *", "every hour, daily"],
    ["0 */6 * * *", "every 6 hours, daily"],
    ["*/10 8-17 * * mon,fri", "every 10 minutes from 08:00 to 17:59, on Monday, Friday"],
    ["0 0 1 * *", "00:00 on day 1 of the month"],
    ["0 0 L 2 *", "00:00 on the last day of February"],
    ["0 9 * 6-8 *", "09:00 daily in June to August"],
    ["@weekly", "00:00 on Sunday"],
    ["0 0 12 * * *", "12:00 daily"],
    ["0 0 13 * 5", "0 0 13 * 5"],
    ["1 2 3", "1 2 3"],
    ["99 99 * * *", "99 99 * * *"],
  ])("%s is %s", (expression, words) => {
    expect(cronText(expression)).toBe(words);
  });

  it("stays short and quick whatever stands in it", () => {
    expect(cronText(`${"1,".repeat(100_000)}1 * * * *`).length).toBeLessThan(200);
    expect(cronText("0-99999999999/1 * * * *")).toBe("0-99999999999/1 * * * *");
    expect(
      timesText(
        Array.from({ length: 50 }, () => ({ type: "interval", everyMs: 90_000, firstAt: null })),
        "UTC",
      ),
    ).toMatch(/^every 1m 30s; .* and 45 more$/);
  });
});

describe("the strip of a day", () => {
  const hour = 3_600_000;
  const now = 100 * hour;
  const was = (part: object): Occurrence =>
    ({ outcome: "enqueued", reason: null, count: 1, task: null, scheduledFor: now - hour, ...part }) as Occurrence;

  it("marks what ran, what was missed and why, and what comes", () => {
    const history = [
      was({ task: { state: "succeeded" } }),
      was({ scheduledFor: now - 2 * hour, outcome: "missed", reason: "catch-up", count: 3 }),
      was({ scheduledFor: now - 3 * hour, outcome: "skipped", reason: "overlap" }),
      was({ scheduledFor: now - 3.5 * hour, outcome: "refused", reason: "QUEUE_FULL" }),
      was({ scheduledFor: now - 4 * hour, task: { state: "failed" } }),
      was({ scheduledFor: now - 40 * hour }),
    ];
    const { marks, more } = stripOf(
      { history, nextRuns: [now + hour, now + 2 * hour, now + 90 * hour], paused: null, skipUntil: now + hour },
      now,
    );
    expect(marks.map(({ look, note }) => [look, note])).toEqual([
      ["ok", "succeeded"],
      ["missed", "missed 3 times in a row: no host was there in time, and it is not made up for"],
      ["passed", "skipped: an earlier run was still open"],
      ["missed", "refused: QUEUE_FULL"],
      ["bad", "failed"],
      ["skipped-next", "will be skipped"],
      ["next", ""],
    ]);
    expect([marks[0]?.place, more]).toEqual([11 / 24, null]);
  });

  it("says that there are more than were read, and shows nothing to come of one that is paused", () => {
    const nextRuns = Array.from({ length: 24 }, (_, n) => now + (n + 1) * 60_000);
    expect(stripOf({ history: [], nextRuns, paused: null, skipUntil: null }, now).more).toMatchObject({
      everyMs: 60_000,
    });
    const paused = { at: 0, by: null, why: null };
    expect(stripOf({ history: [], nextRuns, paused, skipUntil: null }, now)).toEqual({ marks: [], more: null });
  });
});

it("tells of a change of the clocks when it is near, or moves a run", () => {
  const at = Date.UTC(2026, 2, 29, 1);
  const change = { at, fromOffsetMs: 3_600_000, toOffsetMs: 7_200_000, runs: [at] };
  const schedule = { timeZone: "Europe/Berlin", zone: { offsetMs: 0, change } } as unknown as ShownSchedule;
  expect(zoneNote(schedule, at - 86_400_000)).toMatch(
    /^Clocks of Europe\/Berlin go forward by 1h in 1d .* Around then it runs Sun.* 29 Mar, 03:00\.$/,
  );
  const quiet = { ...schedule, zone: { offsetMs: 0, change: { ...change, runs: [] } } };
  expect([
    zoneNote(quiet, at - 100 * 86_400_000),
    zoneNote({ ...schedule, zone: { offsetMs: 0, change: null } }, at),
  ]).toEqual([null, null]);
});

it("a host is late before it is lost, and versions that differ are seen", () => {
  const host = (part: Partial<HostRecord>): HostRecord =>
    ({
      state: "running",
      lastSeenAt: 0,
      aliveForMs: 30_000,
      aliveUntil: 30_000,
      drainRequestedAt: null,
      supersededAt: null,
      version: "1",
      ...part,
    }) as HostRecord;
  const state = (part: Partial<HostRecord>, now: number): string => hostHealth(host(part), now).state;
  expect([
    state({}, 5_000),
    state({}, 25_000),
    state({}, 31_000),
    state({ drainRequestedAt: 1 }, 5_000),
    state({ state: "stopped" }, 99_000),
    state({ supersededAt: 1 }, 31_000),
  ]).toEqual(["live", "late", "lost", "draining", "stopped", "replaced"]);
  expect([
    hasVersionSkew([host({}), host({ version: "2" })], 0),
    hasVersionSkew([host({}), host({ version: "2", state: "stopped" })], 0),
  ]).toEqual([true, false]);
});

it("S8: what is exported for a spreadsheet is no formula", () => {
  const entry = {
    at: "t",
    user: '=HYPERLINK("x")',
    tenantId: null,
    action: "retry",
    target: { type: "task", id: "1" },
    before: null,
    after: null,
    outcome: "done",
    why: "@a",
    requestId: "r",
  };
  expect(csvOf([entry]).split("\r\n")[1]).toBe(`"t","'=HYPERLINK(""x"")","","retry","task:1","","","done","'@a","r"`);
});
