import { createTaskId } from "@millrace/models";
import { createMemoryTaskStore } from "@millrace/store-memory";
import { describe, expect, it } from "vitest";
import { readingRights, taskRights, type TaskRight } from "./access/task-right.ts";
import { documentRoute } from "./routes/document.ts";
import type { Route } from "./routes/route.ts";
import { routes } from "./routes/routes.ts";
import { httpBench, type HttpBench } from "./testing/http-bench.ts";

const every: readonly Route[] = [...routes, documentRoute(() => "")];
const filled = ({ path }: Route, id: string): string =>
  path
    .replace(":taskId", id)
    .replace(":kind", "work")
    .replace(":hostId", "h")
    .replace(":scheduleId", "nightly")
    .replace(":failureKey", "reason:LOST");
/** A body that each route takes. */
const bodies: Readonly<Record<string, unknown>> = {
  "POST /v1/tasks": { kind: "work" },
  "POST /v1/tasks/batch": { items: [] },
  "POST /v1/tasks/:taskId/signal": { name: "go" },
  "POST /v1/tasks/:taskId/reschedule": { delayMs: 1_000 },
  "POST /v1/tasks/:taskId/input": { input: 2 },
  "POST /v1/kinds/:kind/limit": { limit: 2 },
  "POST /v1/schedules": { id: "nightly", task: "work", times: { cron: "0 2 * * *" } },
  "POST /v1/schedules/:scheduleId/update": { task: "work", times: { cron: "0 3 * * *" } },
  "POST /v1/hosts/:hostId/drain": { drain: true },
  "POST /v1/errors/:failureKey/mark": { state: "resolved" },
  "POST /v1/bulk/retry": { q: "kind:none" },
  "POST /v1/bulk/cancel": { q: "kind:none" },
  "POST /v1/bulk/remove": { q: "kind:none" },
};
const ask = (bench: HttpBench, route: Route, id: string) => {
  const body = bodies[`${route.method} ${route.path}`];
  const init =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
  return bench.send(filled(route, id), { method: route.method, ...init });
};
/** The store, with every call that may change something counted. */
function countedStore(): { readonly store: ReturnType<typeof createMemoryTaskStore>; readonly writes: string[] } {
  const writes: string[] = [];
  const names = ["enqueue", "cancel", "change", "retry", "signal", "remove", "setKind", "settle"] as const;
  const store = createMemoryTaskStore();
  const counted = names.map((name) => {
    const call = store[name].bind(store) as (...given: readonly unknown[]) => unknown;
    return [name, (...given: readonly unknown[]) => (writes.push(name), call(...given))] as const;
  });
  return { store: { ...store, ...Object.fromEntries(counted) }, writes };
}

describe("who may do what", () => {
  it.each(every.map((route) => [`${route.method} ${route.path}`, route] as const))(
    "S2: %s is refused to nobody, to whoever lacks its right, and to a throw of authorize",
    async (_name, route) => {
      const asked: unknown[] = [];
      const others = taskRights.filter((right) => right !== route.right);
      const answers = [
        () => null,
        () => {
          throw new Error("the directory is down");
        },
        () => ({ user: "ann", can: ["reed" as TaskRight] }),
        () => ({ user: "", can: "everything" as const }),
      ];
      for (const authorize of answers) {
        await using closed = httpBench({ authorize });
        expect(await ask(closed, route, createTaskId())).toMatchObject({
          status: 401,
          body: { code: "REQUEST_UNAUTHENTICATED" },
        });
      }
      await using bench = httpBench({
        authorize(_request, question) {
          asked.push(question.right);
          return { user: "ann", can: others };
        },
      });
      const id = await bench.enqueue();
      expect(await ask(bench, route, id)).toMatchObject({ status: 403, body: { code: "REQUEST_FORBIDDEN" } });
      expect(asked).toEqual([route.right]);
    },
  );

  it("S4: a handler that only reads writes nothing, whoever asks, and says so", async () => {
    const { store, writes } = countedStore();
    await using bench = httpBench({ readOnly: true }, store);
    const id = await bench.enqueue();
    writes.length = 0;
    for (const route of every.filter(({ changes }) => changes)) {
      expect(await ask(bench, route, id)).toMatchObject({ status: 403, body: { code: "REQUEST_READ_ONLY" } });
    }
    expect(writes).toEqual([]);
    expect((await bench.get(`/v1/tasks/${id}`)).body.actions.can).toEqual([]);
    expect((await bench.get("/v1")).body).toMatchObject({
      readOnly: true,
      rights: ["health", "read", "read-audit"],
      lacking: taskRights.filter((right) => !readingRights.has(right)),
    });
  });

  it("S3, E30: whoever is kept to a tenant sees, counts, changes and makes its tasks only", async () => {
    await using bench = httpBench({ authorize: () => ({ user: "ann", can: "everything", tenantId: "a" }) });
    const own = await bench.enqueue("work", { tenantId: "a" });
    const foreign = await bench.enqueue("work", { tenantId: "b" });
    for (const route of every.filter(({ path }) => path.includes(":taskId"))) {
      const answer = await ask(bench, route, foreign);
      expect([route.path, answer.status, answer.body.code]).toEqual([route.path, 404, "TASK_NOT_FOUND"]);
    }
    const queries = ["", "tenant:b", "kind:work", `id:${foreign}`, `id:${own},${foreign}`, "payload.n:1", "-kind:x"];
    for (const q of queries) {
      const { body } = await bench.get(`/v1/tasks?q=${encodeURIComponent(q)}`);
      expect([q, body.tasks.filter(({ id }: { id: string }) => id === foreign)]).toEqual([q, []]);
    }
    expect((await bench.get("/v1/aggregate")).body.total.count).toBe(1);
    expect((await bench.get("/v1/events")).body.events.map((event: { tenantId: string }) => event.tenantId)).toEqual([
      "a",
    ]);
    for (const route of every.filter(({ scope }) => scope === "store")) {
      expect((await ask(bench, route, own)).body.code).toBe("REQUEST_FORBIDDEN");
    }
    const made = await bench.post("/v1/tasks", { kind: "work" });
    expect(made.body.task.tenantId).toBe("a");
    const smuggled = await bench.post("/v1/tasks", { kind: "work", options: { tenantId: "b" } });
    expect(smuggled).toMatchObject({ status: 403, body: { path: "body.options.tenantId" } });
    const bulk = await bench.post("/v1/bulk/cancel", { q: "kind:work", delayMs: 0 });
    await bench.host.start();
    expect(await bench.host.awaitResult(bulk.body.id)).toMatchObject({ refused: 0 });
    expect((await bench.host.getTask(foreign))?.status).not.toBe("cancelled");
  });

  it("S2: to terminate needs a right of its own", async () => {
    await using bench = httpBench({ authorize: () => ({ user: "ann", can: ["read", "cancel"] }) });
    const id = await bench.enqueue();
    expect(await bench.post(`/v1/tasks/${id}/terminate`)).toMatchObject({ status: 403 });
    expect((await bench.post(`/v1/tasks/${id}/cancel`)).body.status).toBe("cancelled");
  });

  it("S20: refused changes are audited too, and an auditor that fails does not undo what was done", async () => {
    await using bench = httpBench({ authorize: () => ({ user: "ann", can: ["read"] }) });
    const id = await bench.enqueue();
    await bench.send(`/v1/tasks/${id}/retry`, { method: "POST", headers: { "x-request-id": "r-1" } });
    const target = { type: "task", id };
    expect(bench.audits).toMatchObject([
      { user: "ann", action: "retry", target, outcome: "REQUEST_FORBIDDEN", requestId: "r-1" },
    ]);
    await using failing = httpBench({ onAudit: () => Promise.reject(new Error("full")) });
    expect((await failing.post(`/v1/tasks/${await failing.enqueue()}/cancel`)).status).toBe(200);
  });

  it.each(every.filter(({ changes }) => changes).map((route) => [`${route.method} ${route.path}`, route] as const))(
    "S20: %s leaves one entry",
    async (_name, route) => {
      await using bench = httpBench();
      await ask(bench, route, await bench.enqueue());
      expect(bench.audits).toHaveLength(1);
    },
  );
});

describe("changes that a page of another origin asks for", () => {
  const site = (value: string) => ({ "sec-fetch-site": value });
  it.each<[headers: Readonly<Record<string, string>>, allowed: boolean]>([
    [{}, true],
    [{ cookie: "a=b" }, false],
    [site("same-origin"), true],
    [site("none"), true],
    [site("same-site"), false],
    [site("cross-site"), false],
    [{ ...site("cross-site"), origin: "https://ops.example.com" }, true],
    [{ origin: "https://example.com", host: "example.com" }, true],
    [{ origin: "https://evil.example", host: "example.com" }, false],
    [{ origin: "https://example.com.evil.example", host: "example.com" }, false],
    [{ origin: "null", host: "example.com" }, false],
    [{ origin: "", host: "example.com", cookie: "a=b" }, false],
  ])("S5: %j is let through: %j", async (headers, allowed) => {
    const { store, writes } = countedStore();
    await using bench = httpBench({ allowedOrigins: ["https://ops.example.com"] }, store);
    const id = await bench.enqueue();
    writes.length = 0;
    const answer = await bench.send(`/v1/tasks/${id}/cancel`, { method: "POST", headers });
    const { status, body } = answer;
    const told = [status, writes.length, body.code ?? null];
    expect(told).toEqual(allowed ? [200, 1, null] : [403, 0, "REQUEST_FOREIGN"]);
  });

  it.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/jsonp",
    "",
  ])("S5: a body of %j is refused", async (type) => {
    await using bench = httpBench();
    const init = {
      method: "POST",
      body: new TextEncoder().encode('{"kind":"work"}'),
      headers: { "content-type": type },
    };
    expect(await bench.send("/v1/tasks", init)).toMatchObject({ status: 415, body: { code: "BODY_TYPE_UNSUPPORTED" } });
  });

  it("S5: nothing is changed by GET or HEAD", async () => {
    const { store, writes } = countedStore();
    await using bench = httpBench({}, store);
    const id = await bench.enqueue();
    writes.length = 0;
    for (const path of new Set(every.map((route) => filled(route, id)))) {
      for (const method of ["GET", "HEAD"]) {
        const response = await bench.handler(new Request(`https://example.com${path}`, { method }));
        await response.body?.cancel();
      }
    }
    expect(writes).toEqual([]);
  });
});

it("S7: every answer says that it is data and no page", async () => {
  await using bench = httpBench();
  const answers = [await bench.get("/v1"), await bench.get("/v1/nothing"), await bench.post("/v1/tasks", { kind: 1 })];
  for (const { headers } of answers) {
    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("x-request-id")).toBeTruthy();
  }
});
