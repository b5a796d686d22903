import { isTaskError, type TaskFilter, type TaskLiveMessage } from "@millrace/models";
import { expect, it } from "vitest";
import { narrowFilter } from "./access/narrow-filter.ts";
import { createTaskLiveHub, type TaskLiveAsk, type TaskLiveGrant, type TaskLiveStore } from "./index.ts";
import { createHeard, createSlowHeard, createWorld, type World } from "./testing/live-world.ts";

const refused = expect.toSatisfy((error: unknown) => isTaskError(error, "ACCESS_REFUSED"));

/** A hub whose readers are granted what `grant` says, over a store that counts what is read of it. */
function guarded(world: World, grant: (ask: TaskLiveAsk) => TaskLiveGrant | null | Promise<TaskLiveGrant | null>) {
  const asks: TaskLiveAsk[] = [];
  const read: unknown[] = [];
  const counted: TaskLiveStore = {
    ...world.store,
    read: (query) => (read.push(query), world.store.read(query)),
    events: (after, limit, filter) => (read.push(filter), world.store.events(after, limit, filter)),
    aggregate: (filter) => (read.push(filter), world.store.aggregate(filter)),
  };
  const authorize = (ask: TaskLiveAsk) => (asks.push(ask), grant(ask));
  const hub = createTaskLiveHub(counted, { clock: world.clock, gatherMs: 0, authorize });
  return { hub, asks, read };
}

it.each<[string, () => TaskLiveGrant | null | Promise<null>]>([
  ["says no", () => null],
  ["throws", () => JSON.parse("{")],
  ["rejects", () => Promise.reject(new Error("the token service is down"))],
  ["answers no grant", () => true as never],
  ["answers a scope that is no filter", () => ({ scope: { tenant: "a" } as TaskFilter })],
  ["answers a grant that is over", () => ({ expiresAt: 5 })],
  ["answers a grant that never began", () => ({ expiresAt: Number.NaN })],
])("S2: nothing is read and nothing told when authorize %s", async (_, grant) => {
  const world = createWorld();
  await world.enqueue();
  const { hub, asks, read } = guarded(world, grant);
  const heard = createHeard();
  await expect(hub.subscribe({}, heard.listener, { principal: "me" })).rejects.toEqual(refused);
  await expect(hub.subscribe({}, heard.listener, { after: "" })).rejects.toEqual(refused);
  await expect(hub.bootstrap({})).rejects.toEqual(refused);
  expect(asks.map(({ why }) => why)).toEqual(["subscribe", "resume", "bootstrap"]);
  expect(asks[0]).toMatchObject({ principal: "me", filter: {} });
  expect([read, heard.messages]).toEqual([[], []]);
});

it("S3: the tenant of the grant stands in every query that the store is asked", async () => {
  const world = createWorld();
  const { hub, read } = guarded(world, () => ({ scope: { tenantId: "a" } }));
  const heard = createHeard();
  const { cursor } = await hub.bootstrap({});
  await hub.subscribe({ kinds: ["work"] }, heard.listener);
  await hub.subscribe({}, heard.listener, { after: cursor });
  await world.enqueue({ tenantId: "b" });
  await world.enqueue({ tenantId: "a" });
  await world.until(() => heard.events().length === 2);
  expect(read.length).toBeGreaterThan(6);
  // The tail looks for its place once before anybody has joined it.
  const asked = read.filter((query) => JSON.stringify(query) !== '{"taskIds":[]}');
  for (const query of asked) expect(query).toMatchObject({ tenantId: "a" });
  expect(JSON.stringify(heard.messages)).not.toContain('"tenantId":"b"');
});

it("S3: who names another tenant is refused", async () => {
  const { hub, read } = guarded(createWorld(), () => ({ scope: { tenantId: "a" } }));
  const heard = createHeard();
  for (const tenantId of ["b", "", "A", "a ", "a\u0000", "*"]) {
    await expect(hub.subscribe({ tenantId }, heard.listener)).rejects.toEqual(refused);
    await expect(hub.bootstrap({ tenantId })).rejects.toEqual(refused);
  }
  expect([read, heard.messages]).toEqual([[], []]);
});

it("asks again when a grant runs out, and goes on without a gap or a double", async () => {
  const world = createWorld();
  let answer = Promise.withResolvers<TaskLiveGrant>();
  const { hub, asks } = guarded(world, ({ why }) =>
    why === "expiry" ? answer.promise : { expiresAt: world.clock.now() + 10_000 },
  );
  const heard = createHeard();
  await hub.subscribe({}, heard.listener);
  await world.enqueue();
  await world.until(() => heard.events().length === 1);
  world.clock.advance(10_000);
  await world.enqueue();
  world.clock.advance(2_000);
  await world.rest();
  expect(asks.map(({ why }) => why)).toEqual(["subscribe", "expiry"]);
  expect(heard.events()).toHaveLength(1);
  answer.resolve({ expiresAt: world.clock.now() + 10_000 });
  await world.until(() => heard.events().length === 2);
  answer = Promise.withResolvers();
  world.clock.advance(10_000);
  answer.resolve({});
  await world.enqueue();
  await world.until(() => heard.events().length === 3);
  expect(heard.types()).toEqual(["bootstrap", "event", "event", "event"]);
  expect(asks).toHaveLength(3);
});

it("tells nobody whose grant has run out what was waiting for it", async () => {
  const world = createWorld();
  const { hub } = guarded(world, ({ why }) => (why === "expiry" ? null : { expiresAt: world.clock.now() + 5_000 }));
  const slow = createSlowHeard();
  const { ended } = await hub.subscribe({}, slow.slowListener);
  await slow.take(1);
  await world.enqueue();
  await world.enqueue();
  await world.until(() => slow.events().length === 1);
  world.clock.advance(5_000);
  await ended;
  await slow.take();
  await world.rest();
  expect(slow.types()).toEqual(["bootstrap", "event", "end"]);
  expect(slow.last()).toMatchObject({ code: "ACCESS_REFUSED", retryable: false });
});

it("starts the view anew when the reader may see something else from now on", async () => {
  const world = createWorld();
  await world.enqueue({ channels: ["scope:a"] });
  const second = await world.enqueue({ channels: ["scope:b"] });
  const { hub } = guarded(world, ({ why }) =>
    why === "expiry"
      ? { scope: { channels: ["scope:b"] } }
      : { scope: { channels: ["scope:a"] }, expiresAt: world.clock.now() + 5_000 },
  );
  const heard = createHeard();
  await hub.subscribe({}, heard.listener);
  await world.until(() => heard.types().filter((type) => type === "bootstrap").length === 2);
  expect(heard.messages.slice(1)).toMatchObject([
    { type: "resync", why: "access" },
    { snapshots: [{ id: second.id }] },
  ]);
});

it("a grant that runs out while a reader is being started anew is asked for before that", async () => {
  const world = createWorld();
  const { hub, asks } = guarded(world, ({ why }) =>
    why === "expiry" ? null : { expiresAt: world.clock.now() + 5_000 },
  );
  const slow = createSlowHeard();
  const messages: TaskLiveMessage[] = slow.messages;
  const { ended } = await hub.subscribe({}, slow.slowListener, { after: "" });
  world.clock.advance(5_000);
  await ended;
  await slow.take();
  await world.rest();
  expect(asks).toHaveLength(2);
  expect(messages).toMatchObject([{ type: "end" }]);
});

it("a grant that runs out before the first snapshot is there is asked for again, and nothing is told before", async () => {
  const world = createWorld();
  const { hub, asks } = guarded(world, ({ why }) =>
    why === "expiry" ? null : { expiresAt: world.clock.now() + 5_000 },
  );
  const { read } = world.store;
  const reading = Promise.withResolvers<void>();
  world.store.read = (query) => reading.promise.then(() => read(query));
  const heard = createHeard();
  const subscribing = hub.subscribe({}, heard.listener);
  await world.rest();
  world.clock.advance(5_000);
  const { ended } = await subscribing;
  await ended;
  reading.resolve();
  await world.rest();
  expect(asks).toHaveLength(2);
  expect(heard.messages).toMatchObject([{ type: "end", code: "ACCESS_REFUSED" }]);
});

it.each<[TaskFilter, TaskFilter, TaskFilter]>([
  [{}, { tenantId: "a" }, { tenantId: "a" }],
  [{ kinds: ["x", "y"] }, { kinds: ["y", "z"] }, { kinds: ["y"] }],
  [{ channels: ["a"] }, { channels: ["b"] }, { channels: [] }],
  [{ tags: ["a"] }, { tags: ["b", "a"] }, { tags: ["a", "b"] }],
  [
    { createdFrom: 5, createdBefore: 9 },
    { createdFrom: 7, createdBefore: 8 },
    { createdFrom: 7, createdBefore: 8 },
  ],
  [{ finishedFrom: 5 }, { finishedFrom: 3 }, { finishedFrom: 5 }],
  [{ hostId: "h" }, { hostId: "h" }, { hostId: "h" }],
])("what is asked for as %j and granted as %j is seen as %j", (asked, scope, seen) => {
  expect(narrowFilter(asked, scope)).toEqual(seen);
});
