import { createTaskHost } from "@millrace/engine";
import { createInProcessTaskExecutor } from "@millrace/executor-in-process";
import { defineTask, silentLogger } from "@millrace/models";
import { scheduler } from "@millrace/scheduler";
import { createMemoryTaskStore } from "@millrace/store-memory";
import { describe, expect, it } from "vitest";
import { httpBench, type HttpBench } from "./testing/http-bench.ts";

const nightly = { id: "nightly", task: "work", times: { cron: "30 2 * * *" }, timeZone: "Europe/Berlin" };

/** A bench whose host runs, so that schedules can be changed. */
async function started(options: Parameters<typeof httpBench>[0] = {}): Promise<HttpBench> {
  const bench = httpBench(options);
  await bench.host.start();
  return bench;
}

describe("schedules over HTTP", () => {
  it("T50, R50: one is made, shown with its next runs and its clocks, changed, and removed", async () => {
    await using bench = await started();
    const made = await bench.post("/v1/schedules", nightly);
    expect(made).toMatchObject({ status: 201, body: { id: "nightly", kind: "work", origin: { type: "run-time" } } });
    const { body } = await bench.get("/v1/schedules/nightly?runs=3");
    expect(body.nextRuns).toHaveLength(3);
    const { change } = body.zone;
    expect(Math.abs(change.toOffsetMs - change.fromOffsetMs)).toBe(3_600_000);
    expect(change.runs).not.toEqual([]);
    const updated = await bench.post("/v1/schedules/nightly/update", { task: "work", times: { every: { hours: 1 } } });
    expect(updated.body.times).toEqual([{ type: "interval", everyMs: 3_600_000, firstAt: null }]);
    expect(updated.body.zone.change).toBeNull();
    expect((await bench.delete("/v1/schedules/nightly")).body).toEqual({ removed: true });
    expect(await bench.get("/v1/schedules/nightly")).toMatchObject({
      status: 404,
      body: { code: "SCHEDULE_NOT_FOUND", path: "path.scheduleId" },
    });
  });

  it("T54, S20: a pause says by whom and why, and every verb leaves its entry", async () => {
    await using bench = await started();
    await bench.post("/v1/schedules", nightly);
    const paused = await bench.post("/v1/schedules/nightly/pause", { why: "end of the month" });
    expect(paused.body.paused).toMatchObject({ by: "ops", why: "end of the month" });
    expect(paused.body.actions.cannot).toEqual({ "pause-schedule": "It is paused." });
    await bench.post("/v1/schedules/nightly/resume");
    const { body } = await bench.post("/v1/schedules/nightly/skip");
    const shown = await bench.get("/v1/schedules/nightly");
    expect(shown.body).toMatchObject({ paused: null, skipUntil: body.skipped });
    const told = bench.audits.map(({ action, target, why }) => [action, target.type, target.id, why]);
    expect(told).toEqual([
      ["add-schedule", "schedule", "nightly", null],
      ["pause-schedule", "schedule", "nightly", "end of the month"],
      ["resume-schedule", "schedule", "nightly", null],
      ["skip-schedule", "schedule", "nightly", null],
    ]);
  });

  it("T55: it is run now with another input, and its history tells how the task stands", async () => {
    await using bench = await started();
    await bench.post("/v1/schedules", { ...nightly, overlap: "allow" });
    const run = await bench.post("/v1/schedules/nightly/run", { input: { region: "ch" } });
    expect(run).toMatchObject({ status: 202, body: { outcome: "enqueued", reason: "asked" } });
    expect(await bench.host.awaitResult(run.body.taskId)).toBe("done");
    expect((await bench.host.getTask(run.body.taskId))?.input).toEqual({ region: "ch" });
    const { body } = await bench.get("/v1/schedules?history=1");
    expect(body.schedules).toMatchObject([{ id: "nightly", history: [{ task: { status: "succeeded" } }] }]);
    const page = await bench.get("/v1/schedules/nightly/occurrences?limit=1");
    expect(page.body.occurrences).toHaveLength(1);
  });

  it("pages of what became of occurrences lead on by `after`, and one of a schedule is none of another's", async () => {
    await using bench = await started();
    for (const id of ["a", "b"]) await bench.post("/v1/schedules", { ...nightly, id, overlap: "allow" });
    for (let n = 0; n < 3; n += 1) await bench.post("/v1/schedules/a/run");
    const first = await bench.get("/v1/schedules/a/occurrences?limit=2");
    const second = await bench.get(`/v1/schedules/a/occurrences?limit=2&after=${first.body.next}`);
    expect([first.body.occurrences.length, second.body.occurrences.length, second.body.next]).toEqual([2, 1, null]);
    const found = [...first.body.occurrences, ...second.body.occurrences] as readonly { readonly taskId: string }[];
    expect(new Set(found.map(({ taskId }) => taskId)).size).toBe(3);
    const wrong = [`schedules/b/occurrences?after=${first.body.next}`, "occurrences?after=zzz", "schedules?after=zzz"];
    for (const path of wrong) {
      const refusal = { status: 400, body: { code: "CURSOR_INVALID", path: "query.after" } };
      expect(await bench.get(`/v1/${path}`), path).toMatchObject(refusal);
    }
  });

  it("T57: lists by origin, and leaves to code what code says", async () => {
    const store = createMemoryTaskStore();
    const fromCode = scheduler({
      follow: false,
      schedules: [{ id: "a", task: "work", times: { cron: "0 1 * * *" } }],
    });
    await using host = createTaskHost({
      store,
      executor: createInProcessTaskExecutor(),
      tasks: [defineTask({ kind: "work", run: () => null })],
      services: [fromCode],
      logger: silentLogger,
    });
    await host.start();
    await using bench = httpBench({ host, schedules: fromCode }, store);
    await bench.post("/v1/schedules", { ...nightly, id: "b" });
    expect((await bench.get("/v1/schedules?origin=code")).body.schedules).toMatchObject([{ id: "a" }]);
    const refused = await bench.post("/v1/schedules/a/update", { task: "work", times: { cron: "0 2 * * *" } });
    expect(refused).toMatchObject({ status: 409, body: { code: "SCHEDULE_TAKEN" } });
    const { body } = await bench.get("/v1/schedules/a");
    expect(body.actions.cannot).toMatchObject({ "update-schedule": 'It is described in the code of "code".' });
  });

  it("S3, E30: whoever is kept to a tenant makes, sees and changes schedules of it only", async () => {
    await using bench = await started({
      authorize: (request) =>
        request.headers.has("x-tenant")
          ? { user: "ann", can: "everything", tenantId: "a" }
          : { user: "ops", can: "everything" },
    });
    const own = { "x-tenant": "a" };
    await bench.post("/v1/schedules", { ...nightly, tenantId: "b" });
    expect((await bench.post("/v1/schedules", { ...nightly, id: "own" }, own)).body.tenantId).toBe("a");
    const foreign = await bench.post("/v1/schedules", { ...nightly, tenantId: "b" }, own);
    expect(foreign).toMatchObject({ status: 403, body: { path: "body.tenantId" } });
    expect((await bench.get("/v1/schedules", own)).body.schedules.map(({ id }: { id: string }) => id)).toEqual(["own"]);
    expect((await bench.get("/v1/schedules")).body.schedules).toHaveLength(2);
    expect(await bench.get("/v1/schedules/nightly", own)).toMatchObject({ status: 404 });
    expect(await bench.get("/v1/schedules/nightly?tenant=b", own)).toMatchObject({ status: 403 });
    expect(await bench.post("/v1/schedules/nightly/pause", {}, own)).toMatchObject({ status: 404 });
    expect(await bench.get("/v1/schedules/nightly?tenant=b")).toMatchObject({ status: 200, body: { tenantId: "b" } });
  });

  it.each<[path: string, body: unknown, code: string, at: string]>([
    ["/v1/schedules", { ...nightly, times: { cron: "61 2 * * *" } }, "CRON_INVALID", "body.times[0].cron"],
    ["/v1/schedules", { ...nightly, times: { every: {} } }, "SCHEDULE_INVALID", "body.times[0].every"],
    ["/v1/schedules", { ...nightly, times: { cron: "0 0 30 2 *" } }, "SCHEDULE_NEVER_FIRES", "body.times"],
    ["/v1/schedules", { ...nightly, timeZone: "Mars/Base" }, "TIME_ZONE_UNKNOWN", "body.timeZone"],
    ["/v1/schedules", { id: "x", task: "work" }, "BODY_INVALID", "body.times"],
    ["/v1/schedules", { ...nightly, task: "millrace.bulk" }, "BODY_INVALID", "body.task"],
    ["/v1/schedules", { ...nightly, options: { id: "x" } }, "BODY_INVALID", "body.options.id"],
    ["/v1/schedules", { ...nightly, origin: { type: "code" } }, "BODY_INVALID", "body.origin"],
    ["/v1/schedules?tenant=a", nightly, "QUERY_INVALID", "query.tenant"],
    ["/v1/schedules/none/pause", {}, "SCHEDULE_NOT_FOUND", "path.scheduleId"],
  ])("Q63: %s %j is answered with %s at %s", async (...row) => {
    const [path, body, code, at] = row;
    await using bench = await started();
    const answer = await bench.post(path, body);
    expect([answer.body.code, answer.body.path]).toEqual([code, at]);
    expect(answer.body.fix.length).toBeGreaterThan(5);
  });

  it("tells when an expression would be met, or why it cannot be", async () => {
    await using bench = httpBench();
    const found = await bench.get(`/v1/schedule-preview?cron=${encodeURIComponent("*/5 * * * *")}&count=3`);
    expect(found.body.runs).toHaveLength(3);
    expect((await bench.get("/v1/schedule-preview?cron=x")).body).toMatchObject({ path: "query.cron" });
    const zone = await bench.get(`/v1/schedule-preview?cron=${encodeURIComponent("0 1 * * *")}&timeZone=x`);
    expect(zone.body).toMatchObject({ code: "TIME_ZONE_UNKNOWN", path: "query.timeZone" });
  });

  it("a handler without schedules says so", async () => {
    const { host } = httpBench();
    await using bench = httpBench({ host, schedules: undefined } as never);
    expect((await bench.get("/v1")).body.has).toMatchObject({ schedules: false });
    expect(await bench.get("/v1/schedules")).toMatchObject({ status: 404, body: { code: "PART_NOT_SERVED" } });
  });
});
