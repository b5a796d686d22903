import { expect } from "vitest";
import { aKind } from "../../builders/kind.ts";
import type { StoreCases } from "../store-cases.ts";
import { addFacetCase, facetOf } from "./facet-cases.ts";

const none = { at: expect.any(Number), waitsFor: [], limits: [], ahead: { count: 0, exact: true } };

/** Why one task does not run. */
export const waitsCases: StoreCases = (addAny, options) => {
  const add = addFacetCase(addAny, options, "waits");

  add("a task that is not there is null, and a final one waits for nothing", async (bench) => {
    const waits = facetOf(bench, "waits");
    expect(await waits.look(bench.newId(), 10)).toBeNull();
    await bench.store.setKind([aKind({ limit: 1 })]);
    const task = await bench.running();
    await bench.succeed(task);
    expect(await waits.look(task.id, 10)).toEqual(none);
  });

  add("a blocked task names the open tasks it waits for, by position, as many as are asked for", async (bench) => {
    const waits = facetOf(bench, "waits");
    const [a, b, c] = await bench.enqueueMany(3, { kind: "before" });
    if (!a || !b || !c) throw new Error("three tasks were enqueued");
    const dependencies = [c, a, b].map(({ id }) => ({ taskId: id, onFailure: "continue" as const }));
    const waiter = await bench.enqueue({ dependencies });
    expect((await waits.look(waiter.id, 10))?.waitsFor).toEqual([c.id, a.id, b.id]);
    expect((await waits.look(waiter.id, 2))?.waitsFor).toEqual([c.id, a.id]);
    await bench.cancel(c.id);
    expect((await waits.look(waiter.id, 10))?.waitsFor).toEqual([a.id, b.id]);
    await bench.cancel(a.id);
    await bench.cancel(b.id);
    expect((await waits.look(waiter.id, 10))?.waitsFor).toEqual([]);
  });

  add("a task past the deadline of its wait waits for nobody any more", async (bench) => {
    const first = await bench.enqueue({ kind: "before" });
    const dependencies = [{ taskId: first.id, onFailure: "continue" as const }];
    const waiter = await bench.enqueue({ dependencies, waitTimeoutMs: 1_000 });
    bench.clock.advance(1_001);
    await bench.store.expire(10);
    expect((await bench.record(waiter.id)).status).toBe("queued");
    expect((await facetOf(bench, "waits").look(waiter.id, 10))?.waitsFor).toEqual([]);
  });

  add("a parent names its open children, also while it is paused", async (bench) => {
    const waits = facetOf(bench, "waits");
    const parent = await bench.running();
    const children = [0, 1].map(() => bench.request({ kind: "child", parentId: parent.id, rootId: parent.rootId }));
    const wait = { reason: "children", children, onFailure: "continue", timeoutMs: null } as const;
    await bench.settle(parent, { type: "suspend", wait, state: null });
    const ids = children.map(({ id }) => id);
    expect((await waits.look(parent.id, 10))?.waitsFor).toEqual(ids);
    await bench.store.change([{ type: "pause", taskId: parent.id, by: null, why: null }]);
    await bench.cancel(ids[0] ?? "");
    expect((await waits.look(parent.id, 10))?.waitsFor).toEqual(ids.slice(1));
  });

  add("every limit that binds a task is named, with what holds it", async (bench) => {
    const waits = facetOf(bench, "waits");
    const limits = facetOf(bench, "limits");
    expect(await waits.look((await bench.enqueue({ kind: "free" })).id, 10)).toEqual(none);
    await bench.store.setKind([aKind({ limit: 5 })]);
    await limits.setLimit({ type: "store" }, 9, null);
    const keys = [
      { key: "a", limit: 1 },
      { key: "b", limit: 2 },
    ];
    const [, behind] = await bench.enqueueMany(2, { tenantId: "t", concurrencyKeys: keys });
    expect(await bench.claim()).toHaveLength(1);
    const noRate = { rate: null, nextStartInMs: 0 };
    expect((await waits.look(behind?.id ?? "", 10))?.limits).toEqual([
      { scope: { type: "store" }, limit: 9, held: 1, ...noRate },
      { scope: { type: "kind", kind: "work" }, limit: 5, held: 1, ...noRate },
      { scope: { type: "key", tenantId: "t", key: "a" }, limit: 1, held: 1, ...noRate },
      { scope: { type: "key", tenantId: "t", key: "b" }, limit: 2, held: 1, ...noRate },
    ]);
  });

  add("a rate says when the next task may start, by the store's clock", async (bench) => {
    const waits = facetOf(bench, "waits");
    await bench.store.setKind([aKind({ rate: { count: 2, perMs: 1_000, burst: 1 } })]);
    await facetOf(bench, "limits").setRate({ type: "key", tenantId: "", key: "k" }, { count: 1, perMs: 4_000 });
    const [, next] = await bench.enqueueMany(2, { concurrencyKeys: [{ key: "k", limit: 9 }] });
    const inMs = async (): Promise<unknown> =>
      (await waits.look(next?.id ?? "", 10))?.limits.map(({ scope, nextStartInMs }) => [scope.type, nextStartInMs]);
    expect(await inMs()).toEqual([
      ["kind", 0],
      ["key", 0],
    ]);
    expect(await bench.claim()).toHaveLength(1);
    expect(await inMs()).toEqual([
      ["kind", 500],
      ["key", 4_000],
    ]);
    bench.clock.advance(499);
    expect(await inMs()).toEqual([
      ["kind", 1],
      ["key", 3_501],
    ]);
    bench.clock.advance(3_501);
    expect(await inMs()).toEqual([
      ["kind", 0],
      ["key", 0],
    ]);
  });

  add("the place in line counts due tasks of the kind that come first, up to a cap", async (bench) => {
    const waits = facetOf(bench, "waits");
    const ahead = async (id: string, limit = 10): Promise<unknown> => (await waits.look(id, limit))?.ahead;
    const soon = await bench.enqueue({ delayMs: 500 });
    bench.clock.advance(1);
    const [first, second] = await bench.enqueueMany(2);
    bench.clock.advance(1);
    const low = await bench.enqueue({ priority: -1 });
    const high = await bench.enqueue({ priority: 5 });
    const later = await bench.enqueue({ delayMs: 60_000 });
    await bench.enqueue({ kind: "other", priority: 9 });
    expect(await ahead(high.id)).toEqual({ count: 0, exact: true });
    expect(await ahead(first?.id ?? "")).toEqual({ count: 1, exact: true });
    expect(await ahead(second?.id ?? "")).toEqual({ count: 2, exact: true });
    expect(await ahead(low.id)).toEqual({ count: 3, exact: true });
    expect(await ahead(low.id, 3)).toEqual({ count: 3, exact: true });
    expect(await ahead(low.id, 2)).toEqual({ count: 2, exact: false });
    expect(await ahead(later.id)).toEqual({ count: 0, exact: true });
    bench.clock.advance(500);
    expect(await ahead(low.id)).toEqual({ count: 4, exact: true });
    expect(await ahead(soon.id)).toEqual({ count: 3, exact: true });
    expect(await bench.claim({ limit: 1 })).toHaveLength(1);
    expect(await ahead(high.id)).toEqual({ count: 0, exact: true });
    expect(await ahead(soon.id)).toEqual({ count: 2, exact: true });
  });
};
