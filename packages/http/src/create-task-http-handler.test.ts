import { createTaskId, taskStates } from "@millrace/models";
import { createSqliteTaskStore } from "@millrace/store-sqlite";
import { describe, expect, it } from "vitest";
import { createTaskHttpHandler } from "./create-task-http-handler.ts";
import { httpBench } from "./testing/http-bench.ts";

const ids = (answer: { readonly body: { readonly tasks: readonly { readonly id: string }[] } }): readonly string[] =>
  answer.body.tasks.map(({ id }) => id);

const nobody = (): null => null;

describe("reading over HTTP", () => {
  it("R40: shows a task with what may be done to it, and never its lease", async () => {
    await using bench = httpBench();
    const id = await bench.enqueue("work", { tags: ["a"] });
    const { status, body } = await bench.get(`/v1/tasks/${id}`);
    expect([status, body.id, body.input, body.state]).toEqual([200, id, { n: 1 }, "queued"]);
    expect(body.actions.can).toEqual(["cancel", "signal", "pause", "reschedule", "replace-input"]);
    expect(body.actions.cannot).toMatchObject({ retry: "It is queued.", remove: "It has not ended." });
    expect(Object.keys(body)).not.toContain("leaseToken");
    expect(Object.keys(body)).not.toContain("lastLeaseToken");
  });

  it("R40, R43: lists tasks of a query, page by page, without inputs, none twice", async () => {
    await using bench = httpBench();
    for (let n = 0; n < 7; n += 1) await bench.enqueue(n % 2 === 0 ? "billing.charge" : "media.resize");
    const first = await bench.get("/v1/tasks?q=kind:billing.*&limit=3&order=created_asc");
    expect(first.body.tasks).toHaveLength(3);
    expect(first.body.tasks[0].input).toBeUndefined();
    const rest = await bench.get(`/v1/tasks?q=kind:billing.*&limit=3&order=created_asc&after=${first.body.next}`);
    expect(rest.body).toMatchObject({ next: null, searched: null });
    expect(new Set([...ids(first), ...ids(rest)]).size).toBe(4);
  });

  it("R40: what no index knows is looked for among so many tasks, says how many, and can be gone on with", async () => {
    await using bench = httpBench({ limits: { searchedTasks: 4 } });
    const made: string[] = [];
    for (let n = 0; n < 6; n += 1) made.push((await bench.host.enqueue("work", { customer: n % 3 })).task.id);
    const first = await bench.get("/v1/tasks?q=payload.customer:1&order=created_asc");
    expect([ids(first), first.body.searched]).toEqual([[made[1]], 4]);
    const rest = await bench.get(`/v1/tasks?q=payload.customer:1&order=created_asc&after=${first.body.next}`);
    expect([ids(rest), rest.body.next, rest.body.searched]).toEqual([[made[4]], null, 2]);
    const one = await bench.get("/v1/tasks?q=payload.customer:0,1&order=created_asc&limit=1");
    const two = await bench.get(`/v1/tasks?q=payload.customer:0,1&order=created_asc&limit=1&after=${one.body.next}`);
    expect([ids(one), ids(two)]).toEqual([[made[0]], [made[1]]]);
  });

  it("R41, R42: steps, attempts and events of a task that ran", async () => {
    await using bench = httpBench();
    bench.host.registerHandler({
      kind: "talk",
      retry: { maxAttempts: 2, backoff: { type: "fixed", delayMs: 0 } },
      async run(_input: never, context) {
        await context.appendStep({ message: `attempt ${context.task.attempt}` });
        if (context.task.attempt === 1) throw new Error("not yet");
      },
    });
    await bench.host.start();
    const id = await bench.enqueue("talk");
    await bench.host.awaitResult(id);
    const { body } = await bench.get(`/v1/tasks/${id}/steps?limit=1`);
    expect([body.steps[0].message, typeof body.next]).toEqual(["attempt 1", "string"]);
    const next = await bench.get(`/v1/tasks/${id}/steps?after=${body.next}`);
    expect(next.body.steps.map(({ message }: { message: string }) => message)).toEqual(["attempt 2"]);
    const attempts = await bench.get(`/v1/tasks/${id}/attempts`);
    expect(attempts.body.attempts).toMatchObject([{ attempt: 1, outcome: "retried", failure: { message: "not yet" } }]);
    expect(attempts.body.attempts[0].leaseToken).toBeUndefined();
    const events = await bench.get(`/v1/tasks/${id}/events?types=enqueued,succeeded`);
    expect(events.body.events.map(({ type }: { type: string }) => type)).toEqual(["enqueued", "succeeded"]);
    const shown = await bench.get(`/v1/tasks/${id}?steps=1`);
    expect(shown.body.steps).toMatchObject([{ message: "attempt 2" }]);
    expect((await bench.get("/v1/tasks?q=result.x:1 -payload.n:1")).body.tasks).toEqual([]);
  });

  it("R44: counts by state, exactly where counters know and as at least so many where they do not", async () => {
    await using bench = httpBench({ limits: { searchedTasks: 2 } });
    for (let n = 0; n < 3; n += 1) await bench.enqueue();
    const all = await bench.get("/v1/aggregate");
    expect(all.body).toMatchObject({ total: { count: 3, exact: true }, searched: null });
    expect(Object.keys(all.body.byState)).toEqual(taskStates);
    const some = await bench.get("/v1/aggregate?q=payload.n:1");
    expect(some.body).toMatchObject({ total: { count: 2, exact: false }, searched: 2 });
  });

  it("says why a task does not run", async () => {
    await using bench = httpBench();
    const id = await bench.enqueue("orphan");
    const { body } = await bench.get(`/v1/tasks/${id}/explain`);
    expect(body).toMatchObject({ reasons: [{ code: "no-host" }], text: 'No live host serves the kind "orphan".' });
  });

  it("R47: kinds, hosts, limits, the journal, and whoever asks", async () => {
    await using bench = httpBench();
    await bench.host.start();
    await bench.enqueue();
    expect((await bench.get("/v1/kinds")).body.kinds.map(({ kind }: { kind: string }) => kind)).toContain("work");
    expect((await bench.get("/v1/hosts")).body.hosts).toMatchObject([{ hostId: bench.host.id, state: "running" }]);
    expect((await bench.get("/v1/limits")).body).toEqual({ limits: [] });
    expect((await bench.get("/v1/events?types=enqueued")).body).toMatchObject({ status: "events" });
    const { events } = (await bench.get("/v1/events")).body;
    expect(events).toContainEqual(
      expect.objectContaining({ type: "host_started", hostId: bench.host.id, taskId: null }),
    );
    expect((await bench.get("/v1")).body).toMatchObject({ user: "ops", readOnly: false, tenantId: null });
    expect((await bench.get("/v1/health")).body).toEqual({ status: "ok", warnings: [] });
    expect((await bench.get("/v1/ready")).body).toEqual({ status: "ready" });
    await bench.host.stop();
    expect(await bench.get("/v1/ready")).toMatchObject({ status: 503, body: { code: "NOT_READY" } });
  });

  it("R40, R44: the same over a store of SQLite", async () => {
    await using bench = httpBench({}, createSqliteTaskStore({ path: ":memory:" }));
    const id = await bench.enqueue("billing.charge", { tags: ["a"], dedupeKey: "d" });
    await bench.enqueue("media.resize");
    const queries = [
      "kind:billing.*",
      "tag:a",
      "key:d",
      "-kind:media.resize",
      "payload.n:1 kind:billing.charge",
      id.slice(0, 30),
    ];
    for (const q of queries) {
      const found = ids(await bench.get(`/v1/tasks?q=${encodeURIComponent(q)}`));
      expect([q, found.includes(id)]).toEqual([q, true]);
    }
    expect((await bench.get("/v1/aggregate?q=state:queued")).body.total).toEqual({ count: 2, exact: true });
    expect((await bench.get(`/v1/tasks?after=${"x".repeat(20)}`)).body.code).toBe("CURSOR_INVALID");
    expect((await bench.get("/v1/events?after=nonsense")).body.code).toBe("CURSOR_INVALID");
  });
});

describe("changing over HTTP", () => {
  it("enqueues a task, once for one key, and many at once", async () => {
    await using bench = httpBench();
    const made = await bench.post("/v1/tasks", { kind: "work", input: { a: 1 }, options: { dedupeKey: "k" } });
    expect([made.status, made.body.disposition, made.body.task.input]).toEqual([201, "created", { a: 1 }]);
    const again = await bench.post("/v1/tasks", { kind: "work", options: { dedupeKey: "k" } });
    expect([again.status, again.body.reusedTaskId]).toEqual([200, made.body.task.id]);
    const many = await bench.post("/v1/tasks/batch", { items: [{ kind: "work" }, { kind: "work", input: 2 }] });
    expect([many.status, many.body.tasks.length]).toEqual([201, 2]);
  });

  it("retries, cancels, pauses, resumes, signals and removes a task, each with an entry of the audit", async () => {
    await using bench = httpBench();
    const id = await bench.enqueue();
    expect((await bench.post(`/v1/tasks/${id}/pause`, { why: "wait" })).body).toMatchObject({
      status: "paused",
      pausedBy: "ops",
    });
    expect((await bench.post(`/v1/tasks/${id}/resume`)).body.status).toBe("queued");
    expect((await bench.post(`/v1/tasks/${id}/signal`, { name: "go", payload: null })).body).toEqual({
      result: "kept",
    });
    const cancelled = await bench.post(`/v1/tasks/${id}/cancel`, { reason: "wrong" });
    expect(cancelled.body).toMatchObject({ status: "cancelled", cancelledBy: "ops", cancelReason: "wrong" });
    expect((await bench.post(`/v1/tasks/${id}/retry`)).body.status).toBe("queued");
    expect(await bench.delete(`/v1/tasks/${id}`)).toMatchObject({ status: 409, body: { code: "WRONG_STATUS" } });
    await bench.post(`/v1/tasks/${id}/cancel`);
    expect((await bench.delete(`/v1/tasks/${id}`)).body).toEqual({ removed: true });
    expect((await bench.get(`/v1/tasks/${id}`)).body.code).toBe("TASK_NOT_FOUND");
    const told = bench.audits.map(({ action, before, after, outcome, why }) => [action, before, after, outcome, why]);
    expect(told).toEqual([
      ["pause", "queued", "paused", "done", "wait"],
      ["resume", "paused", "queued", "done", null],
      ["signal", "queued", null, "done", "go"],
      ["cancel", "queued", "cancelled", "done", "wrong"],
      ["retry", "cancelled", "queued", "done", null],
      ["remove", "queued", null, "WRONG_STATUS", null],
      ["cancel", "queued", "cancelled", "done", null],
      ["remove", "cancelled", null, "done", null],
    ]);
    expect(bench.audits.every(({ user, target }) => user === "ops" && target.id === id)).toBe(true);
  });

  it("pauses and resumes kinds, also those with a slash in their name, and drains hosts", async () => {
    await using bench = httpBench();
    await bench.host.start();
    const kind = encodeURIComponent("a/b v1/ü");
    await bench.post(`/v1/kinds/${kind}/pause`, { why: "broken" });
    const { body } = await bench.get("/v1/kinds");
    const paused = body.kinds.find((one: { kind: string }) => one.kind === "a/b v1/ü");
    expect(paused).toMatchObject({ pausedBy: "ops", pausedWhy: "broken" });
    expect((await bench.post(`/v1/kinds/${kind}/resume`)).body.paused).toBe(false);
    expect((await bench.post(`/v1/hosts/${bench.host.id}/drain`, { drain: true })).body.drain).toBe(true);
    expect(await bench.post("/v1/hosts/nobody/drain", { drain: true })).toMatchObject({ status: 404 });
  });

  it("does something to all tasks of a query: counted before, by a task of its own, which can be taken back", async () => {
    await using bench = httpBench();
    for (let n = 0; n < 5; n += 1) await bench.enqueue("spam");
    const kept = await bench.enqueue("ham");
    expect((await bench.get("/v1/bulk?q=kind:spam")).body).toEqual({ count: 5, exact: true, byKind: { spam: 5 } });
    const refused = await bench.post("/v1/bulk/cancel", { q: "" });
    expect(refused.body).toMatchObject({ code: "FILTER_EMPTY", path: "body.q" });
    const bulk = await bench.post("/v1/bulk/cancel", { q: "kind:spam", why: "spam", delayMs: 0 });
    expect([bulk.status, bulk.body.kind]).toEqual([202, "millrace.bulk"]);
    const late = await bench.post("/v1/bulk/cancel", { q: "kind:ham" });
    expect((await bench.post(`/v1/tasks/${late.body.id}/cancel`)).body.status).toBe("cancelled");
    await bench.host.start();
    expect(await bench.host.awaitResult(bulk.body.id)).toEqual({ done: 5, refused: 0, refusals: [] });
    const spam = await bench.get("/v1/tasks?q=kind:spam");
    expect(new Set(spam.body.tasks.map((task: { cancelledBy: string }) => task.cancelledBy))).toEqual(new Set(["ops"]));
    expect((await bench.get(`/v1/tasks/${kept}`)).body.status).toBe("queued");
    expect(bench.audits.filter(({ action }) => action === "bulk-cancel")).toHaveLength(3);
  });
});

describe("the place of the handler", () => {
  it.each(["", "/ops", "/api/v1/tasks", "/a/b/c", "/v1x"])(
    "answers under %j, and its document says so",
    async (mount) => {
      await using bench = httpBench();
      const id = await bench.enqueue();
      expect((await bench.get(`${mount}/v1/tasks/${id}`)).body.id).toBe(id);
      expect((await bench.get(`${mount}/v1/`)).body.user).toBe("ops");
      const { body } = await bench.get(`${mount}/v1/openapi.json`);
      expect(body.servers).toEqual([{ url: mount === "" ? "/" : mount }]);
    },
  );

  it("documents every route by the schemas that check it", async () => {
    await using bench = httpBench();
    const { body } = await bench.get("/v1/openapi.json");
    expect(body.openapi).toBe("3.1.0");
    const enqueue = body.paths["/v1/tasks"].post;
    expect(enqueue.requestBody.content["application/json"].schema).toMatchObject({
      required: ["kind"],
      additionalProperties: false,
    });
    const used = [...JSON.stringify(body).matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name);
    for (const name of used) expect(Object.keys(body.components.schemas)).toContain(name);
    const operations = Object.values(body.paths).flatMap((one) =>
      Object.values(one as Record<string, { operationId: string }>),
    );
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    expect(operations.length).toBeGreaterThan(25);
  });
});

describe("a handler that cannot be made", () => {
  it("S1: refuses to be made without authorize, and says how to say that nobody is asked", () => {
    const host = { getState: () => "idle" } as never;
    expect(() => createTaskHttpHandler({ host } as never)).toThrow(
      expect.objectContaining({ code: "OPTION_INVALID", fix: expect.stringContaining("none-i-am-behind-a-proxy") }),
    );
  });

  it.each([
    [{}, "host"],
    [{ authorise: nobody }, "authorise"],
    [{ client: {}, authorize: "none" }, "authorize"],
    [{ client: {}, authorize: nobody, readOnly: "yes" }, "readOnly"],
    [{ client: {}, authorize: nobody, allowedOrigins: ["example.com"] }, "allowedOrigins[0]"],
    [{ client: {}, authorize: nobody, limits: { bodyBytes: 1 } }, "limits.bodyBytes"],
    [{ client: {}, authorize: nobody, limits: { bodySize: 1 } }, "limits.bodySize"],
    [{ client: {}, authorize: nobody, limits: { rate: { count: 0, perMs: 1 } } }, "limits.rate"],
  ])("T47: refuses %j by its path", (options, path) => {
    expect(() => createTaskHttpHandler(options as never)).toThrow(
      expect.objectContaining({ code: "OPTION_INVALID", details: expect.objectContaining({ path }) }),
    );
  });

  it("S1: one that asks nobody says so in its health", async () => {
    await using bench = httpBench({ authorize: "none-i-am-behind-a-proxy" });
    const { body } = await bench.get("/v1/health");
    expect(body.warnings).toHaveLength(1);
    expect((await bench.get(`/v1/tasks/${createTaskId()}`)).body.code).toBe("TASK_NOT_FOUND");
  });
});
