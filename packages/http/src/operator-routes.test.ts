import { createManualClock, type FacetName, type TaskStore } from "@millrace/models";
import { createMemoryTaskStore } from "@millrace/store-memory";
import { describe, expect, it } from "vitest";
import { createMemoryTaskAuditLog } from "./audit/memory-audit-log.ts";
import { httpBench } from "./testing/http-bench.ts";

describe("changes of what is queued", () => {
  it("moves a task to another time and priority, and gives it another input", async () => {
    await using bench = httpBench();
    const id = await bench.enqueue();
    const moved = await bench.post(`/v1/tasks/${id}/reschedule`, { delayMs: 60_000, priority: 7 });
    expect(moved.body).toMatchObject({ state: "scheduled", priority: 7 });
    const fed = await bench.post(`/v1/tasks/${id}/input`, { input: { n: 2 } });
    expect(fed.body.input).toEqual({ n: 2 });
    expect(bench.audits.map(({ action, outcome }) => [action, outcome])).toEqual([
      ["reschedule", "done"],
      ["replace-input", "done"],
    ]);
    await bench.post(`/v1/tasks/${id}/cancel`);
    for (const verb of ["reschedule", "input"]) {
      const refused = await bench.post(`/v1/tasks/${id}/${verb}`, verb === "input" ? { input: 1 } : {});
      expect(refused).toMatchObject({ status: 409, body: { code: "WRONG_STATUS" } });
    }
  });

  it("makes a new task like an old one, with its input or another, and says where it comes from", async () => {
    await using bench = httpBench();
    const id = await bench.enqueue("work", { tags: ["eu"], priority: 3, dedupeKey: "k" });
    const same = await bench.post(`/v1/tasks/${id}/copy`);
    expect(same.status).toBe(201);
    expect(same.body.task).toMatchObject({
      kind: "work",
      input: { n: 1 },
      tags: ["eu"],
      priority: 3,
      dedupeKey: null,
      origin: { type: "task", id },
    });
    const other = await bench.post(`/v1/tasks/${id}/copy`, { input: { n: 5 }, priority: 1 });
    expect(other.body.task).toMatchObject({ input: { n: 5 }, priority: 1, tags: [] });
  });

  it("limits a kind above its code, and takes that back", async () => {
    await using bench = httpBench();
    expect((await bench.post("/v1/kinds/work/limit", { limit: 3 })).status).toBe(200);
    const kinds = async () => (await bench.get("/v1/kinds")).body.kinds;
    expect(await kinds()).toMatchObject([{ kind: "work", limit: 3, limitOverride: 3, limitOverrideBy: "ops" }]);
    await bench.post("/v1/kinds/work/limit", { limit: null });
    expect(await kinds()).toMatchObject([{ kind: "work", limit: null, limitOverride: null, limitOverrideBy: null }]);
    expect(bench.audits).toMatchObject([
      { action: "set-limit", target: { type: "kind", id: "work" }, before: "limit none", after: "limit 3" },
      { action: "set-limit", before: "limit 3", after: "limit none" },
    ]);
  });

  it("says what the store keeps its tasks in; what it does not tell is null, and a tenant is told nothing", async () => {
    await using bench = httpBench();
    const nothing = { version: null, schemaVersion: null, schemaNeeded: null, sizeBytes: null };
    expect((await bench.get("/v1/storage")).body).toEqual({ storage: { type: "memory", ...nothing }, findings: null });
    const store = createMemoryTaskStore();
    const finding = { code: "DEAD_ROWS", message: "too many", fix: "vacuum" };
    const health = { look: async () => ({ horizon: null, tables: [], findings: [finding] }) };
    const facet = (name: FacetName) => (name === "health" ? health : null);
    await using other = httpBench({}, { ...store, facet: facet as TaskStore["facet"] });
    expect((await other.get("/v1/storage")).body).toEqual({ storage: null, findings: [finding] });
    await using tenant = httpBench({ authorize: () => ({ user: "eve", can: "everything", tenantId: "acme" }) });
    expect(await tenant.get("/v1/storage")).toMatchObject({ status: 403 });
  });

  it.each<[path: string, body: unknown, at: string]>([
    ["reschedule", { scheduledAt: "soon" }, "body.scheduledAt"],
    ["reschedule", { scheduledAt: "2030-01-01T00:00:00Z", delayMs: 5 }, "body.delayMs"],
    ["reschedule", { delayMs: -1 }, "body.delayMs"],
    ["input", {}, "body.input"],
    ["input", { input: 1, output: 2 }, "body.output"],
    ["copy", { kind: "other" }, "body.kind"],
  ])("Q63: %s %j is refused at %s", async (verb, body, at) => {
    await using bench = httpBench();
    const answer = await bench.post(`/v1/tasks/${await bench.enqueue()}/${verb}`, body);
    expect([answer.status, answer.body.code, answer.body.path]).toEqual([400, "BODY_INVALID", at]);
  });
});

describe("errors in groups", () => {
  it("are told among the newest so many, the largest group first, and never wait for a scan", async () => {
    await using bench = httpBench();
    bench.host.registerHandler({
      kind: "flaky",
      run({ input }: { readonly input: unknown }) {
        throw Object.assign(new Error(`socket ${String(input)} hung up`), { code: "ECONNRESET" });
      },
    });
    await bench.host.start();
    for (let n = 0; n < 3; n += 1) {
      const { task } = await bench.host.enqueue("flaky", n);
      await expect(bench.host.awaitResult(task.id)).rejects.toThrow("hung up");
    }
    const { body } = await bench.get("/v1/errors");
    expect(body).toMatchObject({ searched: 3, complete: true });
    expect(body.groups).toMatchObject([{ count: 3, code: "ECONNRESET", name: "Error", kinds: { flaky: 3 } }]);
    expect(body.groups[0].recent.reduce((sum: number, one: number) => sum + one, 0)).toBe(3);
    const { body: list } = await bench.get(`/v1/tasks?q=${encodeURIComponent(body.groups[0].q)}`);
    expect(list.tasks).toHaveLength(3);
    expect((await bench.get("/v1/errors?most=2")).body).toMatchObject({ searched: 2, complete: false });
    expect(await bench.get("/v1/errors?q=state:failed")).toMatchObject({ status: 400, body: { path: "query.q" } });
    expect(await bench.get("/v1/errors?most=2001")).toMatchObject({ status: 400, body: { path: "query.most" } });
  });
});

describe("the audit", () => {
  it("S20: can be read page by page, and counts who was refused", async () => {
    await using bench = httpBench({
      authorize: (request) =>
        request.headers.has("x-nobody") ? null : { user: request.headers.get("x-user") ?? "ops", can: "everything" },
    });
    const id = await bench.enqueue();
    await bench.post(`/v1/tasks/${id}/pause`, { why: "look first" }, { "x-user": "ann" });
    await bench.post(`/v1/tasks/${id}/resume`);
    await bench.post(`/v1/tasks/${id}/resume`);
    await bench.get("/v1/tasks", { "x-nobody": "1" });
    const first = await bench.get("/v1/audit?limit=2");
    expect(first.body).toMatchObject({
      durable: false,
      kept: 1_000,
      refusals: { REQUEST_UNAUTHENTICATED: { count: 1 } },
    });
    expect(first.body.entries).toMatchObject([
      { action: "resume", outcome: "WRONG_STATUS" },
      { action: "resume", outcome: "done" },
    ]);
    const second = await bench.get(`/v1/audit?limit=2&after=${first.body.next}`);
    expect(second.body).toMatchObject({ next: null, entries: [{ user: "ann", why: "look first" }] });
    expect((await bench.get("/v1/audit?user=ann&action=pause&outcome=done")).body.entries).toHaveLength(1);
    expect(await bench.get("/v1/audit?after=x")).toMatchObject({ status: 400, body: { code: "CURSOR_INVALID" } });
  });

  it("keeps the newest so many", async () => {
    const log = createMemoryTaskAuditLog({ kept: 2, clock: createManualClock() });
    for (const user of ["a", "b", "c", "d", "e"]) {
      await log.append({
        at: "2026-01-01T00:00:00.000Z",
        user,
        tenantId: null,
        action: "retry",
        target: { type: "task", id: "x" },
        before: null,
        after: null,
        outcome: "done",
        why: null,
        requestId: "r",
      });
    }
    const { entries, next } = await log.read({ limit: 10 });
    expect([entries.map(({ user }) => user), next]).toEqual([["e", "d"], null]);
    expect(() => createMemoryTaskAuditLog({ kept: 0 })).toThrow(
      expect.objectContaining({ code: "OPTION_INVALID" }) as Error,
    );
  });
});
