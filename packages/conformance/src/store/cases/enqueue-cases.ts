import { newTask } from "@millrace/models";
import { expect } from "vitest";
import { aKind } from "../../builders/kind.ts";
import type { StoreCases } from "../store-cases.ts";

const secret = { codecId: "test", bytes: new Uint8Array([0, 1, 2, 250, 255]) };

/** M1. */
export const enqueueCases: StoreCases = (add) => {
  add(
    "M1, R8: a request becomes a queued task of version 1 and one event",
    async ({ store, request, clock, ...bench }) => {
      const asked = request();
      const [result] = await store.enqueue([{ tasks: [asked] }]);
      const task = newTask(asked, 0, clock.now());
      const made = { disposition: "created", task, supersededTaskIds: [], warnings: [] };
      expect(result).toEqual({ status: "stored", results: [made] });
      expect(await bench.record(asked.id)).toEqual(task);
      expect(await bench.eventsOf(asked.id)).toEqual([
        {
          type: "enqueued",
          taskId: asked.id,
          tenantId: "",
          kind: "work",
          version: 1,
          attempt: 0,
          at: clock.now(),
          statusBefore: null,
          statusAfter: "queued",
          reason: null,
          hostId: null,
          channels: [],
          data: null,
        },
      ]);
    },
  );

  add(
    "R6, R46, T13, F47: everything a request says is kept as it was said",
    async ({ store, request, clock, newId, record }) => {
      const [rootId, parentId] = [newId(), newId()];
      const asked = request({
        tenantId: "acme",
        kindVersion: 7,
        priority: -32_768,
        scheduledAt: clock.now() + 5,
        expiresAt: clock.now() + 10_000,
        input: '{"a":[1,null,"é😀"]}',
        state: secret,
        metadata: { owner: { team: "x" }, list: [1, 2.5, false, null] },
        context: { user: "u1", "odd key": "" },
        logContext: { request: "r" },
        traceParent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        summary: "one line",
        tags: ["b", "a", "b:c"],
        channels: ["orders", "user:1"],
        origin: { type: "schedule", id: "nightly" },
        rootId,
        parentId,
        flowId: "flow",
        dedupeKey: "d",
        dedupeForMs: 60_000,
        supersedeKey: "s",
        concurrencyKeys: [
          { key: "a", limit: 1 },
          { key: "b", limit: 2 },
        ],
        retry: { maxAttempts: null, backoff: { type: "fixed", delayMs: 3 } },
        timeoutMs: 4,
        watchdogMs: 5,
        retainForMs: -1,
        maxInterruptions: null,
        afterCrash: "fail",
      });
      await store.enqueue([{ tasks: [asked] }]);
      expect(await record(asked.id)).toEqual(newTask(asked, 0, clock.now()));
    },
  );

  for (const input of [null, "null", "0", "false", '""', "{}", secret]) {
    add(`T13, Q6: an input of ${JSON.stringify(input)} is kept as it is`, async ({ enqueue, record }) => {
      const { id } = await enqueue({ input });
      expect((await record(id)).input).toEqual(input);
    });
  }

  add("T16, Q16, R7: a delay and an expiry count from the store's clock", async ({ enqueue, clock }) => {
    clock.step(-3_600_000);
    const task = await enqueue({ delayMs: 1_500, expiresInMs: 9_000 });
    expect(task).toMatchObject({ scheduledAt: clock.now() + 1_500, expiresAt: clock.now() + 9_000 });
    const absolute = await enqueue({ scheduledAt: 5, delayMs: 1_500, expiresAt: clock.now() + 7, expiresInMs: 9_000 });
    expect(absolute).toMatchObject({ scheduledAt: 5, expiresAt: clock.now() + 7 });
  });

  for (const [what, change] of [
    ["nothing but their ids", {}],
    ["a kind", { kind: "rest" }],
    ["a tenant", { tenantId: "acme" }],
    ["a priority", { priority: 3 }],
    ["a time", { scheduledAt: 5 }],
    ["a delay", { delayMs: 70 }],
    ["an input", { input: "[1]" }],
    ["metadata", { metadata: { a: 1 } }],
    ["how long it is kept", { retainForMs: 9_000 }],
    ["a tag", { tags: ["t"] }],
  ] as const) {
    add(`tasks of one call that differ in ${what} are kept and told each as it was asked for`, async (bench) => {
      const asked = [bench.request(), bench.request(change), bench.request()].toReversed();
      const results = await bench.store.enqueue(asked.map((request) => ({ tasks: [request] })));
      for (const [index, request] of asked.entries()) {
        const task = newTask(request, 0, bench.clock.now());
        expect(results[index]).toMatchObject({ status: "stored", results: [{ disposition: "created", task }] });
        expect(await bench.record(request.id)).toEqual(task);
        const told = { type: "enqueued", kind: request.kind, tenantId: request.tenantId, version: 1 };
        expect(await bench.eventsOf(request.id)).toMatchObject([told]);
      }
    });
  }

  add("T14, R14, F9: a task of a kind nobody serves yet stays queued", async ({ enqueue, claim, record, clock }) => {
    const { id } = await enqueue({ kind: "later" });
    clock.advance(3_600_000);
    expect(await claim({ kinds: [{ kind: "other", slots: 10 }] })).toEqual([]);
    expect(await record(id)).toMatchObject({ status: "queued", attempt: 0, version: 1 });
  });

  add(
    "Q74: a repeated send of the same id changes nothing and answers the stored task",
    async ({ store, request, record, told }) => {
      const asked = request({ input: "1" });
      await store.enqueue([{ tasks: [asked] }]);
      const before = await record(asked.id);
      const [again] = await store.enqueue([{ tasks: [{ ...asked, input: "2" }] }]);
      expect(again).toMatchObject({
        status: "stored",
        results: [{ replayed: true, task: before, supersededTaskIds: [] }],
      });
      expect(await record(asked.id)).toEqual(before);
      expect(await told(asked.id)).toEqual(["enqueued"]);
    },
  );

  add(
    "Q74: a repeated send after the task has ended answers the final task",
    async ({ store, request, claim, succeed, told }) => {
      const asked = request();
      await store.enqueue([{ tasks: [asked] }]);
      for (const { task } of await claim()) await succeed(task, "1");
      const [again] = await store.enqueue([{ tasks: [asked] }]);
      expect(again).toMatchObject({ status: "stored", results: [{ replayed: true, task: { status: "succeeded" } }] });
      expect(await told(asked.id)).toEqual(["enqueued", "claimed", "started", "succeeded"]);
    },
  );

  add("Q74: one id sent twice in one call makes one task", async ({ store, request }) => {
    const asked = request();
    const results = await store.enqueue([{ tasks: [asked] }, { tasks: [asked] }]);
    expect(results.map((result) => result.status === "stored" && (result.results[0]?.replayed ?? false))).toEqual([
      false,
      true,
    ]);
    expect((await store.read({})).tasks).toHaveLength(1);
  });

  for (const [how, inGroups] of [
    ["as groups of their own", true],
    ["as one list", false],
  ] as const) {
    add(
      `Q74: among many tasks ${how} one that is stored and one sent twice are recognised, and all others made`,
      async ({ store, request, enqueue, told }) => {
        const known = await enqueue();
        const twice = request();
        const fresh = Array.from({ length: 21 }, (_, n) => request({ input: String(n) }));
        const asked = [...fresh.slice(0, 18), request({ id: known.id }), twice, ...fresh.slice(18), twice];
        const answer = await store.enqueue(inGroups ? asked.map((task) => ({ tasks: [task] })) : [{ tasks: asked }]);
        const results = answer.flatMap((each) => (each.status === "stored" ? each.results : []));
        expect(results.map(({ task }) => task.id)).toEqual(asked.map(({ id }) => id));
        expect(results.flatMap(({ replayed }, place) => (replayed ? [place] : []))).toEqual([18, 23]);
        expect((await store.get(fresh.map(({ id }) => id))).map((task) => task?.input)).toEqual(
          fresh.map(({ input }) => input),
        );
        expect((await store.aggregate({})).byStatus.queued.count).toBe(23);
        for (const id of [known.id, twice.id]) expect(await told(id)).toEqual(["enqueued"]);
      },
    );
  }

  for (const tags of [[], ["t"]]) {
    add(
      `Q74: of a list with ${tags.length} tags one task that is stored is recognised, and all others made`,
      async (bench) => {
        const known = await bench.enqueue({ tags });
        const fresh = Array.from({ length: 5 }, () => bench.request({ tags }));
        const asked = [...fresh.slice(0, 3), bench.request({ id: known.id, tags }), ...fresh.slice(3)];
        const [answer] = await bench.store.enqueue([{ tasks: asked }]);
        const results = answer?.status === "stored" ? answer.results : [];
        expect(results.map(({ task, replayed }) => [task.id, replayed ?? false])).toEqual(
          asked.map(({ id }) => [id, id === known.id]),
        );
        expect((await bench.store.read(tags.length === 0 ? {} : { tags })).tasks).toHaveLength(6);
        for (const { id } of asked) expect(await bench.told(id)).toEqual(["enqueued"]);
      },
    );
  }

  for (const change of [{ kind: "other" }, { tenantId: "other" }]) {
    const [what] = Object.keys(change);
    add(`refuses an id that a task of another ${what} has, and changes nothing`, async ({ enqueue, group, record }) => {
      const before = await enqueue();
      expect(await group({ ...change, id: before.id })).toMatchObject({
        status: "refused",
        code: "TASK_ID_TAKEN",
        index: 0,
      });
      expect(await record(before.id)).toEqual(before);
    });
  }

  add("refuses an unknown kind only where the request says so", async ({ store, group }) => {
    expect(await group({}, { kind: "new", mustKnowKind: true })).toMatchObject({
      status: "refused",
      code: "KIND_UNKNOWN",
      index: 1,
    });
    expect((await store.read({})).tasks).toEqual([]);
    await store.setKind([aKind({ kind: "new" })]);
    expect(await group({}, { kind: "new", mustKnowKind: true })).toMatchObject({ status: "stored" });
  });

  add("a group is all or nothing, and a refused group harms no other", async ({ store, request, newId }) => {
    const groups = [
      { tasks: [request(), request()] },
      { tasks: [request(), request({ dependencies: [{ taskId: newId(), onFailure: "continue" }] })] },
      { tasks: [request()] },
    ];
    const results = await store.enqueue(groups);
    expect(results.map((result) => result.status)).toEqual(["stored", "refused", "stored"]);
    expect(results[1]).toMatchObject({ code: "DEPENDENCY_UNKNOWN", index: 1 });
    const stored = (await store.read({ orderBy: "created_asc" })).tasks.map((task) => task.id);
    expect(stored).toEqual([...(groups[0]?.tasks ?? []), ...(groups[2]?.tasks ?? [])].map((task) => task.id));
  });

  add("answers a group of 1,000 by position", async ({ store, request }) => {
    const tasks = Array.from({ length: 1_000 }, (_, index) => request({ input: String(index) }));
    const [result] = await store.enqueue([{ tasks }]);
    const answered = result?.status === "stored" ? result.results.map(({ task }) => task.input) : [];
    expect(answered).toEqual(tasks.map((task) => task.input));
  });
};
