import { createManualClock, createTaskId } from "@millrace/models";
import { createMemoryTaskStore } from "@millrace/store-memory";
import { describe, expect, it } from "vitest";
import { routes } from "./routes/routes.ts";
import { httpBench } from "./testing/http-bench.ts";

const json = { "content-type": "application/json" };

describe("what is wrong with a request", () => {
  it.each<[method: string, path: string, body: unknown, status: number, code: string, at: string | undefined]>([
    ["GET", "/v1/tasks?limit=0", undefined, 400, "QUERY_INVALID", "query.limit"],
    ["GET", "/v1/tasks?limit=201", undefined, 400, "QUERY_INVALID", "query.limit"],
    ["GET", "/v1/tasks?limit=1e2", undefined, 400, "QUERY_INVALID", "query.limit"],
    ["GET", "/v1/tasks?limit=5&limit=6", undefined, 400, "QUERY_INVALID", "query.limit"],
    ["GET", "/v1/tasks?page=2", undefined, 400, "QUERY_INVALID", "query.page"],
    ["GET", "/v1/tasks?__proto__=2", undefined, 400, "QUERY_INVALID", "query.__proto__"],
    ["GET", "/v1/tasks?order=random", undefined, 400, "QUERY_INVALID", "query.order"],
    ["GET", "/v1/tasks?after=zzz", undefined, 400, "CURSOR_INVALID", "query.after"],
    ["GET", "/v1/tasks?after=%00", undefined, 400, "QUERY_INVALID", "query.after"],
    ["GET", "/v1/tasks?q=kinds:a", undefined, 400, "QUERY_INVALID", "query.q"],
    ["GET", "/v1/tasks?q=tag:%00", undefined, 400, "QUERY_INVALID", "query.q"],
    ["GET", "/v1/tasks?q=%ff", undefined, 200, "", undefined],
    ["GET", "/v1/aggregate?q=state:broken", undefined, 400, "QUERY_INVALID", "query.q"],
    ["GET", "/v1/events?after=zzz", undefined, 400, "CURSOR_INVALID", "query.after"],
    ["GET", "/v1/occurrences?before=5", undefined, 400, "QUERY_INVALID", "query.before"],
    ["GET", "/v1/events?types=exploded", undefined, 400, "QUERY_INVALID", "query.types[0]"],
    ["GET", "/v1/retention?since=1", undefined, 400, "QUERY_INVALID", "query.since"],
    ["GET", "/v1/retention/preview?successTtlMs=-1", undefined, 400, "QUERY_INVALID", "query.successTtlMs"],
    ["GET", "/v1/retention/preview?failedTtlMs=7d", undefined, 400, "QUERY_INVALID", "query.failedTtlMs"],
    [
      "GET",
      "/v1/retention/preview?cancelledTtlMs=9999999999999999",
      undefined,
      400,
      "QUERY_INVALID",
      "query.cancelledTtlMs",
    ],
    [
      "GET",
      "/v1/retention/preview?keepLatestFailuresPerKind=",
      undefined,
      400,
      "QUERY_INVALID",
      "query.keepLatestFailuresPerKind",
    ],
    ["GET", "/v1/retention/preview?stepLimitPerTask=5", undefined, 400, "QUERY_INVALID", "query.stepLimitPerTask"],
    ["GET", "/v1/tasks/7", undefined, 400, "TASK_ID_INVALID", "path.taskId"],
    ["GET", "/v1/tasks/..%2f..%2fetc", undefined, 400, "TASK_ID_INVALID", "path.taskId"],
    ["GET", "/v1/tasks/%E0%A4%A", undefined, 400, "TASK_ID_INVALID", "path.taskId"],
    ["GET", `/v1/tasks/${createTaskId()}`, undefined, 404, "TASK_NOT_FOUND", "path.taskId"],
    ["GET", `/v1/tasks/${createTaskId()}/steps?from=middle`, undefined, 400, "QUERY_INVALID", "query.from"],
    ["GET", "/v1/else", undefined, 404, "ROUTE_UNKNOWN", undefined],
    ["GET", "/elsewhere", undefined, 404, "ROUTE_UNKNOWN", undefined],
    ["PUT", "/v1/tasks", {}, 405, "METHOD_UNKNOWN", undefined],
    ["POST", "/v1/tasks", undefined, 400, "BODY_INVALID", "body"],
    ["POST", "/v1/tasks", [], 400, "BODY_INVALID", "body"],
    ["POST", "/v1/tasks", {}, 400, "BODY_INVALID", "body.kind"],
    ["POST", "/v1/tasks", { kind: "work", payload: 1 }, 400, "BODY_INVALID", "body.payload"],
    ["POST", "/v1/tasks", { kind: "a\u0000" }, 400, "BODY_INVALID", "body.kind"],
    ["POST", "/v1/tasks", { kind: "millrace.bulk" }, 400, "BODY_INVALID", "body.kind"],
    ["POST", "/v1/tasks", { kind: "work", options: { priority: 1.5 } }, 400, "BODY_INVALID", "body.options.priority"],
    ["POST", "/v1/tasks", { kind: "work", options: { id: "A" } }, 400, "TASK_ID_INVALID", "body.options.id"],
    [
      "POST",
      "/v1/tasks",
      { kind: "work", options: { scheduledAt: "soon" } },
      400,
      "OPTION_INVALID",
      "body.options.scheduledAt",
    ],
    [
      "POST",
      "/v1/tasks",
      { kind: "work", options: { waitFor: ["x"] } },
      400,
      "TASK_ID_INVALID",
      "body.options.waitFor[0]",
    ],
    [
      "POST",
      "/v1/tasks",
      { kind: "work", options: { metadata: [] } },
      400,
      "METADATA_INVALID",
      "body.options.metadata",
    ],
    ["POST", "/v1/tasks/batch", { items: [{ kind: "work" }, { kind: 7 }] }, 400, "BODY_INVALID", "body.items[1].kind"],
    ["POST", "/v1/bulk/drop", { q: "a" }, 404, "ROUTE_UNKNOWN", undefined],
    ["POST", "/v1/bulk/retry", { q: "kind:" }, 400, "QUERY_INVALID", "body.q"],
    ["POST", "/v1/kinds/%00/pause", {}, 400, "QUERY_INVALID", "path.kind"],
    ["POST", "/v1/hosts/h/drain", { drain: "yes" }, 400, "BODY_INVALID", "body.drain"],
    ["GET", "/v1/errors?state=closed", undefined, 400, "QUERY_INVALID", "query.state"],
    ["POST", "/v1/errors/reason%3AX/mark", undefined, 400, "BODY_INVALID", "body"],
    ["POST", "/v1/errors/reason%3AX/mark", { state: "open" }, 400, "BODY_INVALID", "body.state"],
    ["POST", "/v1/errors/reason%3AX/mark", { state: "resolved", by: "me" }, 400, "BODY_INVALID", "body.by"],
    ["POST", "/v1/errors/a/mark", { state: "resolved", untilCount: 3 }, 400, "BODY_INVALID", "body.untilCount"],
    ["POST", "/v1/errors/a/mark", { state: "ignored", untilCount: 0 }, 400, "BODY_INVALID", "body.untilCount"],
    ["POST", "/v1/errors/a/mark", { state: "ignored", note: "a\u0000" }, 400, "BODY_INVALID", "body.note"],
    ["POST", `/v1/errors/${"k".repeat(201)}/mark`, { state: "resolved" }, 400, "QUERY_INVALID", "path.failureKey"],
    ["DELETE", "/v1/errors/%00/mark", undefined, 400, "QUERY_INVALID", "path.failureKey"],
    ["DELETE", "/v1/errors/a/mark", { all: true }, 400, "BODY_INVALID", "body"],
    ["DELETE", `/v1/tasks/${createTaskId()}`, { all: true }, 400, "BODY_INVALID", "body"],
  ])("Q63: %s %s %j is answered %i %s at %s", async (...row) => {
    const [method, path, body, status, code, at] = row;
    await using bench = httpBench();
    const sent = body === undefined ? {} : { headers: json, body: JSON.stringify(body) };
    const answer = await bench.send(path, { method, ...sent });
    expect([answer.status, answer.body.code ?? "", answer.body.path]).toEqual([status, code, at]);
    if (code === "") return;
    expect(answer.headers.get("content-type")).toBe("application/problem+json; charset=utf-8");
    expect(answer.body.fix.length).toBeGreaterThan(5);
    expect(answer.body).toMatchObject({ type: `urn:millrace:error:${code}`, status, retryable: false });
  });

  it("Q63: points at the place of a query that cannot be understood", async () => {
    await using bench = httpBench();
    const { body } = await bench.get(`/v1/tasks?q=${encodeURIComponent("kind:a stat:failed")}`);
    expect(body).toMatchObject({ path: "query.q", at: 7, length: 4, fix: expect.stringContaining("state:") });
  });

  it("tells which methods a path takes", async () => {
    await using bench = httpBench();
    const { headers } = await bench.send("/v1/tasks", { method: "PATCH" });
    expect(headers.get("allow")).toBe("GET, POST");
  });

  it("says of input what its schema says", async () => {
    await using bench = httpBench();
    bench.host.registerHandler({
      kind: "strict",
      input: {
        "~standard": {
          version: 1,
          vendor: "test",
          validate: () => ({ issues: [{ message: "too short", path: ["name"] }] }),
        },
      },
      run: () => null,
    });
    const { status, body } = await bench.post("/v1/tasks", { kind: "strict", input: {} });
    expect([status, body.code, body.path]).toEqual([400, "INPUT_INVALID", "body.input"]);
    expect(body.issues).toEqual([{ path: "name", message: "too short" }]);
  });

  it("S16: says of an error of the server no more than its code", async () => {
    const store = {
      ...createMemoryTaskStore(),
      get: () => Promise.reject(new Error("password=hunter2")),
      read: () => Promise.reject(new Error("hunter2")),
    };
    await using bench = httpBench({}, store);
    const answer = await bench.get("/v1/tasks");
    expect(answer).toMatchObject({ status: 500, body: { code: "INTERNAL" } });
    expect(JSON.stringify(answer.body)).not.toContain("hunter2");
  });

  it("S15: no field that says where a task stands, or who has it, can be sent", async () => {
    await using bench = httpBench();
    const names = [
      "status",
      "state",
      "attempt",
      "leaseToken",
      "hostId",
      "version",
      "origin",
      "parentId",
      "allowUnknownKinds",
      "failures",
    ];
    for (const name of names) {
      const within = await bench.post("/v1/tasks", { kind: "work", options: { [name]: "x" } });
      const beside = await bench.post("/v1/tasks", { kind: "work", [name]: "x" });
      expect([within.body.path, beside.body.path]).toEqual([`body.options.${name}`, `body.${name}`]);
    }
  });
});

describe("what is too much", () => {
  it("S14: a body at its bound is taken, one byte more is not, announced or not", async () => {
    await using bench = httpBench({ limits: { bodyBytes: 1_024 } });
    const of = (length: number): string => `{"kind":"work","input":"${"x".repeat(length - 26)}"}`;
    expect(of(1_024)).toHaveLength(1_024);
    const post = (body: string | ReadableStream) =>
      bench.send("/v1/tasks", { method: "POST", headers: json, body, duplex: "half" });
    expect((await post(of(1_024))).status).toBe(201);
    const stream = new Blob([of(1_025)]).stream();
    for (const body of [of(1_025), stream])
      expect(await post(body)).toMatchObject({ status: 413, body: { code: "BODY_TOO_LARGE" } });
  });

  it("S14, S22: JSON at its depth is taken, and a bomb is refused before anything is made of it", async () => {
    await using bench = httpBench();
    const nested = (depth: number): string =>
      `{"kind":"work","input":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}}`;
    const post = (body: string) => bench.send("/v1/tasks", { method: "POST", headers: json, body });
    expect((await post(nested(32))).status).toBe(201);
    expect(await post(nested(33))).toMatchObject({ status: 400, body: { code: "BODY_INVALID", path: "body" } });
    expect(await post("[".repeat(1_000_000))).toMatchObject({ status: 400, body: { path: "body" } });
    expect((await post(`{"kind":"work","input":"[[[[${"[".repeat(100)}\\"["}`)).status).toBe(201);
  });

  it("S14: as many tasks as a call may bring, and no more; a page and an address likewise", async () => {
    await using bench = httpBench({ limits: { batchSize: 2, pageSize: 2, urlLength: 300 } });
    const items = (count: number): unknown => ({ items: Array.from({ length: count }, () => ({ kind: "work" })) });
    expect((await bench.post("/v1/tasks/batch", items(2))).status).toBe(201);
    expect(await bench.post("/v1/tasks/batch", items(3))).toMatchObject({ status: 413, body: { path: "body.items" } });
    expect((await bench.get("/v1/tasks?limit=2")).status).toBe(200);
    expect((await bench.get("/v1/tasks?limit=3")).body.path).toBe("query.limit");
    expect((await bench.get(`/v1/tasks?q=${"x".repeat(300)}`)).status).toBe(400);
  });

  it("S14: one user who asks too often waits, and no other", async () => {
    const clock = createManualClock();
    let user = "ann";
    const authorize = () => ({ user, can: "everything" as const });
    await using bench = httpBench({ clock, authorize, limits: { rate: { count: 1, perMs: 2_000, burst: 2 } } });
    for (const status of [200, 200, 429]) expect((await bench.get("/v1")).status).toBe(status);
    const refused = await bench.get("/v1");
    expect([refused.headers.get("retry-after"), refused.body.retryable]).toEqual(["2", true]);
    user = "bob";
    expect((await bench.get("/v1")).status).toBe(200);
    user = "ann";
    clock.advance(2_000);
    expect((await bench.get("/v1")).status).toBe(200);
  });

  it("S14: a body that trickles in, and a store that hangs, are given up after a while", async () => {
    const clock = createManualClock();
    const hung = { ...createMemoryTaskStore(), read: () => new Promise<never>(() => {}) };
    await using bench = httpBench({ clock, limits: { requestMs: 1_000 } }, hung);
    const trickle = new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode("{")) });
    const posted = bench.send("/v1/tasks", {
      method: "POST",
      headers: json,
      body: trickle,
      duplex: "half",
    });
    const got = bench.get("/v1/tasks");
    clock.advance(1_000);
    for (const answer of [await posted, await got]) {
      expect(answer).toMatchObject({ status: 504, body: { code: "REQUEST_TIMED_OUT" } });
      expect(answer.headers.get("connection")).toBe("close");
    }
  });
});

describe("hostile data", () => {
  const corpus: readonly unknown[] = [
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    "\u001b[31mred\u001b[0m",
    "\u2028\u2029",
    "\u202eevil",
    "=HYPERLINK(1)",
    "x".repeat(100_000),
    { constructor: { prototype: { polluted: true } } },
    { toString: 1, hasOwnProperty: 2 },
    JSON.parse('{"a":{"__proto__x":1}}'),
    [[[[[]]]]],
    -0,
    1e308,
    9_007_199_254_740_991,
    "\ud83d\ude00",
  ];

  it("S8, S12: comes back as it was sent, and changes nothing else", async () => {
    await using bench = httpBench();
    for (const input of corpus) {
      const { body } = await bench.post("/v1/tasks", { kind: "work", input });
      const shown = await bench.get(`/v1/tasks/${body.task.id}`);
      expect(JSON.stringify(shown.body.input)).toBe(JSON.stringify(input));
    }
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  it("S8: is never a page: what would open a tag is escaped", async () => {
    await using bench = httpBench();
    const id = await bench.enqueue("work", { summary: "</script><b>" });
    const response = await bench.handler(new Request(`https://example.com/v1/tasks/${id}`));
    expect(await response.text()).not.toMatch(/[<>&]/);
  });

  it("S12: a key that would change prototypes is refused, in whatever way it is written", async () => {
    await using bench = httpBench();
    for (const key of ["__proto__", "\\u005f_proto__"]) {
      const body = `{"kind":"work","input":{"${key}":{"polluted":true}}}`;
      const answer = await bench.send("/v1/tasks", { method: "POST", headers: json, body });
      expect(answer).toMatchObject({ status: 400, body: { code: "BODY_INVALID" } });
    }
    const top = await bench.send("/v1/tasks", {
      method: "POST",
      headers: json,
      body: '{"kind":"work","constructor":1}',
    });
    expect(top.body.path).toBe("body.constructor");
  });

  it("S8: half characters and control characters stay out of names, and never end as an error of the server", async () => {
    await using bench = httpBench();
    for (const text of ["\ud800", "a\u0000b", "\u001b[2J"]) {
      for (const options of [{ tags: [text] }, { dedupeKey: text }, { summary: text }, { tenantId: text }]) {
        expect((await bench.post("/v1/tasks", { kind: "work", options })).status).toBe(400);
      }
      const answer = await bench.send("/v1/tasks", {
        method: "POST",
        headers: json,
        body: JSON.stringify({ kind: "work", input: text }),
      });
      expect([200, 201, 400]).toContain(answer.status);
    }
  });

  it("Q63, S18: a thousand random requests are answered, none with an error of the server", async () => {
    await using bench = httpBench({ limits: { rate: null } });
    const id = await bench.enqueue();
    const words = [
      "/v1",
      "/tasks",
      `/${id}`,
      "/bulk/retry",
      "/%",
      "/%00",
      "//",
      "?q=",
      "?q=%22",
      "&limit=",
      "-1",
      "kind:",
      "a*b",
      "__proto__",
      "%ff",
      "/events",
      "?after=",
      "x".repeat(50),
    ];
    let seed = 7;
    const next = (most: number): number => (seed = (seed * 48_271) % 2_147_483_647) % most;
    const methods = [...new Set(routes.map(({ method }) => method)), "PUT"];
    const bodies = ["", "{", "null", "[]", '{"kind":"work","options":{"tags":[[]]}}', '{"q":"*"}', '"\\ud800"'];
    for (let n = 0; n < 1_000; n += 1) {
      const path = Array.from({ length: 1 + next(5) }, () => words[next(words.length)]).join("");
      const method = methods[next(methods.length)] ?? "GET";
      const body = method === "GET" ? {} : { headers: json, body: bodies[next(bodies.length)] ?? "" };
      const { status } = await bench.send(`/${path}`.replace("//", "/"), { method, ...body });
      expect([n, path, method, status < 500]).toEqual([n, path, method, true]);
    }
  });
});
