import type { PlannedOccurrence, ScheduleStore } from "@millrace/models";
import { expect } from "vitest";
import { aScheduleAsk, aScheduleStep } from "../../builders/schedule.ts";
import { enqueueAt, nightly, taken, whole } from "../occurrence-steps.ts";
import type { AddCase, StoreCases } from "../store-cases.ts";
import { addFacetCase, facetOf } from "./facet-cases.ts";

/** What is due, steps, and what became of occurrences. */
export const occurrenceCases: StoreCases = (addAny, options) => {
  const add = addFacetCase(addAny, options, "schedules");
  takeCases(add);
  stepCases(add);
};

const ids = ({ schedules }: Awaited<ReturnType<ScheduleStore["take"]>>): readonly string[] =>
  schedules.map(({ scheduleId }) => scheduleId);

function takeCases(add: AddCase): void {
  add("what is due is taken the longest waiting first, up to the limit, and held from others", async (bench) => {
    const facet = facetOf(bench, "schedules");
    for (const scheduleId of ["c", "a", "b"]) {
      await facet.put([aScheduleAsk({ scheduleId })]);
      bench.clock.advance(10);
    }
    const first = await facet.take({ limit: 2, holdMs: 1_000 });
    expect(ids(first)).toEqual(["c", "a"]);
    expect(first).toMatchObject({ now: bench.clock.now(), more: true });
    const second = await facet.take({ limit: 2, holdMs: 3_000 });
    expect(ids(second)).toEqual(["b"]);
    expect(second).toMatchObject({ more: false, nextDueInMs: 1_000 });
    expect(await facet.take(whole)).toMatchObject({ schedules: [], more: false, nextDueInMs: 1_000 });
    bench.clock.advance(1_000);
    expect(ids(await facet.take(whole))).toEqual(["a", "c"]);
  });

  add("one that is to be looked at no more is never due", async (bench) => {
    const schedule = await taken(bench);
    const facet = facetOf(bench, "schedules");
    await facet.step([aScheduleStep(schedule, { lookAt: null })]);
    bench.clock.advance(1e9);
    expect(await facet.take(whole)).toMatchObject({ schedules: [], nextDueInMs: null });
  });
}

function stepCases(add: AddCase): void {
  add("what was passed over in a run is not enqueued late, though somebody ran it in the middle", async (bench) => {
    const schedule = await taken(bench);
    const facet = facetOf(bench, "schedules");
    const { placeAt } = schedule;
    bench.clock.advance(5);
    await facet.run([{ ...nightly, request: bench.request() }]);
    bench.clock.advance(100);
    const run = { type: "pass", scheduledFor: placeAt + 1, until: placeAt + 20, count: 20 } as const;
    const passing = aScheduleStep(schedule, {
      takenAt: bench.clock.now(),
      occurrences: [{ ...run, outcome: "missed", reason: "catch-up" }],
      placeAt: placeAt + 20,
    });
    expect(await facet.step([passing])).toMatchObject([{ status: "stepped", occurrences: [{ count: 20 }] }]);
    const late = aScheduleStep(schedule, {
      takenAt: bench.clock.now(),
      occurrences: [enqueueAt(bench, placeAt + 10)],
      placeAt: placeAt + 10,
    });
    expect(await facet.step([late])).toMatchObject([{ status: "stepped", occurrences: [] }]);
    expect(await facet.step([{ ...late, occurrences: [enqueueAt(bench, placeAt + 21)] }])).toMatchObject([
      { status: "stepped", occurrences: [{ scheduledFor: placeAt + 21 }] },
    ]);
  });

  add("I10, T48: an occurrence, its task and the new place are stored together", async (bench) => {
    const schedule = await taken(bench);
    const facet = facetOf(bench, "schedules");
    const at = schedule.placeAt + 10;
    const occurrence = enqueueAt(bench, at);
    const step = aScheduleStep(schedule, { occurrences: [occurrence], placeAt: at, nextAt: at + 60, lookAt: at + 60 });
    const [answer] = await facet.step([step]);
    const made = {
      ...nightly,
      scheduledFor: at,
      until: at,
      count: 1,
      outcome: "enqueued",
      reason: null,
      taskId: occurrence.type === "enqueue" ? occurrence.request.id : "",
      recordedAt: bench.clock.now(),
    };
    expect(answer).toEqual({ status: "stepped", occurrences: [made] });
    expect(await facet.occurrences({ schedule: nightly })).toEqual({ occurrences: [made], next: null });
    expect(await bench.record(made.taskId)).toMatchObject({ status: "queued", scheduledAt: at });
    const { schedules } = await facet.read({});
    expect(schedules[0]).toMatchObject({ placeAt: at, nextAt: at + 60, lookAt: at + 60, revision: schedule.revision });
  });

  add(
    "I10: the same occurrence again, by a second host, makes no second task and moves nothing back",
    async (bench) => {
      const schedule = await taken(bench);
      const facet = facetOf(bench, "schedules");
      const at = schedule.placeAt + 10;
      const step = (placeAt: number) =>
        aScheduleStep(schedule, {
          occurrences: [enqueueAt(bench, at)],
          placeAt,
          nextAt: placeAt + 5,
          lookAt: placeAt + 5,
        });
      await facet.step([step(at + 20)]);
      const [answer] = await facet.step([step(at)]);
      expect(answer).toEqual({ status: "stepped", occurrences: [] });
      expect((await bench.store.read({})).tasks).toHaveLength(1);
      expect((await facet.read({})).schedules[0]).toMatchObject({ placeAt: at + 20, nextAt: at + 25, lookAt: at + 25 });
    },
  );

  add("a step of a schedule that was changed, paused or removed since does nothing", async (bench) => {
    const schedule = await taken(bench);
    const facet = facetOf(bench, "schedules");
    const step = () =>
      aScheduleStep(schedule, { occurrences: [enqueueAt(bench, schedule.placeAt + 1)], placeAt: schedule.placeAt + 1 });
    await facet.change([{ ...nightly, type: "pause", by: null, why: null }]);
    expect(await facet.step([step()])).toEqual([{ status: "outdated" }]);
    await facet.change([{ ...nightly, type: "remove" }]);
    expect(await facet.step([step()])).toEqual([{ status: "not-found" }]);
    expect((await bench.store.read({})).tasks).toEqual([]);
  });

  add("a step that was thought out long ago does nothing", async (bench) => {
    const schedule = await taken(bench);
    bench.clock.advance(600_001);
    const step = aScheduleStep(schedule, { occurrences: [enqueueAt(bench, schedule.placeAt + 1)] });
    expect(await facetOf(bench, "schedules").step([step])).toEqual([{ status: "outdated" }]);
  });

  add(
    "one that passes over occurrences begins where the schedule stands, and no moment of a run is used again",
    async (bench) => {
      const schedule = await taken(bench);
      const facet = facetOf(bench, "schedules");
      const from = schedule.placeAt;
      const pass = (scheduledFor: number, until: number, count: number): PlannedOccurrence => ({
        type: "pass",
        scheduledFor,
        until,
        count,
        outcome: "missed",
        reason: "catch-up",
      });
      const run = aScheduleStep(schedule, { occurrences: [pass(from + 10, from + 40, 4)], placeAt: from + 45 });
      expect((await facet.step([run]))[0]).toMatchObject({ status: "stepped", occurrences: [{ count: 4 }] });
      const again = aScheduleStep(schedule, { occurrences: [pass(from + 20, from + 60, 5)], placeAt: from + 65 });
      expect(await facet.step([again])).toEqual([{ status: "outdated" }]);
      const inside = aScheduleStep(schedule, { occurrences: [enqueueAt(bench, from + 30)], placeAt: from + 30 });
      expect(await facet.step([inside])).toEqual([{ status: "stepped", occurrences: [] }]);
      const behind = aScheduleStep(schedule, { occurrences: [enqueueAt(bench, from + 50)], placeAt: from + 50 });
      expect((await facet.step([behind]))[0]).toMatchObject({ occurrences: [{ scheduledFor: from + 50 }] });
      expect((await bench.store.read({})).tasks).toHaveLength(1);
    },
  );

  add("T55: with its dedupe key taken an occurrence is skipped for overlap, and names the open task", async (bench) => {
    const schedule = await taken(bench);
    const facet = facetOf(bench, "schedules");
    const open = await bench.enqueue({ dedupeKey: "d" });
    const at = schedule.placeAt + 1;
    const step = aScheduleStep(schedule, { occurrences: [enqueueAt(bench, at, { dedupeKey: "d" })], placeAt: at });
    expect((await facet.step([step]))[0]).toMatchObject({
      occurrences: [{ outcome: "skipped", reason: "overlap", taskId: open.id }],
    });
  });

  add("a task that the store refuses leaves a refused occurrence, and its neighbours are made", async (bench) => {
    const schedule = await taken(bench);
    const facet = facetOf(bench, "schedules");
    const at = schedule.placeAt + 1;
    const occurrences = [
      enqueueAt(bench, at),
      enqueueAt(bench, at + 1, { kind: "unheard", mustKnowKind: true }),
      enqueueAt(bench, at + 2),
    ];
    const [answer] = await facet.step([aScheduleStep(schedule, { occurrences, placeAt: at + 2 })]);
    expect(answer).toMatchObject({
      occurrences: [
        { outcome: "enqueued" },
        { outcome: "refused", reason: "KIND_UNKNOWN", taskId: null },
        { outcome: "enqueued" },
      ],
    });
    expect((await bench.store.read({})).tasks).toHaveLength(2);
  });

  add("many steps at once are answered in line, with tasks of every sort", async (bench) => {
    const facet = facetOf(bench, "schedules");
    const count = 60;
    await facet.put(Array.from({ length: count }, (_, n) => aScheduleAsk({ scheduleId: `s${n}` })));
    const { schedules } = await facet.take({ limit: 100, holdMs: 10 });
    const now = bench.clock.now();
    const sorts = [
      {},
      { dedupeKey: "one" },
      { delayMs: 50, scheduledAt: null },
      { tags: ["t"] },
      { concurrencyKeys: [{ key: "k", limit: 1 }] },
    ];
    const steps = schedules.map((schedule, n) =>
      aScheduleStep(schedule, { occurrences: [enqueueAt(bench, now, sorts[n % 5])], placeAt: now, lookAt: null }),
    );
    const twice = [...steps, ...steps.slice(0, 3)];
    const answers = await facet.step(twice);
    const outcomes = answers.map((answer) =>
      answer.status === "stepped" ? answer.occurrences.map((one) => one.outcome) : [],
    );
    const skipped = outcomes.flat().filter((outcome) => outcome === "skipped");
    expect(skipped).toHaveLength(count / 5 - 1);
    expect(outcomes.slice(count)).toEqual([[], [], []]);
    expect((await bench.store.read({})).tasks).toHaveLength(count - skipped.length);
    expect(
      answers.slice(0, count).map((answer) => answer.status === "stepped" && answer.occurrences[0]?.scheduleId),
    ).toEqual(schedules.map(({ scheduleId }) => scheduleId));
  });
}
