import type { OccurrenceQuery, OccurrenceRecord, ScheduleStore } from "@millrace/models";
import { expect } from "vitest";
import { aScheduleAsk, aScheduleStep } from "../../builders/schedule.ts";
import { present } from "../present.ts";
import type { StoreBench } from "../store-bench.ts";
import type { StoreCases } from "../store-cases.ts";
import { addFacetCase, facetOf } from "./facet-cases.ts";

/** Pages of what became of occurrences. */
export const occurrencePageCases: StoreCases = (addAny, options) => {
  const add = addFacetCase(addAny, options, "schedules");

  add("occurrences of many schedules at one moment are each listed once, however small the page", async (bench) => {
    const facet = await manyMissed(bench);
    const inOrder = ["late b/z", "b/z", "b/y", "a/é", "a/b", "a/a", "/a", "early a/b"];
    for (const limit of [1, 2, 3, 7, 8, 100]) {
      expect((await allOf(facet, { limit })).map(told)).toEqual(inOrder);
      expect((await allOf(facet, { limit, tenantId: "a" })).map(told)).toEqual(["a/é", "a/b", "a/a", "early a/b"]);
    }
  });

  add("occurrences of one schedule are each listed once, those that were asked for among them", async (bench) => {
    const facet = await manyMissed(bench);
    const schedule = { tenantId: "a", scheduleId: "b" };
    for (let n = 0; n < 3; n += 1) await facet.run([{ ...schedule, request: bench.request({ tenantId: "a" }) }]);
    const { occurrences: whole } = await facet.occurrences({ schedule });
    expect(whole).toHaveLength(5);
    for (const limit of [1, 2, 4, 5]) expect(await allOf(facet, { schedule, limit })).toEqual(whole);
  });

  add("a cursor of no list, another list, schedule or tenant is CURSOR_INVALID", async (bench) => {
    const facet = await manyMissed(bench);
    const schedule = { tenantId: "a", scheduleId: "b" };
    const cursorOf = async (query: OccurrenceQuery): Promise<string> =>
      present((await facet.occurrences({ ...query, limit: 1 })).next, "a next page");
    const unmet = await cursorOf({});
    const history = await cursorOf({ schedule });
    const wrong: readonly OccurrenceQuery[] = [
      { after: "" },
      { after: "x" },
      { after: btoa('["unmet",0.5,"a","b"]') },
      { after: btoa('["unmet",1,"a",null]') },
      { after: btoa('["unmet",1,"%","b"]') },
      { after: history },
      { tenantId: "a", after: unmet },
      { schedule, after: unmet },
      { schedule: { ...schedule, scheduleId: "a" }, after: history },
      { schedule: { ...schedule, tenantId: "" }, after: history },
    ];
    for (const query of wrong) {
      await expect(facet.occurrences(query), JSON.stringify(query)).rejects.toMatchObject({ code: "CURSOR_INVALID" });
    }
  });
};

/** Six schedules of three tenants, all of which missed the same moment; one also an earlier, and one a later. */
async function manyMissed(bench: StoreBench): Promise<ScheduleStore> {
  const facet = facetOf(bench, "schedules");
  const names = ["/a", "a/a", "a/b", "a/é", "b/y", "b/z"].map((name) => name.split("/"));
  await facet.put(names.map(([tenantId = "", scheduleId = ""]) => aScheduleAsk({ tenantId, scheduleId })));
  const { schedules, now } = await facet.take({ limit: 10, holdMs: 10 });
  expect(schedules).toHaveLength(names.length);
  const moment = now + 10;
  const steps = schedules.map((schedule) => {
    const name = `${schedule.tenantId}/${schedule.scheduleId}`;
    const moments = [...(name === "a/b" ? [moment - 5] : []), moment, ...(name === "b/z" ? [moment + 5] : [])];
    const occurrences = moments.map((scheduledFor) => {
      const one = { scheduledFor, until: scheduledFor, count: 1 };
      return { type: "pass", ...one, outcome: "missed", reason: "catch-up" } as const;
    });
    return aScheduleStep(schedule, { occurrences, placeAt: moment + 5, lookAt: null });
  });
  bench.clock.advance(100);
  await facet.step(steps);
  return facet;
}

/** Every page, one after the other. */
async function allOf(facet: ScheduleStore, query: OccurrenceQuery): Promise<readonly OccurrenceRecord[]> {
  const rows: OccurrenceRecord[] = [];
  for (let after: string | undefined; ;) {
    const page = await facet.occurrences({ ...query, ...(after === undefined ? {} : { after }) });
    rows.push(...page.occurrences);
    if (page.next === null) return rows;
    expect(page.occurrences).toHaveLength(query.limit ?? 0);
    after = page.next;
  }
}

function told({ tenantId, scheduleId, scheduledFor, recordedAt }: OccurrenceRecord): string {
  const sooner = { 85: "late ", 95: "early " }[recordedAt - scheduledFor] ?? "";
  return `${sooner}${tenantId}/${scheduleId}`;
}
