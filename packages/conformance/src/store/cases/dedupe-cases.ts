import type { EnqueueRequest } from "@millrace/models";
import { expect } from "vitest";
import { aFailSettlement } from "../../builders/failure.ts";
import type { StoreCases } from "../store-cases.ts";

const key = { dedupeKey: "k" };

/** Dedupe keys: policies, windows, races. */
export const dedupeCases: StoreCases = (add) => {
  add("R9, Q21, T35: 20 parallel enqueues of one key make one task, 19 are reused", async ({ store, request }) => {
    const calls = Array.from({ length: 20 }, () => store.enqueue([{ tasks: [request(key)] }]));
    const results = (await Promise.all(calls)).flat();
    const answers = results.flatMap((result) => (result.status === "stored" ? result.results : []));
    expect(answers.filter(({ disposition }) => disposition === "created")).toHaveLength(1);
    expect(answers.filter(({ disposition }) => disposition === "reused")).toHaveLength(19);
    expect(new Set(answers.map(({ task }) => task.id)).size).toBe(1);
    expect((await store.read({})).tasks).toHaveLength(1);
  });

  add("R9: 20 groups of one key in one call make one task", async ({ store, request }) => {
    const results = await store.enqueue(Array.from({ length: 20 }, () => ({ tasks: [request(key)] })));
    const answers = results.flatMap((result) => (result.status === "stored" ? result.results : []));
    expect(answers.map(({ disposition }) => disposition)).toEqual(["created", ...Array(19).fill("reused")]);
  });

  add("R9: a key that a refused group wanted is free for the next one, and for the next call", async (bench) => {
    const { store, request } = bench;
    const refused = (): { tasks: EnqueueRequest[] } => ({
      tasks: [request(key), request({ dependencies: [{ taskId: bench.newId(), onFailure: "continue" }] })],
    });
    const alone = await store.enqueue([refused(), refused()]);
    expect(alone.map(({ status }) => status)).toEqual(["refused", "refused"]);
    const [, second] = await store.enqueue([refused(), { tasks: [request(key)] }, refused()]);
    expect(second).toMatchObject({ status: "stored", results: [{ disposition: "created" }] });
    expect((await bench.stored(key))[0]?.disposition).toBe("reused");
  });

  add("R9: a key twice in one group is made once", async ({ stored }) => {
    const [first, second] = await stored(key, key);
    expect(second).toMatchObject({ disposition: "reused", task: { id: first?.task.id } });
  });

  add("R9: reuse changes neither input nor version of the holder", async ({ enqueue, stored, told }) => {
    const holder = await enqueue({ ...key, input: "1" });
    const [result] = await stored({ ...key, input: "2", priority: 9 });
    expect(result).toEqual({ disposition: "reused", task: holder, supersededTaskIds: [], warnings: [] });
    expect(await told(holder.id)).toEqual(["enqueued"]);
  });

  add("R9: a key is held per kind and tenant", async ({ stored }) => {
    const results = await stored(key, { ...key, kind: "other" }, { ...key, tenantId: "acme" }, { dedupeKey: "l" });
    expect(results.map(({ disposition }) => disposition)).toEqual(["created", "created", "created", "created"]);
  });

  add("R9: a key is held through claim, run, retry, snooze, suspension and pause", async (bench) => {
    const { stored, settle, clock, store } = bench;
    let task = await bench.running({ ...key, kind: "work" });
    const disposition = async (): Promise<string | undefined> => (await stored(key))[0]?.disposition;
    expect(await disposition()).toBe("reused");
    await settle(task, aFailSettlement());
    expect(await disposition()).toBe("reused");
    clock.advance(1_000);
    task = await bench.runAgain(task);
    await settle(task, { type: "snooze", delayMs: 0 });
    expect(await disposition()).toBe("reused");
    task = await bench.runAgain(task);
    await settle(task, { type: "suspend", wait: { reason: "sleep", forMs: 5 }, state: null });
    expect(await disposition()).toBe("reused");
    await store.change([{ type: "pause", taskId: task.id, by: null, why: null }]);
    expect(await disposition()).toBe("reused");
  });

  for (const end of ["succeeded", "failed", "cancelled"] as const) {
    add(`R9: a key is free again once its task has ${end}`, async (bench) => {
      const task = await bench.running({ ...key, kind: "work" });
      if (end === "succeeded") await bench.succeed(task);
      if (end === "failed") await bench.fail(task);
      if (end === "cancelled") await bench.cancel(task.id, "terminate");
      expect((await bench.stored(key))[0]).toMatchObject({ disposition: "created" });
    });
  }

  add("R9: a key is free again once its task is removed", async ({ enqueue, stored, store }) => {
    const { id } = await enqueue(key);
    await store.remove([{ taskId: id }]);
    expect((await stored(key))[0]).toMatchObject({ disposition: "created" });
  });

  add("R9: `reject` refuses the whole group while the key is taken", async ({ enqueue, group, store }) => {
    await enqueue(key);
    expect(await group({}, { ...key, dedupePolicy: "reject" })).toMatchObject({
      status: "refused",
      code: "DEDUPE_CONFLICT",
      index: 1,
    });
    expect((await store.read({})).tasks).toHaveLength(1);
  });

  add("R9: `reject` is created when the key is free", async ({ stored }) => {
    expect((await stored({ ...key, dedupePolicy: "reject" }))[0]?.disposition).toBe("created");
  });

  add("M18: `replace` gives a queued holder the new input", async ({ enqueue, stored, record, told }) => {
    const holder = await enqueue({ ...key, input: "1" });
    const [result] = await stored({ ...key, input: "2", dedupePolicy: "replace" });
    expect(result).toMatchObject({ disposition: "reused", task: { id: holder.id, input: "2", version: 2 } });
    expect(result?.notReplaced).toBeUndefined();
    expect(await record(holder.id)).toEqual(result?.task);
    expect(await told(holder.id)).toEqual(["enqueued", "rescheduled"]);
  });

  add("`replace` leaves a holder that has begun as it is, and says so", async ({ running, stored, record }) => {
    const holder = await running({ ...key, kind: "work", input: "1" });
    const [result] = await stored({ ...key, input: "2", dedupePolicy: "replace" });
    expect(result).toMatchObject({ disposition: "reused", notReplaced: true, task: { id: holder.id, input: "1" } });
    expect(await record(holder.id)).toEqual(holder);
  });

  add("Q74: a repeated send of a reused request is reused again", async ({ store, request, enqueue }) => {
    const holder = await enqueue(key);
    const asked = request(key);
    await store.enqueue([{ tasks: [asked] }]);
    const [again] = await store.enqueue([{ tasks: [asked] }]);
    expect(again).toMatchObject({ results: [{ disposition: "reused", task: { id: holder.id } }] });
  });

  add("throttle: a window keeps the key taken after the end, and the last task answers", async (bench) => {
    const { stored, clock } = bench;
    const task = await bench.running({ ...key, kind: "work", dedupeForMs: 10_000 });
    await bench.succeed(task, "1");
    clock.advance(9_999);
    expect((await stored({ ...key, dedupeForMs: 10_000 }))[0]).toMatchObject({
      disposition: "reused",
      task: { id: task.id, status: "succeeded", output: "1" },
    });
    clock.advance(1);
    expect((await stored({ ...key, dedupeForMs: 10_000 }))[0]).toMatchObject({ disposition: "created" });
  });

  add(
    "throttle: a window that has passed does not free the key of an open task",
    async ({ enqueue, stored, clock }) => {
      const holder = await enqueue({ ...key, dedupeForMs: 10 });
      clock.advance(1_000);
      expect((await stored(key))[0]).toMatchObject({ disposition: "reused", task: { id: holder.id } });
    },
  );

  add(
    "debounce: each enqueue moves the open task's time and makes no other",
    async ({ enqueue, stored, clock, claim }) => {
      const debounced = { ...key, delayMs: 1_000, debounceMs: 1_000 };
      const first = await enqueue(debounced);
      for (let round = 0; round < 3; round += 1) {
        clock.advance(900);
        const [result] = await stored(debounced);
        expect(result).toMatchObject({
          disposition: "reused",
          task: { id: first.id, scheduledAt: clock.now() + 1_000, version: round + 2 },
        });
      }
      clock.advance(999);
      expect(await claim()).toEqual([]);
      clock.advance(1);
      expect((await claim())[0]?.task.id).toBe(first.id);
    },
  );

  add("debounce: with `replace` the open task takes the last input too", async ({ enqueue, stored, clock, told }) => {
    const first = await enqueue({ ...key, debounceMs: 500, delayMs: 500, input: "1" });
    clock.advance(100);
    const [result] = await stored({ ...key, debounceMs: 500, dedupePolicy: "replace", input: "2" });
    expect(result?.task).toMatchObject({ id: first.id, input: "2", scheduledAt: clock.now() + 500 });
    expect(await told(first.id)).toEqual(["enqueued", "rescheduled"]);
  });

  add("debounce: a holder that has begun keeps its times", async ({ running, stored }) => {
    const holder = await running({ ...key, kind: "work" });
    expect((await stored({ ...key, debounceMs: 500 }))[0]?.task).toEqual(holder);
  });
};
