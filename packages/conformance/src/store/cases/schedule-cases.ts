import type { ScheduleRecord } from "@millrace/models";
import { expect } from "vitest";
import { aRequest } from "../../builders/enqueue-request.ts";
import { aScheduleAsk } from "../../builders/schedule.ts";
import { present } from "../present.ts";
import type { StoreBench } from "../store-bench.ts";
import type { AddCase, StoreCases } from "../store-cases.ts";
import { addFacetCase, facetOf } from "./facet-cases.ts";

const nightly = { tenantId: "", scheduleId: "nightly" } as const;

/** Schedules as rows: made, changed, paused, removed, listed. */
export const scheduleCases: StoreCases = (addAny, options) => {
  const add = addFacetCase(addAny, options, "schedules");
  makingCases(add);
  changingCases(add);
  listingCases(add);
};

/** A schedule as the store has it. */
async function stored(bench: StoreBench, scheduleId = "nightly"): Promise<ScheduleRecord> {
  const { schedules } = await facetOf(bench, "schedules").read({ scheduleIds: [scheduleId] });
  return present(schedules[0], `the schedule ${scheduleId}`);
}

/** The control events of schedules, as `type name`. */
async function told(bench: StoreBench): Promise<readonly string[]> {
  return (await bench.journal()).flatMap((event) =>
    event.taskId === null && event.type.startsWith("schedule_") ? [`${event.type} ${event.name}`] : [],
  );
}

function makingCases(add: AddCase): void {
  add("a schedule is made, kept whole, and is to be looked at at once", async (bench) => {
    const facet = facetOf(bench, "schedules");
    const now = bench.clock.now();
    const request = aRequest({ input: '{"a":[1,null]}', tags: ["t"], priority: 3, metadata: { m: "µ" } });
    const ask = aScheduleAsk({ request, times: { cron: ["0 1 * * *"], zone: "Europe/Berlin" } });
    const [answer] = await facet.put([ask]);
    expect(answer?.status).toBe("created");
    const schedule = await stored(bench);
    expect(schedule).toEqual({
      ...nightly,
      origin: ask.origin,
      times: ask.times,
      policy: ask.policy,
      request,
      revision: now,
      anchorAt: now,
      placeAt: now,
      nextAt: null,
      lookAt: now,
      skipUntil: null,
      pausedAt: null,
      pausedBy: null,
      pausedWhy: null,
      createdAt: now,
      updatedAt: now,
    });
    expect(Object.isFrozen(schedule)).toBe(true);
    expect(await told(bench)).toEqual(["schedule_added nightly"]);
  });

  add("an input of bytes comes back as it was", async (bench) => {
    const input = { codecId: "c", bytes: new Uint8Array([0, 1, 255]) };
    await facetOf(bench, "schedules").put([aScheduleAsk({ request: aRequest({ input }) })]);
    expect((await stored(bench)).request.input).toEqual(input);
  });

  add("an id is taken once: for who adds, and for who registers it from elsewhere", async (bench) => {
    const facet = facetOf(bench, "schedules");
    const code = { type: "code", source: "billing" } as const;
    const answers = await facet.put([
      aScheduleAsk(),
      aScheduleAsk({ times: { cron: "other" } }),
      aScheduleAsk({ mode: "register", origin: code }),
      aScheduleAsk({ mode: "update", origin: { type: "run-time", source: "bob" } }),
      aScheduleAsk({ tenantId: "acme", mode: "register", origin: code }),
      aScheduleAsk({ tenantId: "acme", mode: "register", origin: { ...code, source: "shop" } }),
      aScheduleAsk({ scheduleId: "unknown", mode: "update" }),
    ]);
    const statuses = answers.map(({ status }) => status);
    expect(statuses).toEqual(["created", "taken", "taken", "taken", "created", "taken", "not-found"]);
    expect((await stored(bench)).times).toEqual({ cron: "0 2 * * *" });
  });

  add(
    "F8: who registers the same again changes nothing; the order of fields and the id of the request are nothing",
    async (bench) => {
      const facet = facetOf(bench, "schedules");
      const ask = aScheduleAsk({ mode: "register", times: { a: 1, b: [1, { c: 2, d: 3 }] } });
      await facet.put([ask]);
      const before = await stored(bench);
      bench.clock.advance(1_000);
      const again = { ...ask, times: { b: [1, { d: 3, c: 2 }], a: 1 }, request: { ...ask.request, id: bench.newId() } };
      expect((await facet.put([again]))[0]?.status).toBe("unchanged");
      expect(await stored(bench)).toEqual(before);
      expect(await told(bench)).toEqual(["schedule_added nightly"]);
    },
  );

  add("another request or policy keeps the place; other times begin anew", async (bench) => {
    const facet = facetOf(bench, "schedules");
    const ask = aScheduleAsk({ mode: "register" });
    await facet.put([ask]);
    const first = await stored(bench);
    bench.clock.advance(1_000);
    await facet.put([{ ...ask, policy: { catchUp: "all" }, request: aRequest({ priority: 5 }) }]);
    const second = await stored(bench);
    expect(second).toMatchObject({
      policy: { catchUp: "all" },
      request: { priority: 5 },
      placeAt: first.placeAt,
      anchorAt: first.anchorAt,
    });
    expect(second.revision).toBeGreaterThan(first.revision);
    await facet.put([{ ...ask, times: { cron: "0 3 * * *" } }]);
    const now = bench.clock.now();
    expect(await stored(bench)).toMatchObject({ anchorAt: now, placeAt: now, lookAt: now, nextAt: null });
    expect(await told(bench)).toEqual([
      "schedule_added nightly",
      "schedule_changed nightly",
      "schedule_changed nightly",
    ]);
  });
}

function changingCases(add: AddCase): void {
  add("a pause says who and why, outlives a registration with other times, and is told once", async (bench) => {
    const facet = facetOf(bench, "schedules");
    const ask = aScheduleAsk({ mode: "register" });
    await facet.put([ask]);
    const pause = { ...nightly, type: "pause", by: "ann", why: "month's end" } as const;
    expect((await facet.change([pause]))[0]?.status).toBe("changed");
    expect((await facet.change([{ ...pause, by: "bob" }]))[0]?.status).toBe("unchanged");
    bench.clock.advance(5);
    await facet.put([{ ...ask, times: { cron: "0 3 * * *" } }]);
    expect(await stored(bench)).toMatchObject({ pausedBy: "ann", pausedWhy: "month's end" });
    const resume = { ...nightly, type: "resume" } as const;
    expect((await facet.change([resume]))[0]?.status).toBe("changed");
    expect((await facet.change([resume]))[0]?.status).toBe("unchanged");
    expect(await stored(bench)).toMatchObject({ pausedAt: null, pausedBy: null, pausedWhy: null });
    expect((await told(bench)).filter((line) => /paused|resumed/.test(line))).toEqual([
      "schedule_paused nightly",
      "schedule_resumed nightly",
    ]);
  });

  add("skip goes forward only", async (bench) => {
    const facet = facetOf(bench, "schedules");
    await facet.put([aScheduleAsk()]);
    const until = bench.clock.now() + 1_000;
    const skip = (to: number) => facet.change([{ ...nightly, type: "skip", until: to }]);
    expect((await skip(bench.clock.now()))[0]?.status).toBe("unchanged");
    expect((await skip(until))[0]?.status).toBe("changed");
    expect((await skip(until - 1))[0]?.status).toBe("unchanged");
    expect((await stored(bench)).skipUntil).toBe(until);
  });

  add(
    "T53: a removed schedule is gone with its occurrences, and may come again with a higher revision",
    async (bench) => {
      const facet = facetOf(bench, "schedules");
      await facet.put([aScheduleAsk()]);
      const before = await stored(bench);
      await facet.run([{ ...nightly, request: bench.request() }]);
      const answers = await facet.change([
        { ...nightly, type: "remove" },
        { ...nightly, type: "remove" },
        { ...nightly, type: "pause", by: null, why: null },
      ]);
      expect(answers.map(({ status }) => status)).toEqual(["changed", "not-found", "not-found"]);
      expect((await facet.read({})).schedules).toEqual([]);
      expect((await facet.occurrences({ schedule: nightly })).occurrences).toEqual([]);
      bench.clock.advance(1);
      await facet.put([aScheduleAsk()]);
      expect((await stored(bench)).revision).toBeGreaterThan(before.revision);
      expect(await told(bench)).toContain("schedule_removed nightly");
    },
  );
}

function listingCases(add: AddCase): void {
  add("T54: schedules are listed by tenant and id, page by page, filtered by tenant, id and origin", async (bench) => {
    const facet = facetOf(bench, "schedules");
    const code = { type: "code", source: "x" } as const;
    await facet.put([
      aScheduleAsk({ scheduleId: "b" }),
      aScheduleAsk({ scheduleId: "a", origin: code }),
      aScheduleAsk({ scheduleId: "c", tenantId: "t" }),
      aScheduleAsk({ scheduleId: "ä c/d", tenantId: "t" }),
    ]);
    const pages: string[][] = [];
    let after: string | undefined;
    do {
      const page = await facet.read({ limit: 3, ...(after === undefined ? {} : { after }) });
      expect(page.now).toBe(bench.clock.now());
      pages.push(page.schedules.map(({ tenantId, scheduleId }) => `${tenantId}:${scheduleId}`));
      after = page.next ?? undefined;
    } while (after !== undefined);
    expect(pages).toEqual([[":a", ":b", "t:c"], ["t:ä c/d"]]);
    const ids = async (query: Parameters<typeof facet.read>[0]): Promise<readonly string[]> =>
      (await facet.read(query)).schedules.map(({ scheduleId }) => scheduleId);
    expect(await ids({ tenantId: "t" })).toEqual(["c", "ä c/d"]);
    expect(await ids({ scheduleIds: ["b", "c", "none"] })).toEqual(["b", "c"]);
    expect(await ids({ originType: "code" })).toEqual(["a"]);
    await expect(facet.read({ after: "x" })).rejects.toMatchObject({ code: "CURSOR_INVALID" });
  });

  add("schedules and occurrences are there after a restart", async (bench) => {
    if (!bench.canReopen) return;
    await facetOf(bench, "schedules").put([aScheduleAsk()]);
    await facetOf(bench, "schedules").run([{ ...nightly, request: bench.request() }]);
    const before = await stored(bench);
    await bench.reopen();
    expect(await stored(bench)).toEqual(before);
    expect((await facetOf(bench, "schedules").occurrences({ schedule: nightly })).occurrences).toHaveLength(1);
  });
}
