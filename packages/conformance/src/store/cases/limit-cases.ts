import { expect } from "vitest";
import { aKind } from "../../builders/kind.ts";
import type { StoreCases } from "../store-cases.ts";
import { addFacetCase, facetOf } from "./facet-cases.ts";

const keyed = { concurrencyKeys: [{ key: "k", limit: 1 }] };
const key = { type: "key", tenantId: "", key: "k" } as const;

/** Limits that an operator sets. */
export const limitCases: StoreCases = (addAny, options) => {
  const add = addFacetCase(addAny, options, "limits");

  add("R13: a limit of the whole store binds over all kinds", async (bench) => {
    const limits = facetOf(bench, "limits");
    await limits.setLimit({ type: "store" }, 3, null);
    await bench.enqueueMany(4);
    await bench.enqueueMany(4, { kind: "other" });
    const kinds = [
      { kind: "work", slots: 9 },
      { kind: "other", slots: 9 },
    ];
    const held = await bench.claim({ kinds });
    expect(held).toHaveLength(3);
    expect(await bench.claim({ kinds })).toEqual([]);
    for (const { task } of held.slice(0, 2)) await bench.succeed(task);
    expect(await bench.claim({ kinds })).toHaveLength(2);
    await limits.setLimit({ type: "store" }, null, null);
    expect(await bench.claim({ kinds })).toHaveLength(3);
  });

  addAny("F11: says who set an operator's limit and when, until it is taken back", async ({ store, clock }) => {
    await store.setKind([aKind({ limit: 4 })]);
    const none = { limitOverride: null, limitOverrideBy: null, limitOverrideAt: null };
    expect(await store.kinds()).toMatchObject([none]);
    await store.setKind([{ type: "limit", kind: "work", limit: 2, by: "ann" }]);
    const [set] = await store.kinds();
    expect(set).toMatchObject({ limit: 2, limitFromCode: 4, limitOverrideBy: "ann", limitOverrideAt: clock.now() });
    clock.advance(5_000);
    await store.setKind([aKind({ limit: 9 })]);
    expect(await store.kinds(), "code says nothing of it").toMatchObject([
      { limit: 2, limitFromCode: 9, limitOverrideBy: "ann", limitOverrideAt: set?.limitOverrideAt },
    ]);
    await store.setKind([{ type: "limit", kind: "work", limit: 2, by: "bob" }]);
    expect(await store.kinds()).toMatchObject([{ limitOverrideBy: "bob", limitOverrideAt: clock.now() }]);
    await store.setKind([{ type: "limit", kind: "work", limit: null, by: "ann" }]);
    expect(await store.kinds()).toMatchObject([{ limit: 9, ...none }]);
  });

  add("F11: a kind's limit keeps whose it is", async (bench) => {
    const limits = facetOf(bench, "limits");
    await limits.setLimit({ type: "kind", kind: "work" }, 3, "ann");
    expect(await bench.store.kinds()).toMatchObject([
      { limit: 3, limitOverrideBy: "ann", limitOverrideAt: bench.clock.now() },
    ]);
    await limits.setLimit({ type: "kind", kind: "work" }, 4, null);
    expect(await bench.store.kinds()).toMatchObject([{ limit: 4, limitOverrideBy: null }]);
  });

  add("R11: a key's limit is raised and lowered by hand and binds from the next claim", async (bench) => {
    const limits = facetOf(bench, "limits");
    await bench.enqueueMany(6, keyed);
    expect(await bench.claim()).toHaveLength(1);
    await limits.setLimit(key, 3, null);
    const more = await bench.claim();
    expect(more).toHaveLength(2);
    await limits.setLimit(key, 1, null);
    for (const { task } of more) await bench.succeed(task);
    expect(await bench.claim()).toEqual([]);
  });

  add("R11: a key's limit may be set before any task has it", async (bench) => {
    await facetOf(bench, "limits").setLimit(key, 2, null);
    const [first] = await bench.stored(keyed, keyed, keyed);
    expect(first?.warnings).toMatchObject([{ code: "LIMIT_DIFFERS" }]);
    expect(await bench.claim()).toHaveLength(2);
  });

  add("a key's rate: a token bucket of its own", async (bench) => {
    const limits = facetOf(bench, "limits");
    await limits.setRate(key, { count: 1, perMs: 1_000 });
    await bench.enqueueMany(4, { concurrencyKeys: [{ key: "k", limit: 9 }] });
    const free = await bench.enqueue();
    expect((await bench.claimIds()).length).toBe(2);
    expect((await bench.record(free.id)).status).toBe("claimed");
    expect(await bench.claim()).toEqual([]);
    bench.clock.advance(1_000);
    expect(await bench.claim()).toHaveLength(1);
    await limits.setRate(key, null);
    expect(await bench.claim()).toHaveLength(2);
  });

  add("limits in force are listed with what holds them", async (bench) => {
    const limits = facetOf(bench, "limits");
    await bench.store.setKind([aKind({ limit: 5, rate: { count: 2, perMs: 10 } })]);
    await limits.setLimit({ type: "store" }, 9, null);
    await bench.enqueueMany(3, keyed);
    await bench.claim();
    const listed = await limits.list(100);
    expect(listed).toContainEqual({ scope: { type: "store" }, limit: 9, held: 1, rate: null });
    expect(listed).toContainEqual({
      scope: { type: "kind", kind: "work" },
      limit: 5,
      held: 1,
      rate: { count: 2, perMs: 10 },
    });
    expect(listed).toContainEqual({ scope: key, limit: 1, held: 1, rate: null });
  });

  add("a key that nobody holds or waits for is not listed", async (bench) => {
    await bench.enqueue(keyed);
    for (const { task } of await bench.claim()) await bench.succeed(task);
    const scopes = (await facetOf(bench, "limits").list(100)).map(({ scope }) => scope.type);
    expect(scopes).not.toContain("key");
  });

  add("held never falls below zero and never counts more than is leased", async (bench) => {
    const limits = facetOf(bench, "limits");
    await limits.setLimit({ type: "store" }, 50, null);
    await bench.store.setKind([aKind({ limit: 20 })]);
    await bench.enqueueMany(12, { concurrencyKeys: [{ key: "k", limit: 4 }] });
    for (let round = 0; round < 6; round += 1) {
      const held = await bench.claim({ leaseMs: 1_000 });
      for (const { task } of held.slice(0, 1)) await bench.succeed(task);
      for (const { task } of held.slice(1, 2)) await bench.cancel(task.id, "terminate");
      const leased = (await bench.store.read({ statuses: ["claimed", "running"] })).tasks.length;
      for (const { held: count, scope } of await limits.list(100))
        expect([scope.type, count]).toEqual([scope.type, leased]);
      bench.clock.advance(1_001);
      await bench.store.expire(100);
    }
    expect((await limits.list(100)).every(({ held }) => held === 0)).toBe(true);
  });

  add("a limit that changes is told", async (bench) => {
    await facetOf(bench, "limits").setLimit(key, 3, null);
    const told = (await bench.journal()).filter((event) => event.type === "limit_changed");
    expect(told).toMatchObject([{ type: "limit_changed", name: "k", taskId: null }]);
  });
};
