import { defineTask } from "@millrace/models";
import { describe, expect, it } from "vitest";
import { nextOccurrences } from "./next-occurrences.ts";
import type { ScheduleDefinition } from "./schedule-definition.ts";
import { scheduler } from "./scheduler.ts";
import { createSchedulerBench, work } from "./testing/scheduler-bench.ts";

const wrong: readonly (readonly [string, Partial<ScheduleDefinition>, string, RegExp])[] = [
  [
    "a minute that does not exist",
    { times: { cron: "60 * * * *" } },
    "CRON_INVALID",
    /"minute".*0 to 59.*"30 2 \* \* \*"/,
  ],
  ["a month that does not exist", { times: { cron: "0 0 1 13 *" } }, "CRON_INVALID", /"month".*1 to 12/],
  ["too few fields", { times: { cron: "* * *" } }, "CRON_INVALID", /3 fields, not 5 or 6/],
  ["a year", { times: { cron: "0 0 0 1 1 * 2030" } }, "CRON_INVALID", /7 fields/],
  ["a range that runs backwards", { times: { cron: "0 5-2 * * *" } }, "CRON_INVALID", /"hour".*backwards/],
  ["a step of nothing", { times: { cron: "*/0 * * * *" } }, "CRON_INVALID", /step/],
  ["a number without end", { times: { cron: `1-${"9".repeat(200)} * * * *` } }, "CRON_INVALID", /"minute"/],
  ["an expression without end", { times: { cron: "1,".repeat(1_000_000) } }, "CRON_INVALID", /256 are allowed/],
  ["no text", { times: { cron: 5 as unknown as string } }, "CRON_INVALID", /text/],
  ["an unknown zone", { timeZone: "Mars/Olympus" }, "TIME_ZONE_UNKNOWN", /Mars\/Olympus/],
  ["an offset for a zone", { timeZone: "+02:00" }, "TIME_ZONE_UNKNOWN", /\+02:00/],
  ["a date that never comes", { times: { cron: "0 0 30 2 *" } }, "SCHEDULE_NEVER_FIRES", /ever comes/],
  ["an interval of zero", { times: { every: { minutes: 0 } } }, "SCHEDULE_INVALID", /every.*got 0/],
  ["a negative interval", { times: { every: { hours: -1 } } }, "SCHEDULE_INVALID", /0 or more/],
  ["an unknown unit", { times: { every: { weeks: 1 } as never } }, "SCHEDULE_INVALID", /no unit/],
  ["no times", { times: [] }, "SCHEDULE_INVALID", /1 to 100/],
  ["an end before its start", { startAt: 20, endAt: 10 }, "SCHEDULE_INVALID", /endAt/],
  ["an end that is past", { endAt: 10 }, "SCHEDULE_NEVER_FIRES", /ever comes/],
  ["no id", { id: "" }, "SCHEDULE_INVALID", /id/],
  ["an unknown policy", { overlap: "maybe" as never }, "SCHEDULE_INVALID", /allow, skip, queue, replace/],
  ["jitter below nothing", { jitterMs: -1 }, "SCHEDULE_INVALID", /jitterMs/],
  ["an option that is its own", { options: { id: "x" } as never }, "SCHEDULE_INVALID", /options.id/],
  ["a dedupe key beside overlap skip", { options: { dedupeKey: "d" } }, "SCHEDULE_INVALID", /overlap: "allow"/],
  ["an option no task has", { options: { colour: "red" } as never }, "OPTION_INVALID", /colour/],
  ["a kind nobody knows", { task: "unheard" }, "KIND_UNKNOWN", /unheard/],
];

describe("F8: a schedule is refused at once", () => {
  it.each(wrong)("%s", async (...[, change, code, message]) => {
    await using bench = createSchedulerBench();
    const { schedules } = await bench.host();
    const definition: ScheduleDefinition = { id: "x", task: work, times: { cron: "0 2 * * *" }, ...change };
    const error: unknown = await schedules.add(definition).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect((error as Error).message.length).toBeLessThan(600);
    expect(await schedules.list()).toEqual([]);
  });

  it("an input that its kind's schema refuses", async () => {
    await using bench = createSchedulerBench();
    const { schedules } = await bench.host();
    const picky = defineTask({
      kind: "picky",
      input: {
        "~standard": {
          version: 1,
          vendor: "test",
          validate: (value: unknown) =>
            typeof value === "number" ? { value } : { issues: [{ message: "must be a number" }] },
        },
      },
      run: () => null,
    });
    const refused = schedules.add({ id: "x", task: picky, input: "five", times: { cron: "0 2 * * *" } });
    await expect(refused).rejects.toMatchObject({ code: "INPUT_INVALID" });
  });

  it("one id from two places: twice in the code, in the code of two programs, from code and at run time", async () => {
    const definition: ScheduleDefinition = { id: "x", task: work, times: { cron: "0 2 * * *" } };
    expect(() => scheduler({ schedules: [definition, definition] })).toThrow(
      expect.objectContaining({ code: "SCHEDULE_TAKEN" }),
    );
    await using bench = createSchedulerBench();
    const { schedules } = await bench.host({ schedules: [definition], source: "shop" });
    const refused = { code: "SCHEDULE_TAKEN", message: expect.stringContaining('the code of "shop"') };
    await expect(bench.host({ schedules: [definition], source: "billing" })).rejects.toMatchObject(refused);
    await expect(schedules.add(definition)).rejects.toMatchObject(refused);
    await expect(schedules.update(definition)).rejects.toMatchObject(refused);
  });

  it("a verb for a schedule that is not there, or before the host runs", async () => {
    await using bench = createSchedulerBench();
    const { schedules } = await bench.host();
    for (const verb of [
      () => schedules.pause("no"),
      () => schedules.resume("no"),
      () => schedules.runNow("no"),
      () => schedules.skipNext("no"),
    ]) {
      await expect(verb()).rejects.toMatchObject({ code: "SCHEDULE_NOT_FOUND" });
    }
    await expect(schedules.update({ id: "no", task: work, times: { at: bench.clock.now() } })).rejects.toMatchObject({
      code: "SCHEDULE_NOT_FOUND",
    });
    await expect(scheduler().list()).rejects.toMatchObject({ code: "HOST_STATE_INVALID" });
    expect(() => scheduler({ graceMs: 1 })).toThrow(expect.objectContaining({ code: "OPTION_INVALID" }));
  });
});

describe("next occurrences", () => {
  const next = (cron: string, timeZone = "UTC", from = "2026-01-01T00:00:00Z"): readonly string[] =>
    nextOccurrences({ times: { cron }, timeZone }, { after: Date.parse(from), count: 3 }).map((at) =>
      new Date(at).toISOString().slice(0, 16),
    );

  it("F8: know the last day, the nearest weekday, the nth weekday, leap days, names, and seconds", () => {
    expect(next("0 0 L * *")).toEqual(["2026-01-31T00:00", "2026-02-28T00:00", "2026-03-31T00:00"]);
    expect(next("0 9 15W * *")).toEqual(["2026-01-15T09:00", "2026-02-16T09:00", "2026-03-16T09:00"]);
    expect(next("0 9 * * MON#2")).toEqual(["2026-01-12T09:00", "2026-02-09T09:00", "2026-03-09T09:00"]);
    expect(next("0 9 * * 5L")).toEqual(["2026-01-30T09:00", "2026-02-27T09:00", "2026-03-27T09:00"]);
    expect(next("0 0 29 2 *")).toEqual(["2028-02-29T00:00", "2032-02-29T00:00", "2036-02-29T00:00"]);
    expect(next("0 9 * JAN SAT,SUN")).toEqual(["2026-01-03T09:00", "2026-01-04T09:00", "2026-01-10T09:00"]);
    const seconds = nextOccurrences({ times: { cron: "*/20 * * * * *" } }, { after: 0, count: 3 });
    expect(seconds).toEqual([20_000, 40_000, 60_000]);
  });

  it("E4: in the doubled hour a list is met once each, a wildcard as often as the wall shows it", () => {
    // New York puts its clocks back on 2026-11-01: from 01:59 EDT to 01:00 EST.
    const at = "2026-11-01T04:00:00Z";
    expect(next("0 1,2 * * *", "America/New_York", at)).toEqual([
      "2026-11-01T05:00",
      "2026-11-01T07:00",
      "2026-11-02T06:00",
    ]);
    expect(next("0 * * * *", "America/New_York", at)).toEqual([
      "2026-11-01T05:00",
      "2026-11-01T06:00",
      "2026-11-01T07:00",
    ]);
  });

  it("E5: intervals follow elapsed time over changes of the clock", () => {
    const found = nextOccurrences(
      { times: { every: { days: 1 } }, timeZone: "America/New_York" },
      { after: Date.parse("2026-10-31T12:00:00Z"), count: 2 },
    );
    expect(found.map((at) => new Date(at).toISOString())).toEqual([
      "2026-11-01T12:00:00.000Z",
      "2026-11-02T12:00:00.000Z",
    ]);
  });

  it("are fewer when there are no more", () => {
    const times = [{ at: 10 }, { at: 5 }];
    expect(nextOccurrences({ times }, { after: 0, count: 5 })).toEqual([5, 10]);
    expect(nextOccurrences({ times: { cron: "0 0 30 2 *" } }, { after: 0, count: 5 })).toEqual([]);
    const bounded = { times: { every: { hours: 1 } }, startAt: 2.5 * 3_600_000, endAt: 4 * 3_600_000 };
    expect(nextOccurrences(bounded, { after: 0, count: 5 }).map((at) => at / 3_600_000)).toEqual([3, 4]);
  });
});
