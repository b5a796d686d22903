import { createSeededRandom, isTaskError, type Random } from "@millrace/models";
import { createAdapter } from "@socket.io/postgres-adapter";
import { Pool } from "pg";
import { afterEach, describe, expect, inject, it, vi } from "vitest";
import { createTaskLiveHub, type TaskLiveHub, type TaskLiveHubOptions } from "../index.ts";
import { attachTaskLiveSocketBridge, type LiveSocket, type LiveSocketServer } from "../socket-io.ts";
import { createWorld, doingsOf, turn, type World } from "../testing/live-world.ts";
import { pick } from "../testing/random-turns.ts";
import { openSocketNode, type SocketClient, type SocketNode } from "../testing/socket-node.ts";
import { storePlaces } from "../testing/store-places.ts";

vi.setConfig({ testTimeout: 30_000 });

const auth = "none-i-am-behind-a-proxy" as const;
const opened: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one[Symbol.asyncDispose]();
});

interface Bridge {
  readonly world: World;
  readonly hub: TaskLiveHub;
  readonly node: SocketNode;
  readonly detach: () => void;
}

async function openBridge(change: { hub?: TaskLiveHubOptions; maxSubscriptions?: number } = {}): Promise<Bridge> {
  const world = createWorld();
  const node = await openSocketNode();
  const hub = createTaskLiveHub(world.store, { gatherMs: 0, ...change.hub });
  const own = change.hub?.authorize ? {} : { auth };
  const { maxSubscriptions = 100 } = change;
  const detach = attachTaskLiveSocketBridge(node.server, { hub, maxSubscriptions, ...own });
  opened.push(hub, node);
  return { world, hub, node, detach };
}

/** Real sockets take their own time: looks again and again, and fails with what it saw last. */
const eventually = (look: () => void): Promise<void> => vi.waitFor(look, { timeout: 20_000, interval: 5 });

const asked = (client: SocketClient, event: string, payload: unknown): Promise<unknown> =>
  client.socket.timeout(20_000).emitWithAck(event, payload);

it("R53: each subscription has an id of its own, and its messages carry it", async () => {
  const { world, node } = await openBridge();
  const client = await node.connect();
  client.socket.emit("tasks:subscribe", { query: { kinds: ["work"] } });
  client.socket.emit("tasks:subscribe", { id: "others", query: { kinds: ["other"] } });
  await eventually(() => expect([client.of("default"), client.of("others")]).toEqual([["bootstrap"], ["bootstrap"]]));
  await world.enqueue({ input: '"<script>"' });
  await world.settle(await world.claim());
  await world.enqueue({ kind: "other" });
  await eventually(() => expect(client.of("others")).toEqual(["bootstrap", "enqueued 1"]));
  await eventually(() =>
    expect(client.of("default")).toEqual(["bootstrap", "enqueued 1", "claimed 2", "started 3", "succeeded 4"]),
  );
});

it("R53: another subscription with the same id takes the place of the first", async () => {
  const { world, node } = await openBridge();
  const client = await node.connect();
  expect(await asked(client, "tasks:subscribe", { query: { kinds: ["work"] } })).toEqual({ type: "ok" });
  expect(await asked(client, "tasks:subscribe", { query: { kinds: ["other"] } })).toEqual({ type: "ok" });
  await world.enqueue();
  await world.enqueue({ kind: "other" });
  await eventually(() => expect(client.of("default")).toEqual(["bootstrap", "bootstrap", "enqueued 1"]));
  // Asked for twice in one breath: only the later one is there in the end.
  client.socket.emit("tasks:subscribe", { query: { kinds: ["work"] } });
  expect(await asked(client, "tasks:subscribe", { query: { kinds: ["other"] } })).toEqual({ type: "ok" });
  client.messages.length = 0;
  await world.enqueue();
  await world.enqueue({ kind: "other" });
  await eventually(() => expect(client.of("default")).toEqual(["enqueued 1"]));
  expect(client.messages).toMatchObject([{ event: { kind: "other" } }]);
});

it.each([[undefined], ["default"], [{ id: "default" }]])("R53: unsubscribing with %j ends it", async (payload) => {
  const { world, node } = await openBridge();
  const client = await node.connect();
  await asked(client, "tasks:subscribe", {});
  expect(await asked(client, "tasks:unsubscribe", payload)).toEqual({ type: "ok" });
  await asked(client, "tasks:subscribe", { id: "other" });
  await world.enqueue();
  await eventually(() => expect(client.of("other")).toEqual(["bootstrap", "enqueued 1"]));
  expect(client.of("default")).toEqual(["bootstrap"]);
});

it("a client that comes back says where it was", async () => {
  const { world, node } = await openBridge();
  const first = await node.connect();
  await asked(first, "tasks:subscribe", {});
  await world.enqueue();
  await eventually(() => expect(first.of("default")).toHaveLength(2));
  const last = first.messages.at(-1);
  first.socket.disconnect();
  await world.enqueue();
  const second = await node.connect();
  await asked(second, "tasks:subscribe", { after: last?.type === "event" ? last.cursor : "" });
  await eventually(() => expect(second.of("default")).toEqual(["enqueued 1"]));
});

it.each<[unknown, string, string | null]>([
  ["work", "QUERY_INVALID", ""],
  [[], "QUERY_INVALID", ""],
  [{ id: "" }, "QUERY_INVALID", "id"],
  [{ id: "x".repeat(201) }, "QUERY_INVALID", "id"],
  [{ id: 7 }, "QUERY_INVALID", "id"],
  [{ querry: {} }, "QUERY_INVALID", "querry"],
  [{ query: "work" }, "QUERY_INVALID", ""],
  [{ query: { kind: "work" } }, "QUERY_INVALID", "kind"],
  [{ query: { taskIds: ["x"] } }, "QUERY_INVALID", "taskIds[0]"],
  [{ after: 5 }, "CURSOR_INVALID", "after"],
  [{ after: "nonsense" }, "CURSOR_INVALID", null],
  [JSON.parse('{"query":{"__proto__":{"kinds":[]}}}'), "QUERY_INVALID", "__proto__"],
  [{ id: "\u0000\ud800", query: { tags: 1 } }, "QUERY_INVALID", "tags"],
])("the payload %j is answered with what is wrong, and the others go on", async (payload, code, path) => {
  const { world, node } = await openBridge();
  const client = await node.connect();
  await asked(client, "tasks:subscribe", { id: "mine" });
  const told = { type: "end", code, path, fix: expect.stringMatching(/./) };
  expect(await asked(client, "tasks:subscribe", payload)).toMatchObject(told);
  await eventually(() => expect(client.messages.at(-1)).toMatchObject(told));
  await world.enqueue();
  await eventually(() => expect(client.of("mine")).toContain("enqueued 1"));
});

it("S14: a socket has so many subscriptions and no more, and a new one when one has ended", async () => {
  const { node } = await openBridge({ maxSubscriptions: 2 });
  const client = await node.connect();
  for (const id of ["a", "b", "b"]) expect(await asked(client, "tasks:subscribe", { id })).toEqual({ type: "ok" });
  expect(await asked(client, "tasks:subscribe", { id: "c" })).toMatchObject({ code: "SUBSCRIPTION_LIMIT" });
  await asked(client, "tasks:unsubscribe", "a");
  expect(await asked(client, "tasks:subscribe", { id: "c" })).toEqual({ type: "ok" });
  const many = Array.from({ length: 50 }, () => asked(client, "tasks:subscribe", { id: "c" }));
  const refused = (await Promise.all(many)).filter((one) => JSON.stringify(one).includes("SUBSCRIPTION_LIMIT"));
  expect(refused.length).toBeGreaterThan(0);
});

it("S2, S6: authorize sees the socket, is asked on every subscription, and its refusal is the answer", async () => {
  const asks: unknown[] = [];
  const authorize: TaskLiveHubOptions["authorize"] = ({ principal, why, filter }) => {
    asks.push([why, (principal as { id: string }).id]);
    return filter.tenantId === "b" ? null : { scope: { tenantId: "a" } };
  };
  const { world, node } = await openBridge({ hub: { authorize } });
  const client = await node.connect();
  expect(await asked(client, "tasks:subscribe", { query: { tenantId: "b" } })).toMatchObject({
    code: "ACCESS_REFUSED",
  });
  await asked(client, "tasks:subscribe", { query: {} });
  await world.enqueue({ tenantId: "b" });
  await world.enqueue({ tenantId: "a" });
  await eventually(() => expect(client.of("default")).toEqual(["end", "bootstrap", "enqueued 1"]));
  await asked(client, "tasks:subscribe", { after: "" });
  expect(asks).toEqual([
    ["subscribe", client.socket.id],
    ["subscribe", client.socket.id],
    ["resume", client.socket.id],
  ]);
});

it("ends what a socket has when that goes, or the bridge is taken away", async () => {
  const { world, hub, node, detach } = await openBridge();
  const [stays, goes] = [await node.connect(), await node.connect()];
  await asked(stays, "tasks:subscribe", {});
  await asked(goes, "tasks:subscribe", {});
  goes.socket.disconnect();
  await world.enqueue();
  await eventually(() => expect(stays.of("default")).toHaveLength(2));
  detach();
  await world.enqueue();
  await world.rest();
  expect([stays.of("default").length, goes.of("default").length]).toEqual([2, 1]);
  await hub.close();
});

describe("hostile packets", () => {
  const anything = (random: Random, depth = 0): unknown => {
    const sorts: readonly (() => unknown)[] = [
      () => null,
      () => undefined,
      () => random.next() * 1e20,
      () => -0,
      () => "x".repeat(pick(random, 3_000)),
      () => "\u0000\ud800\u202e<script>",
      () => new Uint8Array(pick(random, 50)),
      () => true,
      () => Array.from({ length: pick(random, 5) }, () => (depth > 4 ? 1 : anything(random, depth + 1))),
      () =>
        Object.fromEntries(
          Array.from({ length: pick(random, 5) }, () => [
            ["id", "query", "after", "kinds", "__proto__", "constructor", "toString", "limit", "tags"][pick(random, 9)],
            depth > 4 ? 1 : anything(random, depth + 1),
          ]),
        ),
    ];
    return sorts[pick(random, sorts.length)]?.();
  };

  it("S18: are answered or ignored, whatever they are; other sockets are served all the while", async () => {
    const { world, node } = await openBridge();
    const [hostile, calm] = [await node.connect(), await node.connect()];
    await asked(calm, "tasks:subscribe", {});
    const seed = 4_711;
    const random = createSeededRandom(seed);
    for (let n = 0; n < 300 * Number(process.env["MILLRACE_LONG"] ?? 1); n += 1) {
      const event = random.next() < 0.6 ? "tasks:subscribe" : "tasks:unsubscribe";
      hostile.socket.emit(event, ...Array.from({ length: pick(random, 4) }, () => anything(random)));
      if (n % 50 === 0) await turn();
    }
    await world.enqueue();
    await eventually(() => expect(calm.of("default"), `seed ${seed}`).toEqual(["bootstrap", "enqueued 1"]));
    expect(await asked(calm, "tasks:subscribe", { id: "again" })).toEqual({ type: "ok" });
  });
});

/** A connection that is as full as the test says. */
function aFullSocket() {
  const listeners = new Map<string, ((...values: never[]) => void)[]>();
  const waiting: (() => void)[] = [];
  const writeBuffer: unknown[] = [];
  const socket: LiveSocket = {
    on: (event, listener) => listeners.set(event, [...(listeners.get(event) ?? []), listener]),
    off: () => undefined,
    emit: (...packet) => writeBuffer.push(packet),
    conn: { writeBuffer, once: (_, go) => waiting.push(go), off: () => undefined },
  };
  const call = (event: string, ...values: unknown[]): void => {
    for (const listener of listeners.get(event) ?? []) Reflect.apply(listener, undefined, values);
  };
  const drain = (): void => {
    writeBuffer.length = 0;
    for (const go of waiting.splice(0)) go();
  };
  return { socket, writeBuffer, call, drain };
}

it("a connection that does not drain gets no more than a few packets, and the view anew when it does", async () => {
  const world = createWorld();
  const hub = createTaskLiveHub(world.store, { clock: world.clock, gatherMs: 0, maxQueuedEvents: 10 });
  const { socket, writeBuffer, call, drain } = aFullSocket();
  const server: LiveSocketServer = { on: (_, listener) => listener(socket), off: () => undefined };
  attachTaskLiveSocketBridge(server, { hub, auth });
  call("tasks:subscribe", {});
  for (let n = 0; n < 60; n += 1) {
    await world.enqueue();
    await world.rest();
  }
  expect(writeBuffer).toHaveLength(16);
  drain();
  await world.until(() => writeBuffer.length === 2);
  expect(writeBuffer).toMatchObject([
    ["tasks:live", { type: "resync" }],
    ["tasks:live", { snapshots: { length: 60 } }],
  ]);
});

it.each<[string, object]>([
  ["hub", { hub: undefined }],
  ["hub", { auth: undefined }],
  ["auth", { auth: "everyone" }],
  ["subscribeEvent", { subscribeEvent: "" }],
  ["publishEvent", { publishEvent: 5 }],
  ["maxSubscriptions", { maxSubscriptions: 0 }],
  ["principalOf", { principalOf: "me" }],
  ["room", { room: "x" }],
])("S1: refuses to be attached with a wrong %s", (path, change) => {
  const hub = createTaskLiveHub(createWorld().store);
  const server: LiveSocketServer = { on: () => undefined, off: () => undefined };
  expect(() => attachTaskLiveSocketBridge(server, { hub, auth, ...change })).toThrow(
    expect.toSatisfy((error: unknown) => isTaskError(error, "OPTION_INVALID") && error.details["path"] === path),
  );
});

describe("two nodes behind one adapter", () => {
  async function openPair() {
    const place = await storePlaces.postgres();
    const pool = new Pool({ connectionString: inject("postgresUrl"), max: 4 });
    await pool.query(`create table if not exists socket_io_attachments
      (id bigserial unique, created_at timestamptz default now(), payload bytea)`);
    opened.push({ [Symbol.asyncDispose]: () => pool.end() }, place);
    const open = async (): Promise<SocketNode> => {
      const node = await openSocketNode({ adapter: createAdapter(pool, { errorHandler: () => {} }) });
      const hub = createTaskLiveHub(place.store);
      attachTaskLiveSocketBridge(node.server, { hub, auth });
      opened.push(hub, node);
      return node;
    };
    return { doings: doingsOf(place.store), nodes: [await open(), await open()] as const };
  }
  it("R53: each tells its own sockets, once, and a client that changes nodes misses nothing", async () => {
    const { doings, nodes } = await openPair();
    const [one, other] = [await nodes[0].connect(), await nodes[1].connect()];
    let greeted = 0;
    other.socket.on("hello", () => (greeted += 1));
    // What is meant for all goes through the adapter; it takes a moment until the nodes know each other.
    await eventually(() => {
      nodes[0].server.emit("hello");
      expect(greeted).toBeGreaterThan(0);
    });
    await asked(one, "tasks:subscribe", {});
    await asked(other, "tasks:subscribe", {});
    await doings.enqueue();
    await doings.settle(await doings.claim());
    const all = ["bootstrap", "enqueued 1", "claimed 2", "started 3", "succeeded 4"];
    await eventually(() => expect([one.of("default"), other.of("default")]).toEqual([all, all]));
    const last = one.messages.at(-1);
    one.socket.disconnect();
    await doings.enqueue();
    const back = await nodes[1].connect();
    await asked(back, "tasks:subscribe", { after: last?.type === "event" ? last.cursor : "" });
    await eventually(() => expect(back.of("default")).toEqual(["enqueued 1"]));
    await eventually(() => expect(other.of("default")).toEqual([...all, "enqueued 1"]));
  });
});
