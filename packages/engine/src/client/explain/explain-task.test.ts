import { aGroup, aKind, aRequest, leaseOf } from "@millrace/conformance";
import {
  createManualClock,
  createSeededRandom,
  type EnqueueRequest,
  type HostBeat,
  type ManualClock,
  type Settlement,
  type TaskExplanationReason,
  type TaskRecord,
  type TaskStore,
} from "@millrace/models";
import { createMemoryTaskStore } from "@millrace/store-memory";
import { describe, expect, it } from "vitest";
import { createTaskClient, type StoreTaskClient } from "../create-task-client.ts";

interface Bench {
  readonly clock: ManualClock;
  readonly store: TaskStore;
  readonly client: StoreTaskClient;
  enqueue(change?: Partial<EnqueueRequest>): Promise<TaskRecord>;
  claim(limit?: number): Promise<readonly TaskRecord[]>;
  settle(task: TaskRecord, settlement: Settlement): Promise<void>;
  beat(change?: Partial<HostBeat>): Promise<void>;
  codes(taskId: string): Promise<readonly string[]>;
  /** The one reason of that code. */
  reason<Code extends TaskExplanationReason["code"]>(taskId: string, code: Code): Promise<TaskExplanationReason>;
}

const host: HostBeat = {
  hostId: "h1",
  aliveForMs: 30_000,
  kinds: ["work"],
  slots: 4,
  running: 0,
  state: "running",
  label: "media-1",
  version: "",
  podId: null,
};

async function bench(): Promise<Bench> {
  const clock = createManualClock();
  const store = createMemoryTaskStore({ clock, random: createSeededRandom(1) });
  const client = createTaskClient({ store, clock, allowUnknownKinds: true });
  const made: Bench = {
    clock,
    store,
    client,
    async enqueue(change = {}) {
      const [answer] = await store.enqueue([aGroup(change)]);
      if (answer?.status !== "stored" || !answer.results[0]) throw new Error("the task was refused");
      return answer.results[0].task;
    },
    async claim(limit = 1) {
      const kinds = [{ kind: "work", slots: limit }];
      const { tasks } = await store.claim({ hostId: "h1", kinds, limit, leaseMs: 30_000, suspects: "include" });
      return tasks.map(({ task }) => task);
    },
    async settle(task, settlement) {
      await store.settle([{ ...leaseOf(task), started: true, settlement }]);
    },
    async beat(change = {}) {
      await store.facet("hosts")?.beat({ ...host, ...change });
    },
    codes: async (taskId) => (await client.explain(taskId))?.reasons.map(({ code }) => code) ?? [],
    async reason(taskId, code) {
      const found = (await client.explain(taskId))?.reasons.filter((one) => one.code === code) ?? [];
      expect(found).toHaveLength(1);
      return found[0] ?? { code: "next" };
    },
  };
  await made.beat();
  return made;
}

const text = async ({ client }: Bench, taskId: string): Promise<string> => (await client.explain(taskId))?.text ?? "";

describe("explain", () => {
  it("knows no task that is not there, or that is another tenant's", async () => {
    const { client, enqueue } = await bench();
    expect(await client.explain(aRequest().id)).toBeNull();
    const { id } = await enqueue({ tenantId: "acme" });
    expect(await client.explain(id, { tenantId: "other" })).toBeNull();
    expect(await client.explain(id, { tenantId: "acme" })).toMatchObject({ taskId: id, state: "queued" });
  });

  it("refuses what is no id, and options it does not know", async () => {
    const { client } = await bench();
    await expect(client.explain("7")).rejects.toMatchObject({ code: "TASK_ID_INVALID" });
    const odd = { tenant: "a" } as object;
    const refused = client.explain(aRequest().id, odd);
    await expect(refused).rejects.toMatchObject({ code: "OPTION_INVALID", details: { path: "options.tenant" } });
  });

  it("says that nothing keeps a task that is the next", async () => {
    const one = await bench();
    const { id } = await one.enqueue();
    expect(await one.client.explain(id)).toEqual({
      taskId: id,
      state: "queued",
      reasons: [{ code: "next" }],
      text: "Nothing keeps it: a host takes it with its next look.",
      notKnown: [],
      at: one.clock.now(),
    });
  });

  it("counts who comes first, and says more than from a cap on", async () => {
    const one = await bench();
    await one.store.enqueue(Array.from({ length: 1_001 }, () => aGroup({ priority: 1 })));
    const second = await one.enqueue({ priority: 1 });
    const { id } = await one.enqueue({ priority: -3 });
    expect(await one.reason(id, "in-line")).toEqual({
      code: "in-line",
      ahead: { count: 1_000, exact: false },
      priority: -3,
    });
    expect(await text(one, id)).toBe("More than 1000 tasks of its kind come first.");
    expect(await one.codes(second.id)).toEqual(["in-line"]);
  });

  it("names who paused the task or its kind, why and since when", async () => {
    const one = await bench();
    const { id } = await one.enqueue();
    await one.client.pause(id, { by: "ops", why: "bad input" });
    const since = one.clock.now();
    expect(await one.reason(id, "task-paused")).toEqual({ code: "task-paused", by: "ops", why: "bad input", since });
    expect(await text(one, id)).toBe("The task is paused by ops: bad input.");
    await one.client.resume(id);
    await one.client.pause({ kind: "work" }, { by: "ann" });
    expect(await one.reason(id, "kind-paused")).toEqual({
      code: "kind-paused",
      kind: "work",
      by: "ann",
      why: null,
      since,
    });
    expect(await text(one, id)).toBe('The kind "work" is paused by ann.');
  });

  it("says when a task is due, and what will keep it then", async () => {
    const one = await bench();
    const { id } = await one.enqueue({ kind: "orphan", delayMs: 192_000 });
    const scheduledAt = one.clock.now() + 192_000;
    expect((await one.client.explain(id))?.reasons).toEqual([
      { code: "not-due", scheduledAt, inMs: 192_000 },
      { code: "no-host", kind: "orphan", draining: [] },
    ]);
    expect(await text(one, id)).toBe('It is due in 3 min 12 s. No live host serves the kind "orphan".');
  });

  it("tells a back-off from a plain delay, with the last failure", async () => {
    const one = await bench();
    const { id } = await one.enqueue();
    const [task] = await one.claim();
    if (!task) throw new Error("it was to be claimed");
    const failure = JSON.stringify({ name: "Error", message: "ECONNRESET\n at x" });
    const failed = { reason: "TASK_FAILED", fingerprint: "f", permanent: false, maxAttempts: 3 } as const;
    await one.settle(task, { type: "fail", failure, delayMs: 2_000, ...failed });
    expect(await one.reason(id, "back-off")).toMatchObject({ failures: 1, inMs: 2_000, failure: { name: "Error" } });
    expect(await text(one, id)).toBe("It has failed once and is tried again in 2 s; last: Error: ECONNRESET.");
  });

  it("names what a blocked task waits for, and until when", async () => {
    const one = await bench();
    const first = await one.enqueue({ kind: "before" });
    const dependencies = [{ taskId: first.id, onFailure: "continue" as const }];
    const { id } = await one.enqueue({ dependencies, waitTimeoutMs: 5_000 });
    expect((await one.client.explain(id))?.reasons).toEqual([
      {
        code: "waits-for-tasks",
        for: "dependencies",
        open: 1,
        tasks: [{ taskId: first.id, kind: "before", status: "queued", hostId: null }],
        until: one.clock.now() + 5_000,
      },
    ]);
    expect(await text(one, id)).toBe("It waits for 1 task to end.");
  });

  it.each<[wait: Extract<Settlement, { type: "suspend" }>["wait"], code: TaskExplanationReason["code"], said: string]>([
    [{ reason: "sleep", forMs: 90_000 }, "waits-for-time", "It sleeps and goes on in 1 min 30 s."],
    [
      { reason: "signal", name: "approved", timeoutMs: null },
      "waits-for-signal",
      'It waits for the signal "approved".',
    ],
    [{ reason: "manual", note: null, timeoutMs: null }, "waits-for-person", "It waits until somebody resumes it."],
  ])("says of a suspension %j what ends it", async (wait, code, said) => {
    const one = await bench();
    const { id } = await one.enqueue();
    const [task] = await one.claim();
    if (!task) throw new Error("it was to be claimed");
    await one.settle(task, { type: "suspend", wait, state: null });
    expect(await one.codes(id)).toEqual([code]);
    expect(await text(one, id)).toBe(said);
  });

  it("names the tasks that hold a full key or kind, and no other tenant's", async () => {
    const one = await bench();
    await one.store.setKind([aKind({ limit: 1 })]);
    const keyed = { tenantId: "t", concurrencyKeys: [{ key: "k", limit: 1 }] };
    const holder = await one.enqueue(keyed);
    await one.claim();
    const { id } = await one.enqueue(keyed);
    const { id: foreign } = await one.enqueue({ tenantId: "u" });
    const holders = [{ taskId: holder.id, kind: "work", status: "claimed", hostId: "h1" }];
    expect((await one.client.explain(id))?.reasons).toEqual([
      { code: "limit-full", scope: { type: "kind", kind: "work" }, limit: 1, held: 1, holders },
      { code: "limit-full", scope: { type: "key", tenantId: "t", key: "k" }, limit: 1, held: 1, holders },
    ]);
    expect(await text(one, id)).toBe(
      'The limit of the kind "work" is full: 1 of 1 run. The limit of the key "k" is full: 1 of 1 run.',
    );
    const [scoped] = (await one.client.explain(foreign, { tenantId: "u" }))?.reasons ?? [];
    expect(scoped).toMatchObject({ code: "limit-full", held: 1, holders: [] });
  });

  it("says when a rate lets the next one start", async () => {
    const one = await bench();
    await one.store.setKind([aKind({ rate: { count: 1, perMs: 60_000 } })]);
    await one.enqueue();
    const { id } = await one.enqueue();
    await one.claim();
    one.clock.advance(20_000);
    expect(await one.reason(id, "rate-limit")).toMatchObject({ inMs: 40_000, rate: { count: 1, perMs: 60_000 } });
    expect(await text(one, id)).toBe("The rate of its kind lets the next task start in 40 s.");
  });

  it("tells a kind that nobody serves from one whose hosts drain, or are full", async () => {
    const one = await bench();
    const { id } = await one.enqueue();
    await one.beat({ running: 4 });
    const shown = { hostId: "h1", label: "media-1", running: 4, slots: 4 };
    expect(await one.reason(id, "hosts-busy")).toEqual({ code: "hosts-busy", kind: "work", hosts: [shown] });
    await one.store.facet("hosts")?.drain("h1", true);
    expect(await one.reason(id, "no-host")).toEqual({ code: "no-host", kind: "work", draining: [shown] });
    one.clock.advance(30_001);
    expect(await one.reason(id, "no-host")).toEqual({ code: "no-host", kind: "work", draining: [] });
  });

  it("says where a task runs, and that it is silent or asked to stop", async () => {
    const one = await bench();
    const { id } = await one.enqueue({ watchdogMs: 1_000 });
    const [task] = await one.claim();
    if (!task) throw new Error("it was to be claimed");
    await one.store.report([{ ...leaseOf(task), started: true }]);
    expect(await text(one, id)).toBe("Attempt 1 runs on media-1.");
    one.clock.advance(2_000);
    await one.store.markStale(0, 10);
    await one.client.cancel(id);
    expect(await one.reason(id, "running")).toMatchObject({ hostId: "h1", started: true, leaseEndsInMs: 28_000 });
    expect(await text(one, id)).toBe(
      "Attempt 1 runs on media-1, but has given no sign of life for a while; it was asked to stop.",
    );
  });

  it("says how an ended task ended", async () => {
    const one = await bench();
    const { id } = await one.enqueue();
    await one.client.cancel(id, "not needed", { by: "ops" });
    expect(await one.codes(id)).toEqual(["finished"]);
    expect(await text(one, id)).toBe("It was cancelled by ops (TASK_CANCELLED): not needed.");
  });

  it("tells of a task that did not begin in time, and of one whose host died", async () => {
    const one = await bench();
    const { id } = await one.enqueue({ expiresInMs: 1_000, priority: 9 });
    const { id: poor } = await one.enqueue();
    const claimed = (await one.claim(2)).find((task) => task.id === poor);
    if (!claimed) throw new Error("it was to be claimed");
    await one.store.report([{ ...leaseOf(claimed), started: true }]);
    one.clock.advance(30_001);
    await one.store.expire(10);
    await one.beat();
    expect(await one.codes(poor)).toContain("runs-alone");
    const { id: late } = await one.enqueue({ expiresInMs: 1_000 });
    one.clock.advance(1_000);
    expect((await one.codes(late))[0]).toBe("expired");
    expect(await one.codes(id)).not.toContain("expired");
  });

  it("says what could not be asked of a store that lacks a part", async () => {
    const one = await bench();
    const bare: TaskStore = { ...one.store, facet: () => null };
    const { id } = await one.enqueue({ delayMs: 1_000 });
    const client = createTaskClient({ store: bare, clock: one.clock });
    expect(await client.explain(id)).toMatchObject({ notKnown: ["waits", "hosts"], reasons: [{ code: "not-due" }] });
  });
});
