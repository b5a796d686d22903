import { stressStartStop } from "@millrace/conformance";
import { createTaskHost } from "@millrace/engine";
import { createInProcessTaskExecutor } from "@millrace/executor-in-process";
import { createMemoryTaskStore } from "@millrace/store-memory";
import { describe, expect, it } from "vitest";
import type { ScheduleDefinition } from "./schedule-definition.ts";
import { scheduleClock } from "./schedule-clock.ts";
import { scheduler } from "./scheduler.ts";
import { createSchedulerBench, work, type SchedulerBench } from "./testing/scheduler-bench.ts";

const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

const everyMinute: ScheduleDefinition = { id: "m", task: work, times: { every: { minutes: 1 } }, overlap: "allow" };

/** When tasks were scheduled, in minutes since the bench began. */
async function minutes(bench: SchedulerBench): Promise<readonly number[]> {
  return (await bench.tasks()).map(({ scheduledAt }) => (scheduledAt - 1_767_225_600_000) / minuteMs);
}

describe("a scheduler", () => {
  it("T51, T49: first comes one interval after it was made, then the sum of days, hours and minutes", async () => {
    await using bench = createSchedulerBench();
    const { schedules } = await bench.host();
    const view = await schedules.add({ ...everyMinute, times: { every: { hours: 1, minutes: 2, ms: 60_000 } } });
    expect(view.nextRuns.map((at) => (at - bench.clock.now()) / minuteMs)).toEqual([63, 126, 189, 252, 315]);
    await bench.pass(63 * minuteMs);
    expect(await minutes(bench)).toEqual([63]);
  });

  it("T52, E5: each comes from the one before, however late it was looked at", async () => {
    await using bench = createSchedulerBench();
    const { schedules } = await bench.host();
    await schedules.add(everyMinute);
    await bench.pass(minuteMs + 30_000);
    await bench.pass(31_000);
    expect(await minutes(bench)).toEqual([1, 2]);
  });

  it("T48: a one-shot comes once, and one that is past already at once", async () => {
    await using bench = createSchedulerBench();
    const { schedules } = await bench.host();
    const at = bench.clock.now();
    await schedules.add({ ...everyMinute, id: "later", times: { at: new Date(at + minuteMs) } });
    await schedules.add({ ...everyMinute, id: "past", times: { at: at - hourMs } });
    await bench.pass(1);
    expect(await minutes(bench)).toEqual([-60]);
    await bench.pass(minuteMs);
    await bench.pass(dayMs);
    expect(await minutes(bench)).toEqual([-60, 1]);
    expect((await schedules.history("past")).occurrences[0]).toMatchObject({ outcome: "late" });
    expect((await schedules.list()).map(({ nextRuns }) => nextRuns)).toEqual([[], []]);
  });

  it("T50: several times are one schedule; a moment that two of them name is one occurrence", async () => {
    await using bench = createSchedulerBench();
    const { schedules } = await bench.host();
    const times = [{ cron: "*/2 * * * *" }, { cron: "*/3 * * * *" }, { at: bench.clock.now() + 5 * minuteMs }];
    await schedules.add({ ...everyMinute, times });
    for (let n = 0; n < 6; n += 1) {
      await bench.pass(minuteMs);
    }
    expect(await minutes(bench)).toEqual([2, 3, 4, 5, 6]);
  });

  it("E4: cron follows its zone; the handler finds the time of its occurrence", async () => {
    await using bench = createSchedulerBench();
    const { schedules } = await bench.host();
    const view = await schedules.add({ ...everyMinute, times: { cron: "30 9 * * *" }, timeZone: "Asia/Kolkata" });
    expect(view.nextRuns.slice(0, 2).map((at) => new Date(at).toISOString())).toEqual([
      "2026-01-01T04:00:00.000Z",
      "2026-01-02T04:00:00.000Z",
    ]);
    await bench.pass(4 * hourMs);
    const [task] = await bench.tasks();
    expect(task).toMatchObject({ metadata: { scheduledFor: view.nextRuns[0] }, origin: { type: "schedule", id: "m" } });
  });

  it("I10: of any number of hosts one enqueues each occurrence", async () => {
    await using bench = createSchedulerBench();
    const options = { schedules: [everyMinute] };
    await Promise.all([bench.host(options), bench.host(options), bench.host(options)]);
    for (let n = 0; n < 5; n += 1) {
      await bench.pass(minuteMs);
    }
    expect(await minutes(bench)).toEqual([1, 2, 3, 4, 5]);
  });

  it("T53, T54: a removed schedule comes no more; what there is is listed with its next runs", async () => {
    await using bench = createSchedulerBench();
    const { schedules } = await bench.host({ schedules: [{ ...everyMinute, id: "from-code" }] });
    await schedules.add(everyMinute);
    const listed = await schedules.list({ runs: 2 });
    expect(listed.map(({ id, origin, nextRuns }) => [id, origin.type, nextRuns.length])).toEqual([
      ["from-code", "code", 2],
      ["m", "run-time", 2],
    ]);
    expect(await schedules.remove("m")).toBe(true);
    expect(await schedules.remove("m")).toBe(false);
    await bench.pass(minuteMs);
    expect((await bench.tasks()).map(({ origin }) => origin.id)).toEqual(["from-code"]);
  });

  it("starts and stops with its host in any order, and leaves nothing behind", async () => {
    await stressStartStop({
      create: ({ clock }) =>
        createTaskHost({
          store: createMemoryTaskStore({ clock }),
          executor: createInProcessTaskExecutor(),
          clock,
          tasks: [work],
          services: [scheduler({ schedules: [everyMinute] })],
        }),
      isRunning: (host) => host.getState() === "running",
      runs: 10,
    });
  });
});

describe("what people do to a schedule", () => {
  it("R9, F17: a pause says who and why, survives a redeploy, and keeps the place of an interval", async () => {
    await using bench = createSchedulerBench();
    const options = { schedules: [everyMinute] };
    const first = await bench.host(options);
    await bench.pass(90_000);
    await first.schedules.pause("m", { by: "ann", why: "audit" });
    await bench.stop(first.host);
    const { schedules } = await bench.host(options);
    expect((await schedules.list())[0]?.paused).toMatchObject({ by: "ann", why: "audit" });
    await bench.pass(2 * minuteMs);
    await schedules.resume("m");
    await bench.pass(30_000);
    expect(await minutes(bench)).toEqual([1, 4]);
    const { occurrences: history } = await schedules.history("m");
    const skipped = history.filter(({ outcome, reason }) => outcome === "skipped" && reason === "paused");
    expect(skipped.reduce((sum, { count }) => sum + count, 0)).toBe(2);
  });

  it("skipping the next one leaves that one out, twice the next two", async () => {
    await using bench = createSchedulerBench();
    const { schedules } = await bench.host();
    await schedules.add(everyMinute);
    const now = bench.clock.now();
    expect(await schedules.skipNext("m")).toBe(now + minuteMs);
    expect(await schedules.skipNext("m")).toBe(now + 2 * minuteMs);
    expect((await schedules.list({ runs: 1 }))[0]?.nextRuns).toEqual([now + 3 * minuteMs]);
    for (let n = 0; n < 3; n += 1) {
      await bench.pass(minuteMs);
    }
    expect(await minutes(bench)).toEqual([3]);
    expect((await schedules.history("m")).occurrences.map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ["enqueued", null],
      ["skipped", "asked"],
      ["skipped", "asked"],
    ]);
  });

  it("run now enqueues at once, with another input too, and moves no time", async () => {
    await using bench = createSchedulerBench();
    const { schedules } = await bench.host();
    await schedules.add({ ...everyMinute, input: "usual" });
    await schedules.runNow("m");
    expect(await schedules.runNow("m", { input: "other" })).toMatchObject({ outcome: "enqueued", reason: "asked" });
    expect((await bench.tasks()).map(({ input }) => input)).toEqual(['"usual"', '"other"']);
    await bench.pass(minuteMs);
    expect(await bench.tasks()).toHaveLength(3);
  });

  it("an update changes what is enqueued and keeps the place; other times begin anew", async () => {
    await using bench = createSchedulerBench();
    const { schedules } = await bench.host();
    await schedules.add(everyMinute);
    await bench.pass(28_000);
    await schedules.update({ ...everyMinute, input: 7, options: { priority: 3 } });
    await bench.pass(30_000);
    expect((await bench.tasks())[0]).toMatchObject({ input: "7", priority: 3 });
    const view = await schedules.update({ ...everyMinute, times: { every: { hours: 1 } } });
    expect(view.nextRuns[0]).toBe(bench.clock.now() + hourMs);
  });
});

describe("what did not run", () => {
  it.each([
    ["skip", 0, 24],
    ["latest", 1, 23],
    ["all", 24, 0],
  ] as const)("T52: down for a day, catch-up %s enqueues %i late and misses %i", async (catchUp, late, missed) => {
    await using bench = createSchedulerBench();
    const hourly: ScheduleDefinition = { ...everyMinute, times: { cron: "0 * * * *" }, catchUp };
    const first = await bench.host({ schedules: [hourly] });
    await bench.pass(hourMs);
    await bench.stop(first.host);
    bench.clock.advance(dayMs + 30 * minuteMs);
    const { schedules } = await bench.host({ schedules: [hourly] });
    const { occurrences: history } = await schedules.history("m", { limit: 100 });
    const count = (outcome: string): number =>
      history.filter((one) => one.outcome === outcome).reduce((sum, one) => sum + one.count, 0);
    expect([count("enqueued"), count("late"), count("missed")]).toEqual([1, late, missed]);
    expect(await bench.tasks()).toHaveLength(1 + late);
    expect((await schedules.unmet({ limit: 100 })).occurrences.reduce((sum, one) => sum + one.count, 0)).toBe(24);
    expect((await schedules.list())[0]?.nextRuns[0]).toBe(1_767_225_600_000 + 26 * hourMs);
  });

  it("down for a day with one a second: exact to the occurrence, in bounded steps, 100 of them made up for", async () => {
    await using bench = createSchedulerBench();
    const eachSecond: ScheduleDefinition = { ...everyMinute, times: { cron: "* * * * * *" }, catchUp: "all" };
    const first = await bench.host({ schedules: [eachSecond] });
    await bench.stop(first.host);
    bench.clock.advance(dayMs);
    const { schedules } = await bench.host({ schedules: [eachSecond] });
    await bench.pass(1);
    const { occurrences: history } = await schedules.history("m", { limit: 1_000 });
    const count = (outcome: string): number =>
      history.filter((one) => one.outcome === outcome).reduce((sum, one) => sum + one.count, 0);
    // The last minute is within its time of grace.
    expect(count("late")).toBe(100);
    expect(count("enqueued")).toBeGreaterThanOrEqual(60);
    const seconds = Math.floor((bench.clock.now() - 1_767_225_600_000) / 1_000);
    expect(seconds - count("enqueued") - 100 - count("missed")).toBeLessThanOrEqual(1);
  });

  it("T55: an occurrence while the task of the one before is open is skipped, and says which", async () => {
    await using bench = createSchedulerBench();
    const { schedules } = await bench.host();
    await schedules.add({ ...everyMinute, overlap: "skip" });
    for (let n = 0; n < 3; n += 1) {
      await bench.pass(minuteMs);
    }
    const [open] = await bench.tasks();
    expect(await minutes(bench)).toEqual([1]);
    expect(
      (await schedules.history("m")).occurrences.map(({ outcome, reason, taskId }) => [outcome, reason, taskId]),
    ).toEqual([
      ["skipped", "overlap", open?.id],
      ["skipped", "overlap", open?.id],
      ["enqueued", null, open?.id],
    ]);
  });

  it("replace cancels the open one; queue lets them run one after the other", async () => {
    await using bench = createSchedulerBench();
    const { schedules } = await bench.host();
    await schedules.add({ ...everyMinute, id: "r", overlap: "replace" });
    await schedules.add({ ...everyMinute, id: "q", overlap: "queue" });
    for (let n = 0; n < 2; n += 1) {
      await bench.pass(minuteMs);
    }
    const tasks = await bench.tasks();
    expect(tasks.filter(({ origin }) => origin.id === "r").map(({ status }) => status)).toEqual([
      "cancelled",
      "queued",
    ]);
    const keys = tasks.filter(({ origin }) => origin.id === "q").map(({ concurrencyKeys }) => concurrencyKeys);
    expect(keys).toEqual([[{ key: "millrace.schedule q", limit: 1 }], [{ key: "millrace.schedule q", limit: 1 }]]);
  });

  it("F13, F18, T57: a run that fails stops nothing: the next occurrence comes, with its own attempts", async () => {
    await using bench = createSchedulerBench();
    const { schedules } = await bench.host({}, true);
    await schedules.add({ ...everyMinute, overlap: "skip", input: "fail" });
    await bench.pass(minuteMs);
    await schedules.update({ ...everyMinute, overlap: "skip", input: "fine" });
    await bench.pass(minuteMs);
    expect((await bench.tasks()).map(({ status, attempt }) => [status, attempt])).toEqual([
      ["failed", 1],
      ["succeeded", 1],
    ]);
  });

  it("what ended while nobody was there is skipped, not made up for", async () => {
    await using bench = createSchedulerBench();
    const definition = { ...everyMinute, endAt: bench.clock.now() + 3 * minuteMs };
    const first = await bench.host({ schedules: [definition] });
    await bench.stop(first.host);
    bench.clock.advance(hourMs);
    const { schedules } = await bench.host({ schedules: [definition] });
    expect((await schedules.history("m")).occurrences).toMatchObject([
      { outcome: "skipped", reason: "ended", count: 3 },
    ]);
    expect((await schedules.list())[0]?.nextRuns).toEqual([]);
  });

  it("a database clock that is put back enqueues nothing twice", async () => {
    await using bench = createSchedulerBench();
    const { schedules } = await bench.host();
    await schedules.add(everyMinute);
    await bench.pass(5 * minuteMs);
    const before = (await bench.tasks()).length;
    bench.clock.step(-3 * minuteMs);
    for (let n = 0; n < 4; n += 1) {
      await bench.pass(minuteMs);
    }
    const times = await minutes(bench);
    expect(new Set(times).size).toBe(times.length);
    expect(times.length).toBe(before + 1);
  });

  it("a schedule that left the code is reported and goes on", async () => {
    await using bench = createSchedulerBench();
    const first = await bench.host({ schedules: [everyMinute] });
    await bench.stop(first.host);
    await bench.host({ schedules: [] });
    expect(bench.lines.join()).toContain('"m" is no longer in the code');
    await bench.pass(minuteMs);
    expect(await bench.tasks()).toHaveLength(1);
  });
});

describe("a scheduler that does not follow", () => {
  it("T57: changes schedules and tells of them page by page, and leaves occurrences to others", async () => {
    await using bench = createSchedulerBench();
    const { schedules } = await bench.host({ follow: false });
    for (const id of ["a", "b", "c"]) await schedules.add({ ...everyMinute, id });
    const first = await schedules.page({ limit: 2, runs: 1 });
    expect(first.schedules.map(({ id, nextRuns }) => [id, nextRuns.length])).toEqual([
      ["a", 1],
      ["b", 1],
    ]);
    const second = await schedules.page({ limit: 2, after: first.next ?? "" });
    expect([second.schedules.map(({ id }) => id), second.next]).toEqual([["c"], null]);
    await bench.pass(2 * minuteMs);
    expect(await bench.tasks()).toEqual([]);
  });
});

describe("the clocks of a schedule", () => {
  it("E4: are told with their next change and the occurrences around it", async () => {
    const now = Date.parse("2026-03-01T00:00:00Z");
    const times = [{ type: "cron", expression: "30 2 * * *" }] as const;
    const zone = { timeZone: "Europe/Berlin", startAt: null, endAt: null };
    const at = Date.parse("2026-03-29T01:00:00Z");
    expect(scheduleClock({ ...zone, times }, now)).toEqual({
      offsetMs: hourMs,
      change: { at, fromOffsetMs: hourMs, toOffsetMs: 2 * hourMs, runs: [at] },
    });
    expect(scheduleClock({ ...zone, times: [{ type: "once", at }] }, now).change).toBeNull();
    expect(scheduleClock({ ...zone, timeZone: "UTC", times }, now)).toEqual({ offsetMs: 0, change: null });
  });
});
