import { expect } from "vitest";
import { leaseOf } from "../../builders/lease.ts";
import { aStep } from "../../builders/step.ts";
import type { StoreCases } from "../store-cases.ts";

/** The watchdog's label. */
export const staleCases: StoreCases = (add) => {
  add(
    "R22: a task silent for too long is labelled, once, and keeps its status",
    async ({ running, clock, store, told, record }) => {
      const task = await running();
      clock.advance(1_001);
      expect(await store.markStale(1_000, 10)).toMatchObject([
        { id: task.id, status: "running", staleAt: clock.now(), version: 4, staleReason: expect.any(String) },
      ]);
      expect(await store.markStale(1_000, 10)).toEqual([]);
      expect((await told(task.id)).at(-1)).toBe("stale");
      expect((await record(task.id)).leaseToken).toBe(task.leaseToken);
    },
  );

  add("R22: renewals by the host are no signs of life", async ({ running, clock, store, extendAll }) => {
    const task = await running();
    clock.advance(600);
    await extendAll([task]);
    clock.advance(600);
    expect(await store.markStale(1_000, 10)).toHaveLength(1);
  });

  for (const [name, said] of [
    ["progress", { progress: { percent: 1 } }],
    ["a step", { steps: [aStep(1)] }],
    ["alive", { alive: true }],
  ] as const) {
    add(`R23, F21: ${name} is a sign of life, and takes the label back`, async ({ running, clock, store, record }) => {
      const task = await running();
      clock.advance(900);
      await store.report([{ ...leaseOf(task), ...said }]);
      clock.advance(900);
      expect(await store.markStale(1_000, 10)).toEqual([]);
      clock.advance(200);
      expect(await store.markStale(1_000, 10)).toHaveLength(1);
      await store.report([{ ...leaseOf(task), ...(name === "a step" ? { steps: [aStep(2)] } : said) }]);
      expect(await record(task.id)).toMatchObject({ staleAt: null, staleReason: null, lastSignAt: clock.now() });
    });
  }

  add("R23: that a task is stale no longer is told", async ({ running, clock, store, told }) => {
    const task = await running();
    clock.advance(1_001);
    await store.markStale(1_000, 10);
    await store.report([{ ...leaseOf(task), alive: true }]);
    expect((await told(task.id)).slice(-2)).toEqual(["stale", "progress"]);
  });

  add(
    "R22: a task's own watchdog stands above the host's; 0 means only those with their own",
    async ({ running, clock, store }) => {
      const own = await running({ watchdogMs: 5_000 });
      const other = await running();
      clock.advance(2_000);
      expect(await store.markStale(0, 10)).toEqual([]);
      expect((await store.markStale(1_000, 10)).map(({ id }) => id)).toEqual([other.id]);
      clock.advance(4_000);
      expect((await store.markStale(0, 10)).map(({ id }) => id)).toEqual([own.id]);
    },
  );

  add("R22: at most `limit` are labelled a call", async ({ enqueueMany, claim, clock, store }) => {
    await enqueueMany(7);
    await claim();
    clock.advance(2_000);
    expect([await store.markStale(1_000, 5), await store.markStale(1_000, 5)].map(({ length }) => length)).toEqual([
      5, 2,
    ]);
  });

  add(
    "R22: what is not leased is never stale, and an end takes the label back",
    async ({ running, enqueue, succeed, clock, store, record }) => {
      await enqueue();
      const task = await running();
      clock.advance(2_000);
      expect(await store.markStale(1_000, 10)).toHaveLength(1);
      await succeed(task);
      expect(await record(task.id)).toMatchObject({ staleAt: null, staleReason: null });
      clock.advance(2_000);
      expect(await store.markStale(1_000, 10)).toEqual([]);
    },
  );

  add("R43: stale tasks are found by their state", async ({ running, clock, store }) => {
    const task = await running();
    await running();
    clock.advance(2_000);
    await store.report([{ ...leaseOf(task), alive: true }]);
    await store.markStale(1_000, 10);
    expect((await store.read({ states: ["running"] })).tasks.map(({ id }) => id)).toEqual([task.id]);
    expect((await store.read({ states: ["stale"] })).tasks).toHaveLength(1);
  });
};
