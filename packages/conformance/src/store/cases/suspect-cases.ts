import { expect } from "vitest";
import type { StoreCases } from "../store-cases.ts";

/** M2 for tasks whose lease has expired before: they run alone. */
export const suspectCases: StoreCases = (add) => {
  add("suspects: included, a suspect comes as running; excluded, it is left and said", async (bench) => {
    const { clock, store, claim, claimed } = bench;
    const { id } = await claimed({ kind: "work" }, { leaseMs: 1_000 });
    const healthy = await bench.enqueue({ priority: -1 });
    clock.advance(1_001);
    await store.expire(10);
    const ask = { hostId: "h", kinds: [{ kind: "work", slots: 5 }], limit: 5, leaseMs: 1_000 };
    const excluded = await store.claim({ ...ask, suspects: "exclude" });
    expect(excluded).toMatchObject({ suspectsWaiting: true, tasks: [{ task: { id: healthy.id } }] });
    const [suspect] = await claim({ suspects: "include" });
    expect(suspect?.task).toMatchObject({ id, status: "running", suspect: true, started: true, version: 5 });
    expect(await bench.told(id)).toEqual(["enqueued", "claimed", "lease_lost", "claimed", "started"]);
  });

  add(
    "suspects: alone, a suspect that comes first is the whole answer",
    async ({ clock, store, claimed, enqueueMany }) => {
      const { id } = await claimed({ kind: "work" }, { leaseMs: 1_000 });
      clock.advance(1_001);
      await store.expire(10);
      await enqueueMany(3);
      const ask = {
        hostId: "h",
        kinds: [{ kind: "work", slots: 5 }],
        limit: 5,
        leaseMs: 1_000,
        suspects: "alone",
      } as const;
      expect((await store.claim(ask)).tasks.map(({ task }) => task.id)).toEqual([id]);
      expect((await store.claim(ask)).tasks).toHaveLength(3);
    },
  );

  add(
    "suspects: alone, others that come first are given without it",
    async ({ clock, store, claimed, enqueueMany }) => {
      const { id } = await claimed({ kind: "work" }, { leaseMs: 1_000 });
      clock.advance(1_001);
      await store.expire(10);
      const others = await enqueueMany(2, { priority: 1 });
      const ask = {
        hostId: "h",
        kinds: [{ kind: "work", slots: 5 }],
        limit: 5,
        leaseMs: 1_000,
        suspects: "alone",
      } as const;
      const first = await store.claim(ask);
      expect(first.tasks.map(({ task }) => task.id)).toEqual(others.map((task) => task.id));
      expect(first.suspectsWaiting).toBe(true);
      expect((await store.claim(ask)).tasks.map(({ task }) => task.id)).toEqual([id]);
    },
  );
};
