import type { PlannedOccurrence } from "@millrace/models";
import { expect } from "vitest";
import { aScheduleAsk, aScheduleStep } from "../../builders/schedule.ts";
import { enqueueAt, nightly, taken } from "../occurrence-steps.ts";
import { present } from "../present.ts";
import type { StoreCases } from "../store-cases.ts";
import { addFacetCase, facetOf } from "./facet-cases.ts";

/** What became of occurrences, and of those that somebody asked for. */
export const occurrenceRecordCases: StoreCases = (addAny, options) => {
  const add = addFacetCase(addAny, options, "schedules");
  add("run enqueues now, once each time, and records that it was asked for", async (bench) => {
    const facet = facetOf(bench, "schedules");
    await facet.put([aScheduleAsk()]);
    const run = () =>
      facet.run([
        { ...nightly, request: bench.request() },
        { tenantId: "", scheduleId: "no", request: bench.request() },
      ]);
    const [first, none] = await run();
    expect(first).toMatchObject({ status: "run", occurrence: { outcome: "enqueued", reason: "asked" } });
    expect(none).toEqual({ status: "not-found" });
    await run();
    const { occurrences } = await facet.occurrences({ schedule: nightly });
    expect(occurrences.map(({ scheduledFor }) => scheduledFor - bench.clock.now())).toEqual([1, 0]);
    expect((await bench.store.read({})).tasks).toHaveLength(2);
  });

  add(
    "occurrences are listed the latest first; over all schedules only those that did not run in time",
    async (bench) => {
      const schedule = await taken(bench);
      const facet = facetOf(bench, "schedules");
      const at = schedule.placeAt;
      const pass = (scheduledFor: number, outcome: "missed" | "skipped"): PlannedOccurrence => ({
        type: "pass",
        scheduledFor,
        until: scheduledFor,
        count: 1,
        outcome,
        reason: outcome === "missed" ? "catch-up" : "paused",
      });
      const late = { ...enqueueAt(bench, at + 4), outcome: "late" } as PlannedOccurrence;
      const occurrences = [enqueueAt(bench, at + 1), pass(at + 2, "missed"), pass(at + 3, "skipped"), late];
      bench.clock.advance(100);
      await facet.step([aScheduleStep(schedule, { occurrences, placeAt: at + 4 })]);
      const times = async (query: Parameters<typeof facet.occurrences>[0]): Promise<readonly number[]> =>
        (await facet.occurrences(query)).occurrences.map(({ scheduledFor }) => scheduledFor - at);
      expect(await times({ schedule: nightly })).toEqual([4, 3, 2, 1]);
      const { next: after } = await facet.occurrences({ schedule: nightly, limit: 1 });
      expect(await times({ schedule: nightly, after: present(after, "a next page"), limit: 2 })).toEqual([3, 2]);
      expect(await times({})).toEqual([4, 3, 2]);
      expect(await times({ tenantId: "other" })).toEqual([]);
      const told = (await bench.journal()).flatMap((event) =>
        event.taskId === null && event.type.startsWith("occurrence_") ? [[event.type, event.name, event.data]] : [],
      );
      expect(told).toEqual([
        ["occurrence_missed", "nightly", 1],
        ["occurrence_skipped", "nightly", "paused"],
        ["occurrence_late", "nightly", 96],
      ]);
    },
  );

  add("old occurrences are forgotten in bounded bites, the oldest first", async (bench) => {
    const facet = facetOf(bench, "schedules");
    await facet.put([aScheduleAsk()]);
    for (let n = 0; n < 5; n += 1) {
      await facet.run([{ ...nightly, request: bench.request() }]);
      bench.clock.advance(3_600_000);
    }
    expect(await facet.prune(2 * 3_600_000, 2)).toBe(2);
    expect(await facet.prune(2 * 3_600_000, 2)).toBe(1);
    expect((await facet.occurrences({ schedule: nightly })).occurrences).toHaveLength(2);
  });

  add("nothing asked is nothing done", async (bench) => {
    const facet = facetOf(bench, "schedules");
    expect([await facet.put([]), await facet.change([]), await facet.step([]), await facet.run([])]).toEqual([
      [],
      [],
      [],
      [],
    ]);
  });
};
