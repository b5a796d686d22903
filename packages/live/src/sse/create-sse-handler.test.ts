import { createServer, type IncomingMessage } from "node:http";
import { request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { createManualClock, isTaskError, type TaskLiveMessage } from "@millrace/models";
import { describe, expect, it } from "vitest";
import { createTaskLiveHub, type TaskLiveAsk } from "../index.ts";
import { createTaskLiveSseHandler, type TaskLiveSseHandler } from "../sse.ts";
import { createWorld, turn, type World } from "../testing/live-world.ts";

const auth = "none-i-am-behind-a-proxy" as const;
const address = "http://here/live";

function handlerOf(world: World): TaskLiveSseHandler {
  const hub = createTaskLiveHub(world.store, { clock: world.clock, gatherMs: 0 });
  return createTaskLiveSseHandler(hub, { auth, clock: world.clock });
}

const asking = (query: unknown, headers: Readonly<Record<string, string>> = {}, signal?: AbortSignal): Request =>
  new Request(`${address}?query=${encodeURIComponent(JSON.stringify(query))}`, {
    headers,
    ...(signal ? { signal } : {}),
  });

/** What a browser makes of a stream: its messages, and the id of the last. */
function eventSource(response: Response) {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const messages: TaskLiveMessage[] = [];
  const seen = { text: "", lastId: "", isOver: false };
  const read = async (): Promise<void> => {
    for (let rest = ""; ;) {
      const answer = await reader?.read();
      if (!answer || answer.done) break;
      seen.text += answer.value;
      rest += answer.value;
      const frames = rest.split("\n\n");
      rest = frames.pop() ?? "";
      for (const line of frames.flatMap((frame) => frame.split("\n"))) {
        if (line.startsWith("id: ")) seen.lastId = line.slice(4);
        if (line.startsWith("data: ")) messages.push(JSON.parse(line.slice(6)) as TaskLiveMessage);
      }
    }
    seen.isOver = true;
  };
  void read().catch(() => (seen.isOver = true));
  return { messages, seen, cancel: () => reader?.cancel() };
}

describe("a stream", () => {
  it("R51: begins with the snapshot and goes on with every change", async () => {
    const world = createWorld();
    await world.enqueue({ input: JSON.stringify("</script>\n\u2028data: x") });
    const response = await handlerOf(world)(asking({ kinds: ["work"] }));
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/event-stream; charset=utf-8"]);
    const { messages } = eventSource(response);
    await world.settle(await world.claim());
    await world.until(() => messages.length >= 4);
    expect(messages.map((message) => (message.type === "event" ? message.event.event : message.type))).toEqual([
      "bootstrap",
      "claimed",
      "started",
      "succeeded",
    ]);
    expect(messages[3]).toMatchObject({ event: { snapshot: { input: "</script>\n\u2028data: x" } } });
  });

  it("goes on after Last-Event-ID, which is worth more than `after`", async () => {
    const world = createWorld();
    const handler = handlerOf(world);
    const first = eventSource(await handler(asking({})));
    await world.enqueue();
    await world.until(() => first.messages.length === 2);
    await first.cancel();
    await world.enqueue();
    const second = eventSource(await handler(asking({}, { "last-event-id": first.seen.lastId })));
    await world.until(() => second.messages.length === 1);
    expect(second.messages).toMatchObject([{ type: "event", event: { event: "enqueued" } }]);
    const both = new Request(`${address}?after=`, { headers: { "last-event-id": second.seen.lastId } });
    const third = eventSource(await handler(both));
    const fromStart = eventSource(await handler(new Request(`${address}?after=`)));
    await world.enqueue();
    await world.until(() => third.messages.length === 1 && fromStart.messages.length === 3);
  });

  it("is quiet but not silent: it says where it is", async () => {
    const world = createWorld();
    const { seen, messages } = eventSource(await handlerOf(world)(asking({ kinds: ["mine"] })));
    await world.until(() => messages.length === 1);
    const before = seen.lastId;
    await world.enqueue({ kind: "other" });
    world.clock.advance(1_000);
    await world.rest();
    world.clock.advance(15_000);
    await world.until(() => seen.lastId !== before);
    world.clock.advance(15_000);
    await world.until(() => seen.text.endsWith(": still here\n\n"));
    expect(messages).toHaveLength(1);
  });

  it.each(["cancel", "abort"] as const)("ends with its reader, by %s, and leaves no timer", async (way) => {
    const world = createWorld();
    const controller = new AbortController();
    const source = eventSource(await handlerOf(world)(asking({}, {}, controller.signal)));
    await world.until(() => source.messages.length === 1);
    if (way === "abort") controller.abort();
    else await source.cancel();
    await world.until(() => source.seen.isOver);
    await world.rest();
    expect(world.clock.nextTimerInMs()).toBeNull();
  });

  it("of a reader that went away before it began is closed at once", async () => {
    const world = createWorld();
    const controller = new AbortController();
    const answering = handlerOf(world)(asking({}, {}, controller.signal));
    controller.abort();
    await answering;
    await world.rest();
    expect(world.clock.nextTimerInMs()).toBeNull();
  });

  it("ends with the hub's last word", async () => {
    const world = createWorld();
    const hub = createTaskLiveHub(world.store, { clock: world.clock, gatherMs: 0 });
    const { messages, seen } = eventSource(
      await createTaskLiveSseHandler(hub, { auth, clock: world.clock })(asking({})),
    );
    await hub.close();
    await world.until(() => seen.isOver);
    expect(messages.at(-1)).toMatchObject({ type: "end", code: "LIVE_CLOSED" });
  });

  it("that nobody reads holds back: little is written, and the view starts anew when it is read", async () => {
    const world = createWorld();
    const hub = createTaskLiveHub(world.store, { clock: world.clock, gatherMs: 0, maxQueuedEvents: 20 });
    const response = await createTaskLiveSseHandler(hub, { auth, clock: world.clock })(asking({}));
    for (let n = 0; n < 40; n += 1) {
      await world.enqueue({ input: JSON.stringify("x".repeat(10_000)) });
      await world.rest();
    }
    const { messages } = eventSource(response);
    await world.until(() => messages.at(-1)?.type === "bootstrap" && messages.length > 2);
    expect(messages.length).toBeLessThan(15);
    expect(messages.at(-2)).toMatchObject({ type: "resync", why: "overflow" });
    expect(messages.at(-1)).toMatchObject({ snapshots: { length: 40 } });
  });
});

describe("a request", () => {
  it.each<[string, string, string | null]>([
    ["no JSON", "?query={", "query"],
    ["an unknown field", `?query=${encodeURIComponent('{"kind":1}')}`, "kind"],
    ["null", "?query=null", ""],
    ["an unknown parameter", "?kinds=a", "kinds"],
    ["a parameter twice", "?query={}&query={}", "query"],
    ["a cursor that is none", "?after=nonsense", null],
    ["a pollution", `?query=${encodeURIComponent('{"__proto__":{}}')}`, "query"],
    ["JSON that is deep", `?query=${"[".repeat(40_000)}`, "query"],
    ["too much", `?query="${"x".repeat(70_000)}"`, "query"],
  ])("with %s is answered with the code, the field and the way out", async (_, search, path) => {
    const response = await handlerOf(createWorld())(new Request(`${address}${search}`));
    expect([response.status, response.headers.get("content-type")]).toEqual([400, "application/problem+json"]);
    expect(await response.json()).toMatchObject({
      code: path === null ? "CURSOR_INVALID" : "QUERY_INVALID",
      path,
      status: 400,
      fix: expect.stringMatching(/./),
    });
  });

  it.each([
    ["no escape", "%"],
    ["no UTF-8", "%ff"],
    ["no cursor", "~~~"],
    ["no end", "x".repeat(20_000)],
  ])("with a Last-Event-ID that has %s is answered, not failed", async (_, id) => {
    const response = await handlerOf(createWorld())(asking({}, { "last-event-id": id }));
    expect(await response.json()).toMatchObject({ status: 400, code: "CURSOR_INVALID" });
  });

  it("that is no GET is not allowed", async () => {
    const response = await handlerOf(createWorld())(new Request(address, { method: "POST", body: "{}" }));
    expect([response.status, response.headers.get("allow")]).toEqual([405, "GET"]);
  });

  it("S2: is shown to authorize, and its refusal is the answer", async () => {
    const world = createWorld();
    const asks: TaskLiveAsk<string | null>[] = [];
    const hub = createTaskLiveHub<string | null>(world.store, {
      clock: world.clock,
      authorize: (ask) => (asks.push(ask), ask.principal === "me" ? {} : null),
    });
    const principalOf = (request: Request): string | null => request.headers.get("x-user");
    const handler = createTaskLiveSseHandler(hub, { principalOf, clock: world.clock });
    expect((await handler(asking({}))).status).toBe(403);
    expect((await handler(asking({}, { "x-user": "me" }))).status).toBe(200);
    expect(asks.map(({ principal }) => principal)).toEqual([null, "me"]);
    await hub.close();
    expect(await (await handler(asking({}, { "x-user": "me" }))).json()).toMatchObject({
      status: 503,
      retryable: true,
    });
  });

  it("S16: that fails through us tells nothing of why", async () => {
    const world = createWorld();
    world.store.read = () => Promise.reject(new Error("connect postgres://user:secret@db"));
    const response = await handlerOf(world)(asking({}));
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ status: 500, code: "INTERNAL" });
    expect(text).not.toContain("secret");
  });
});

it.each<[string, object]>([
  ["hub", {}],
  ["auth", { auth: "none" }],
  ["keepAliveMs", { auth, keepAliveMs: 0 }],
  ["principalOf", { auth, principalOf: 1 }],
  ["origin", { auth, origin: "*" }],
])("S1: refuses to be made with a wrong %s", (path, options) => {
  const hub = createTaskLiveHub(createWorld().store);
  expect(() => createTaskLiveSseHandler(hub, options)).toThrow(
    expect.toSatisfy((error: unknown) => isTaskError(error, "OPTION_INVALID") && error.details["path"] === path),
  );
});

it("serves a real connection, also one that is cut", async () => {
  const world = createWorld();
  const handler = handlerOf({ ...world, clock: createManualClock() });
  const server = createServer((incoming, outgoing) => {
    const gone = new AbortController();
    outgoing.on("close", () => gone.abort());
    const url = `http://localhost${incoming.url ?? ""}`;
    void handler(new Request(url, { signal: gone.signal })).then((response) => {
      outgoing.writeHead(response.status, Object.fromEntries(response.headers));
      if (response.body)
        Readable.fromWeb(response.body as never)
          .on("error", () => {})
          .pipe(outgoing);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const connection = await new Promise<IncomingMessage>((resolve, reject) =>
    httpRequest({ port, host: "127.0.0.1", path: "/live" }, resolve).on("error", reject).end(),
  );
  let text = "";
  connection.on("data", (chunk: Buffer) => (text += chunk.toString()));
  connection.on("error", () => {});
  await world.until(() => text.includes('"type":"bootstrap"'));
  await world.enqueue();
  await world.until(() => text.includes('"enqueued"'));
  connection.destroy();
  await new Promise((resolve) => server.close(resolve));
  await turn();
});
