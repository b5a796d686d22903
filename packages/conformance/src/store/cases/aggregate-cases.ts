import { taskState, taskStates, taskStatuses } from "@millrace/models";
import { expect } from "vitest";
import { aFailSettlement } from "../../builders/failure.ts";
import type { StoreBench } from "../store-bench.ts";
import type { StoreCases } from "../store-cases.ts";

/** Tasks in many states, of three kinds and two tenants. */
async function makeCrowd(bench: StoreBench): Promise<void> {
  await bench.enqueueMany(3);
  await bench.enqueueMany(2, { delayMs: 60_000 });
  await bench.enqueueMany(2, { kind: "odd", tenantId: "acme" });
  for (let n = 0; n < 3; n += 1) {
    const task = await bench.running({ kind: "rare" });
    if (n === 0) await bench.succeed(task);
    if (n === 1) await bench.settle(task, aFailSettlement({ delayMs: 60_000 }));
  }
  const gone = await bench.enqueue();
  await bench.cancel(gone.id);
  const removed = await bench.enqueue();
  await bench.store.remove([{ taskId: removed.id }]);
}

/** `aggregate`: exact numbers. */
export const aggregateCases: StoreCases = (add) => {
  add("R44: an empty store counts nothing, in every status and state", async ({ store, clock }) => {
    const counts = await store.aggregate({});
    expect(counts).toMatchObject({ total: { count: 0, exact: true }, byKind: {}, updatedAt: clock.now() });
    expect(Object.keys(counts.byStatus).toSorted()).toEqual([...taskStatuses].toSorted());
    expect(Object.keys(counts.byState).toSorted()).toEqual([...taskStates].toSorted());
  });

  for (const [name, filter] of [
    ["everything", {}],
    ["a tenant", { tenantId: "acme" }],
    ["the tenant without a name", { tenantId: "" }],
    ["a kind", { kinds: ["rare"] }],
    ["statuses", { statuses: ["queued", "running"] }],
    ["states", { states: ["scheduled", "retrying"] }],
    ["no kind", { kinds: [] }],
  ] as const) {
    add(`R27, R44, F47: the numbers of ${name} are those of the list`, async (bench) => {
      await makeCrowd(bench);
      const { tasks } = await bench.store.read({ ...filter, limit: 1_000 });
      const counts = await bench.store.aggregate(filter);
      expect(counts.total).toEqual({ count: tasks.length, exact: true });
      for (const status of taskStatuses) {
        const count = tasks.filter((task) => task.status === status).length;
        expect([status, counts.byStatus[status]]).toEqual([status, { count, exact: true }]);
      }
      for (const state of taskStates) {
        const count = tasks.filter((task) => taskState(task, bench.clock.now()) === state).length;
        expect([state, counts.byState[state].count]).toEqual([state, count]);
      }
      const kinds = new Map<string, number>();
      for (const { kind } of tasks) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      expect(Object.entries(counts.byKind).map(([kind, { count }]) => [kind, count])).toEqual(
        expect.arrayContaining([...kinds]),
      );
      expect(Object.values(counts.byKind).filter(({ count }) => count > 0)).toHaveLength(kinds.size);
    });
  }

  add("R27, R44: states move with the store's clock alone", async ({ enqueue, store, clock }) => {
    await enqueue({ delayMs: 100 });
    expect((await store.aggregate({})).byState).toMatchObject({ scheduled: { count: 1 }, queued: { count: 0 } });
    clock.advance(100);
    expect((await store.aggregate({})).byState).toMatchObject({ scheduled: { count: 0 }, queued: { count: 1 } });
  });

  add("R44: the numbers tell the place in the journal at which they are true", async ({ enqueue, store }) => {
    await enqueue();
    const { cursor } = await store.aggregate({});
    expect(await store.events(cursor, 10)).toMatchObject({ status: "events", events: [] });
    const { id } = await enqueue();
    expect(await store.events(cursor, 10)).toMatchObject({
      status: "events",
      events: [{ type: "enqueued", taskId: id }],
    });
  });
};
