import { isTaskError, taskChannel, type TaskLiveSource, type TaskSubscriptionQuery } from "@millrace/models";
import { createMemoryTaskStore } from "@millrace/store-memory";
import { describe, expect, it } from "vitest";
import { createTaskLiveHub, type TaskLiveHubOptions, type TaskLiveStore } from "./index.ts";
import { createHeard, createSlowHeard, createWorld, isEvent, type World } from "./testing/live-world.ts";

const aStep = { n: 1, kind: "step", level: "info", message: "loaded", meta: null, percent: null } as const;

function hubOf({ store, clock }: World, options: TaskLiveHubOptions = {}) {
  return createTaskLiveHub(store, { clock, gatherMs: 0, ...options });
}

const refusal = (code: string, path?: string) =>
  expect.toSatisfy(
    (error: unknown) =>
      isTaskError(error) && error.code === code && (path === undefined || error.details.path === path),
  );

describe("subscribe", () => {
  it("R51: tells first where everything stands, then every change after it, with the task as it is", async () => {
    const world = createWorld();
    await world.enqueue({ input: '{"a":1}' });
    const heard = createHeard();
    await hubOf(world).subscribe({ kinds: ["work"] }, heard.listener);
    expect(heard.types()).toEqual(["bootstrap"]);
    const claimed = await world.claim();
    await world.report(claimed, { started: true, progress: { percent: 40 } });
    await world.settle(claimed, { type: "succeed", output: '{"b":2}' });
    await world.enqueue({ kind: "other" });
    await world.until(() => heard.events().length >= 4);
    expect(heard.events()).toEqual(["claimed 2 true", "started 3 true", "progress 4 true", "succeeded 5 true"]);
    expect(heard.last()).toMatchObject({
      event: {
        result: { code: "task-execution-succeeded" },
        snapshot: { version: 5, state: "succeeded", output: { b: 2 } },
      },
    });
    expect(JSON.stringify(heard.messages)).not.toContain("leaseToken");
  });

  it.each<[string, (id: string) => TaskSubscriptionQuery]>([
    ["a stored channel", () => ({ channels: ["scope:a"] })],
    ["the channel of a task", (id) => ({ channels: [taskChannel.task(id)] })],
    ["the channel of a kind", () => ({ channels: [taskChannel.kind("work")] })],
    ["the channel of a dedupe key", () => ({ channels: [taskChannel.dedupe("d")] })],
    ["a key", () => ({ dedupeKey: "d" })],
    ["ids", (id) => ({ taskIds: [id] })],
    ["tags", () => ({ tags: ["t"] })],
    ["everything", () => ({})],
  ])("R51: follows %s", async (_, query) => {
    const world = createWorld();
    const mine = await world.enqueue({ channels: ["scope:a"], dedupeKey: "d", tags: ["t"] });
    const heard = createHeard();
    await hubOf(world).subscribe(query(mine.id), heard.listener);
    expect(heard.messages).toMatchObject([{ type: "bootstrap", snapshots: [{ id: mine.id }] }]);
    await world.settle(await world.claim());
    await world.until(() => heard.events().length >= 3);
    expect(heard.events()).toEqual(["claimed 2 true", "started 3 true", "succeeded 4 true"]);
  });

  it("says once that a task belongs to the view no more, and nothing of it after that", async () => {
    const world = createWorld();
    const heard = createHeard();
    await hubOf(world).subscribe({ statuses: ["queued"] }, heard.listener);
    await world.enqueue();
    await world.until(() => heard.events().length >= 1);
    await world.settle(await world.claim());
    await world.enqueue();
    await world.until(() => heard.events().includes("enqueued 1 true") && heard.events().length >= 3);
    expect(heard.events()).toEqual(["enqueued 1 true", "claimed 2 false", "enqueued 1 true"]);
    expect(heard.messages[2]).toMatchObject({ event: { snapshot: null, channels: [] } });
  });

  it("says that a task of the view was removed, and is silent of tasks of others", async () => {
    const world = createWorld();
    const [mine, other] = [
      await world.enqueue({ channels: ["scope:a"] }),
      await world.enqueue({ channels: ["scope:b"] }),
    ];
    const heard = createHeard();
    await hubOf(world).subscribe({ channels: ["scope:a"] }, heard.listener);
    await world.remove(other);
    await world.remove(mine);
    await world.until(() => heard.events().length > 0);
    await world.rest();
    expect(heard.events()).toEqual(["removed 2 false"]);
    expect(heard.last()).toMatchObject({ event: { taskId: mine.id } });
  });

  it("takes a new snapshot when a task is removed of which a reader that came back may have known", async () => {
    const world = createWorld();
    const [mine, hub] = [await world.enqueue({ channels: ["scope:a"] }), hubOf(world)];
    const { cursor } = await hub.bootstrap({ channels: ["scope:a"] });
    const heard = createHeard();
    await hub.subscribe({ channels: ["scope:a"] }, heard.listener, { after: cursor });
    await world.remove(mine);
    await world.until(() => heard.types().includes("bootstrap"));
    expect(heard.messages).toMatchObject([
      { type: "resync", why: "removed" },
      { type: "bootstrap", snapshots: [] },
    ]);
  });

  it("E30: an id that another tenant uses again shows nothing of the new task", async () => {
    const world = createWorld();
    const mine = await world.enqueue({ tenantId: "a" });
    const hub = hubOf(world);
    const { cursor } = await hub.bootstrap({ tenantId: "a" });
    await world.settle(await world.claim());
    await world.remove(mine);
    await world.enqueue({ id: mine.id, tenantId: "b", input: '"secret"' });
    const heard = createHeard();
    await hub.subscribe({ tenantId: "a" }, heard.listener, { after: cursor });
    await world.until(() => heard.events().length >= 4);
    expect(heard.events().every((event) => event.endsWith("false"))).toBe(true);
    expect(JSON.stringify(heard.messages)).not.toContain("secret");
  });

  it("Q63: leaves input, output and state out where the query says so", async () => {
    const world = createWorld();
    await world.enqueue({ input: '"in"', state: '"held"' });
    const [with_, without] = [createHeard(), createHeard()];
    const hub = hubOf(world);
    await hub.subscribe({}, with_.listener);
    await hub.subscribe({ includeValues: false }, without.listener);
    await world.settle(await world.claim(), { type: "succeed", output: '"out"' });
    await world.until(() => with_.events().length >= 3 && without.events().length >= 3);
    expect(with_.last()).toMatchObject({ event: { snapshot: { input: "in", output: "out" } } });
    for (const text of [JSON.stringify(without.messages)]) expect(text).not.toMatch(/"in"|"out"|"held"/);
  });

  it("R48: brings steps to those who asked for them, and to nobody else", async () => {
    const world = createWorld();
    await world.enqueue();
    const claimed = await world.claim();
    await world.report(claimed, { started: true, steps: [aStep] });
    const [curious, calm] = [createHeard(), createHeard()];
    const hub = hubOf(world);
    await hub.subscribe({ recentSteps: 5 }, curious.listener);
    await hub.subscribe({}, calm.listener);
    expect(curious.last()).toMatchObject({ steps: { [claimed.id]: [{ message: "loaded" }] } });
    await world.report(claimed, { steps: [{ ...aStep, n: 2, message: "written" }] });
    await world.until(() => curious.events().length >= 1 && calm.events().length >= 1);
    expect(curious.last()).toMatchObject({ event: { event: "step", step: { n: 2, message: "written" } } });
    expect(calm.last()).toMatchObject({ event: { event: "step", step: null } });
  });

  it.each<[unknown, string]>([
    [null, ""],
    [{ kind: "x" }, "kind"],
    [{ taskIds: ["nope"] }, "taskIds[0]"],
    [{ limit: 1e9 }, "limit"],
    [{ includeValues: 1 }, "includeValues"],
    [JSON.parse('{"__proto__":{"kinds":["x"]}}'), "__proto__"],
  ])("refuses the query %j and names the field", async (query, path) => {
    const { listener, messages } = createHeard();
    const hub = hubOf(createWorld());
    const asked = query as TaskSubscriptionQuery;
    await expect(hub.subscribe(asked, listener)).rejects.toEqual(refusal("QUERY_INVALID", path));
    await expect(hub.bootstrap(asked)).rejects.toEqual(refusal("QUERY_INVALID", path));
    expect(messages).toEqual([]);
  });
});

describe("a reader that comes back", () => {
  it("is told what it missed, and no snapshot", async () => {
    const world = createWorld();
    const hub = hubOf(world);
    const first = createHeard();
    const subscription = await hub.subscribe({}, first.listener);
    await world.enqueue();
    await world.until(() => first.events().length === 1);
    const { cursor } = subscription;
    subscription.close();
    await subscription.ended;
    await world.settle(await world.claim());
    const second = createHeard();
    await hub.subscribe({}, second.listener, { after: cursor ?? "" });
    await world.enqueue();
    await world.until(() => second.events().length >= 4);
    expect(first.events()).toEqual(["enqueued 1 true"]);
    expect(second.events()).toEqual(["claimed 2 true", "started 3 true", "succeeded 4 true", "enqueued 1 true"]);
  });

  it("gets everything from the beginning of the journal when it names that", async () => {
    const world = createWorld();
    await world.enqueue();
    const heard = createHeard();
    await hubOf(world).subscribe({}, heard.listener, { after: "" });
    await world.until(() => heard.events().length >= 1);
    expect(heard.events()).toEqual(["enqueued 1 true"]);
  });

  it("starts anew when its place is of another store", async () => {
    const [world, other] = [createWorld(), createMemoryTaskStore()];
    const { cursor } = await other.read({});
    const heard = createHeard();
    await hubOf(world).subscribe({}, heard.listener, { after: cursor });
    await world.until(() => heard.types().includes("bootstrap"));
    expect(heard.messages).toMatchObject([{ type: "resync", why: "epoch" }, { type: "bootstrap" }]);
  });

  it("starts anew when retention has passed its place", async () => {
    const world = createWorld();
    const hub = hubOf(world);
    const { cursor } = await hub.bootstrap();
    await world.remove(await world.enqueue());
    world.clock.advance(2_000);
    await world.store.facet("retention")?.prune({ journalKeepMs: 1_000 }, 100);
    const heard = createHeard();
    await hub.subscribe({}, heard.listener, { after: cursor });
    await world.until(() => heard.types().includes("bootstrap"));
    expect(heard.messages).toMatchObject([{ type: "resync", why: "retention" }, { type: "bootstrap" }]);
  });

  it.each(["nonsense", "a~b~c", "é".repeat(50), "x".repeat(20_000), 7, null])(
    "is refused with the cursor %j",
    async (after) => {
      const { listener, messages } = createHeard();
      const options = { after: after as string };
      await expect(hubOf(createWorld()).subscribe({}, listener, options)).rejects.toEqual(refusal("CURSOR_INVALID"));
      expect(messages).toEqual([]);
    },
  );
});

describe("a reader that is slow", () => {
  it("hears of a task's progress only the newest, after what came before it", async () => {
    const world = createWorld();
    await world.enqueue();
    const claimed = await world.claim();
    const slow = createSlowHeard();
    await hubOf(world).subscribe({}, slow.slowListener);
    await slow.take(1);
    await world.report(claimed, { started: true });
    await world.until(() => slow.events().length >= 1);
    for (const percent of [1, 2, 3, 4]) {
      await world.report(claimed, { progress: { percent } });
      await world.rest();
    }
    await world.settle(claimed);
    await world.rest();
    await slow.take();
    await world.until(() => slow.events().some((event) => event.startsWith("succeeded")));
    expect(slow.events()).toEqual(["started 3 true", "progress 7 true", "succeeded 8 true"]);
  });

  it("costs a bounded queue, is told `resync` when it reads again, and never holds up the others", async () => {
    const world = createWorld();
    const hub = hubOf(world, { maxQueuedEvents: 10 });
    const [slow, quick] = [createSlowHeard(), createHeard()];
    await hub.subscribe({}, slow.slowListener);
    await slow.take(1);
    await hub.subscribe({}, quick.listener);
    for (let n = 1; n <= 30; n += 1) {
      await world.enqueue();
      await world.until(() => quick.events().length === n);
    }
    expect(slow.events()).toHaveLength(1);
    await slow.take();
    await world.until(() => slow.types().includes("bootstrap") && slow.types().at(-1) === "bootstrap");
    expect(slow.types()).toEqual(["bootstrap", "event", "resync", "bootstrap"]);
    expect(slow.messages[2]).toMatchObject({ why: "overflow" });
    expect(slow.last()).toMatchObject({ snapshots: { length: 30 } });
    await world.enqueue();
    await world.until(() => slow.events().length === 2);
  });

  it("is bounded in bytes too", async () => {
    const world = createWorld();
    const hub = hubOf(world, { maxQueuedBytes: 100_000 });
    const slow = createSlowHeard();
    await hub.subscribe({}, slow.slowListener);
    await slow.take(1);
    for (let n = 1; n <= 10; n += 1) await world.enqueue({ input: JSON.stringify("x".repeat(20_000)) });
    await world.rest();
    await slow.take();
    await world.until(() => slow.types().filter((type) => type === "bootstrap").length === 2);
    expect(slow.types()).toContain("resync");
  });

  it("and never reads is given one snapshot, and no more is read for it", async () => {
    const world = createWorld();
    let reads = 0;
    const counted: TaskLiveStore = {
      ...world.store,
      read(query) {
        reads += 1;
        return world.store.read(query);
      },
    };
    const hub = createTaskLiveHub(counted, { clock: world.clock, gatherMs: 0, maxQueuedEvents: 1 });
    const [silent, quick] = [createSlowHeard(), createHeard()];
    await hub.subscribe({}, silent.slowListener);
    await hub.subscribe({}, quick.listener);
    for (let n = 1; n <= 20; n += 1) {
      await world.enqueue();
      await world.until(() => quick.events().length === n);
    }
    expect(reads).toBe(2);
    expect(silent.types()).toEqual(["bootstrap"]);
  });

  it("may throw: it is given no more, and the others go on", async () => {
    const world = createWorld();
    const hub = hubOf(world);
    const quick = createHeard();
    let calls = 0;
    const broken = await hub.subscribe({}, (message) => {
      calls += 1;
      if (message.type === "event") throw new Error("its own affair");
    });
    await hub.subscribe({}, quick.listener);
    await world.enqueue();
    await world.enqueue();
    await broken.ended;
    await world.until(() => quick.events().length === 2);
    expect(calls).toBe(2);
  });
});

describe("one tail", () => {
  it("reads the journal once for however many there are, and not at all while there is nobody", async () => {
    const world = createWorld();
    let reads = 0;
    const counted: TaskLiveStore = {
      ...world.store,
      events(...args) {
        reads += 1;
        return world.store.events(...args);
      },
    };
    const hub = createTaskLiveHub(counted, { clock: world.clock, gatherMs: 0 });
    const all = Array.from({ length: 50 }, createHeard);
    const subscriptions = await Promise.all(all.map(({ listener }) => hub.subscribe({ kinds: ["work"] }, listener)));
    await world.rest();
    reads = 0;
    await world.enqueue();
    await world.until(() => all.every((heard) => heard.events().length === 1));
    expect(reads).toBeLessThanOrEqual(2);
    for (const subscription of subscriptions) subscription.close();
    await world.rest();
    reads = 0;
    await world.enqueue();
    world.clock.advance(60_000);
    await world.rest();
    expect(reads).toBe(0);
    expect(world.clock.nextTimerInMs()).toBeNull();
  });

  it("is not held up by those who join, however many come at once", async () => {
    const world = createWorld();
    const held = Promise.withResolvers<void>();
    let isHeld = false;
    let most = 0;
    let inside = 0;
    const crowded: TaskLiveStore = {
      ...world.store,
      async read(query) {
        inside += 1;
        most = Math.max(most, inside);
        if (isHeld) await held.promise;
        inside -= 1;
        return world.store.read(query);
      },
    };
    const hub = createTaskLiveHub(crowded, { clock: world.clock, gatherMs: 0 });
    const quick = createHeard();
    await hub.subscribe({}, quick.listener);
    await world.rest();
    isHeld = true;
    const others = Array.from({ length: 20 }, createHeard);
    const joining = Promise.all(others.map(({ listener }) => hub.subscribe({}, listener)));
    await world.enqueue();
    await world.until(() => quick.events().length === 1);
    expect([most, others.flatMap(({ messages }) => messages)]).toEqual([2, []]);
    held.resolve();
    await joining;
    await world.enqueue();
    await world.until(() => others.every((heard) => heard.events().length === 1));
  });

  it("outlives trouble of the store: nothing is lost", async () => {
    const world = createWorld();
    const heard = createHeard();
    let failing: keyof TaskLiveStore | null = null;
    const shaky: TaskLiveStore = {
      ...world.store,
      get: async (ids) => (failing === "get" ? Promise.reject(new Error("gone")) : world.store.get(ids)),
      events: async (...args) =>
        failing === "events" ? Promise.reject(new Error("gone")) : world.store.events(...args),
    };
    await createTaskLiveHub(shaky, { clock: world.clock, gatherMs: 0 }).subscribe({}, heard.listener);
    for (const trouble of ["get", "events"] as const) {
      failing = trouble;
      await world.enqueue();
      world.clock.advance(1_000);
      await world.rest();
      failing = null;
    }
    await world.until(() => heard.events().length >= 2);
    expect(heard.events()).toEqual(["enqueued 1 true", "enqueued 1 true"]);
  });

  it("tells a long page in pieces, and after trouble goes on with the piece that failed", async () => {
    const world = createWorld();
    const heard = createHeard();
    let gets = 0;
    const shaky: TaskLiveStore = {
      ...world.store,
      get(ids) {
        gets += 1;
        return gets === 2 ? Promise.reject(new Error("gone")) : world.store.get(ids);
      },
    };
    await createTaskLiveHub(shaky, { clock: world.clock, gatherMs: 100 }).subscribe({}, heard.listener);
    await world.rest();
    await Promise.all(Array.from({ length: 500 }, () => world.enqueue()));
    await world.until(() => heard.events().length >= 500);
    await world.rest();
    const ids = heard.messages.filter(isEvent).map(({ event }) => event.taskId);
    expect([ids.length, new Set(ids).size, gets]).toEqual([500, 500, 4]);
  });

  it("tells everybody to start anew when its own place is gone", async () => {
    const world = createWorld();
    const heard = createHeard();
    await hubOf(world, { pollIntervalMs: 60_000 }).subscribe({}, heard.listener);
    await world.rest();
    const { events } = world.store;
    let isGone = true;
    world.store.events = async (...args) => {
      if (!isGone) return events(...args);
      isGone = false;
      return { status: "reset", why: "epoch", cursor: (await world.store.read({})).cursor };
    };
    await world.enqueue();
    await world.until(() => heard.types().length >= 3);
    expect(heard.messages).toMatchObject([{}, { type: "resync", why: "epoch" }, { snapshots: { length: 1 } }]);
  });
});

describe("close", () => {
  it("of the hub is the last word to every reader", async () => {
    const world = createWorld();
    const hub = hubOf(world);
    const heard = createHeard();
    const { ended } = await hub.subscribe({}, heard.listener);
    await hub.close();
    await ended;
    expect(heard.last()).toMatchObject({ type: "end", code: "LIVE_CLOSED", retryable: true, path: null });
    await expect(hub.subscribe({}, heard.listener)).rejects.toEqual(refusal("LIVE_CLOSED"));
    await expect(hub.bootstrap()).rejects.toEqual(refusal("LIVE_CLOSED"));
    await world.rest();
    expect(world.clock.nextTimerInMs()).toBeNull();
  });

  it("of a subscription is silence", async () => {
    const world = createWorld();
    const heard = createHeard();
    const subscription = await hubOf(world).subscribe({}, heard.listener);
    await subscription[Symbol.asyncDispose]();
    subscription.close();
    await world.enqueue();
    await world.rest();
    expect(heard.types()).toEqual(["bootstrap"]);
  });
});

it.each<[string, unknown, object]>([
  ["source", {}, {}],
  ["source", null, {}],
  ["authorize", createMemoryTaskStore(), { authorize: true }],
  ["gatherMs", createMemoryTaskStore(), { gatherMs: -1 }],
  ["maxQueuedEvents", createMemoryTaskStore(), { maxQueuedEvents: 0 }],
  ["auth", createMemoryTaskStore(), { auth: "none" }],
])("refuses the option %s", (path, source, options) => {
  expect(() => createTaskLiveHub(source as TaskLiveSource, options)).toThrow(refusal("OPTION_INVALID", path));
});

it("keeps the order of a task's versions, whatever comes", async () => {
  const world = createWorld();
  const heard = createHeard();
  await hubOf(world).subscribe({}, heard.listener);
  await Promise.all(Array.from({ length: 100 }, () => world.enqueue()));
  for (let n = 0; n < 100; n += 1) await world.settle(await world.claim());
  await world.until(() => heard.events().length >= 400);
  const versions = new Map<string, number>();
  for (const { event } of heard.messages.filter(isEvent)) {
    expect(event.version).toBe((versions.get(event.taskId) ?? 0) + 1);
    versions.set(event.taskId, event.version);
  }
  expect(heard.events()).toHaveLength(400);
});
