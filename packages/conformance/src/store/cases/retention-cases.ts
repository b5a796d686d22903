import { journalStart, type TaskRecord, type TaskRetentionPolicy } from "@millrace/models";
import { expect } from "vitest";
import { leaseOf } from "../../builders/lease.ts";
import { aStep } from "../../builders/step.ts";
import type { StoreBench } from "../store-bench.ts";
import type { StoreCases } from "../store-cases.ts";
import { addFacetCase, facetOf } from "./facet-cases.ts";

async function prune(bench: StoreBench, policy: TaskRetentionPolicy, limit = 1_000) {
  const sum = { deletedTasks: 0, deletedSteps: 0, compactedTasks: 0, deletedEvents: 0, bites: 0 };
  for (let more = true; more;) {
    const bite = await facetOf(bench, "retention").prune(policy, limit);
    sum.deletedTasks += bite.deletedTasks;
    sum.deletedSteps += bite.deletedSteps;
    sum.compactedTasks += bite.compactedTasks;
    sum.deletedEvents += bite.deletedEvents;
    sum.bites += 1;
    ({ more } = bite);
    if (sum.bites > 1_000) throw new Error("Pruning does not end.");
  }
  return sum;
}

async function ended(
  bench: StoreBench,
  status: "succeeded" | "failed" | "cancelled",
  kind = "work",
): Promise<TaskRecord> {
  const task = await bench.running({ kind });
  if (status === "succeeded") await bench.succeed(task);
  if (status === "failed") await bench.fail(task);
  if (status === "cancelled") await bench.cancel(task.id, "terminate");
  bench.clock.advance(1);
  return bench.record(task.id);
}

/** Retention: what is kept and for how long, counted from a task's end. */
export const retentionCases: StoreCases = (addAny, options) => {
  const add = addFacetCase(addAny, options, "retention");

  for (const [status, policy] of [
    ["succeeded", { successTtlMs: 1_000 }],
    ["failed", { failedTtlMs: 1_000 }],
    ["cancelled", { cancelledTtlMs: 1_000 }],
  ] as const) {
    add(`R54, F49: time to live of ${status} counts from the end and takes no other status`, async (bench) => {
      const task = await ended(bench, status);
      for (const other of ["succeeded", "failed", "cancelled"] as const)
        if (other !== status) await ended(bench, other);
      await bench.enqueue();
      bench.clock.advance((task.finishedAt ?? 0) + 999 - bench.clock.now());
      expect(await prune(bench, policy)).toMatchObject({ deletedTasks: 0 });
      bench.clock.advance(2);
      expect(await prune(bench, policy)).toMatchObject({ deletedTasks: 1 });
      expect(await bench.store.get([task.id])).toEqual([null]);
      expect((await bench.told(task.id)).at(-1)).toBe("removed");
      expect((await bench.store.read({})).tasks).toHaveLength(3);
    });
  }

  add("F50: an empty policy removes nothing that has ended without its own `retainForMs`", async (bench) => {
    await ended(bench, "succeeded");
    bench.clock.advance(1e11);
    expect(await prune(bench, { journalKeepMs: 1e15 })).toMatchObject({
      deletedTasks: 0,
      deletedSteps: 0,
      deletedEvents: 0,
    });
  });

  add(
    "T17, T43: a task's own `retainForMs` stands above the policy, from its end; −1 keeps for ever",
    async (bench) => {
      const short = await bench.running({ retainForMs: 500 });
      bench.clock.advance(10_000);
      await bench.succeed(short);
      const forever = await bench.running({ retainForMs: -1 });
      await bench.succeed(forever);
      const long = await bench.running({ retainForMs: 1e9 });
      await bench.fail(long);
      bench.clock.advance(499);
      expect(await prune(bench, {})).toMatchObject({ deletedTasks: 0 });
      bench.clock.advance(2);
      expect(await prune(bench, {})).toMatchObject({ deletedTasks: 1 });
      bench.clock.advance(1e8);
      const policy = { successTtlMs: 1, failedTtlMs: 1, keepLatestSuccessesPerKind: 0, keepLatestFailuresPerKind: 0 };
      await prune(bench, policy);
      expect((await bench.store.get([short.id, forever.id, long.id])).map((task) => task?.id ?? null)).toEqual([
        null,
        forever.id,
        long.id,
      ]);
    },
  );

  add("R55: keep the latest n successes and failures a kind", async (bench) => {
    const kept: string[] = [];
    for (let n = 0; n < 5; n += 1) {
      const tasks = [
        await ended(bench, "succeeded", "a"),
        await ended(bench, "failed", "a"),
        await ended(bench, "succeeded", "b"),
      ];
      if (n >= 3) kept.push(tasks[0]?.id ?? "", tasks[2]?.id ?? "");
      if (n >= 4) kept.push(tasks[1]?.id ?? "");
    }
    const policy = { keepLatestSuccessesPerKind: 2, keepLatestFailuresPerKind: 1 };
    expect(await prune(bench, policy)).toMatchObject({ deletedTasks: 10 });
    const ids = (await bench.store.read({})).tasks.map(({ id }) => id);
    expect(ids.toSorted()).toEqual(kept.toSorted());
  });

  add("R56: the newest n steps of each task stay", async (bench) => {
    const [one, two] = [await bench.running(), await bench.running()];
    await bench.store.report([
      { ...leaseOf(one), steps: [1, 2, 3, 4, 5].map((n) => aStep(n)) },
      { ...leaseOf(two), steps: [aStep(1), aStep(2)] },
    ]);
    expect(await prune(bench, { stepLimitPerTask: 2 })).toMatchObject({
      deletedSteps: 3,
      compactedTasks: 1,
      deletedTasks: 0,
    });
    expect((await bench.store.steps({ taskId: one.id })).steps.map(({ n }) => n)).toEqual([4, 5]);
    expect((await bench.store.steps({ taskId: two.id })).steps).toHaveLength(2);
    await bench.store.report([{ ...leaseOf(one), steps: [aStep(5), aStep(6)] }]);
    expect((await bench.store.steps({ taskId: one.id })).steps.map(({ n }) => n)).toEqual([4, 5, 6]);
  });

  add("R57, F49: one bite takes at most its limit, and says whether there is more", async (bench) => {
    for (let n = 0; n < 7; n += 1) await ended(bench, "succeeded");
    bench.clock.advance(100);
    const facet = facetOf(bench, "retention");
    const first = await facet.prune({ successTtlMs: 1 }, 3);
    expect(first).toMatchObject({ deletedTasks: 3, more: true });
    expect(await prune(bench, { successTtlMs: 1 }, 3)).toMatchObject({ deletedTasks: 4 });
  });

  add("R57: a sweep goes on where a task is both too old and one too many", async (bench) => {
    await ended(bench, "failed");
    bench.clock.advance(1_000);
    for (let n = 0; n < 2; n += 1) await ended(bench, "failed");
    const policy = { failedTtlMs: 1_000, keepLatestFailuresPerKind: 0 };
    expect(await prune(bench, policy, 3)).toMatchObject({ deletedTasks: 3 });
  });

  add(
    "what ended together is one by one all the same: the older go first, and of a moment those with the lower ids",
    async (bench) => {
      const tasks = await bench.enqueueMany(8);
      const claimed = await bench.claim();
      const ids = tasks.map(({ id }) => id).toSorted();
      const endTogether = (places: readonly number[]): Promise<unknown> =>
        bench.store.settle(
          places.map((place) => {
            const one = claimed.find(({ task }) => task.id === ids[place]);
            if (!one) throw new Error("not claimed");
            return { ...leaseOf(one.task), started: true, settlement: { type: "succeed", output: "null" } };
          }),
        );
      // Two calls at one moment, so that the ids of the one lie between those of the other.
      await endTogether([0, 3, 5]);
      await endTogether([1, 2, 4]);
      bench.clock.advance(10);
      await endTogether([6, 7]);
      await bench.store.remove([{ taskId: ids[3] ?? "" }]);
      const left = async (): Promise<readonly number[]> =>
        (await bench.store.read({ statuses: ["succeeded"], finishedFrom: 0 })).tasks
          .map(({ id }) => ids.indexOf(id))
          .toSorted((a, b) => a - b);
      expect(await left()).toEqual([0, 1, 2, 4, 5, 6, 7]);
      const keep = (count: number): TaskRetentionPolicy => ({ keepLatestSuccessesPerKind: count });
      const facet = facetOf(bench, "retention");
      expect(await facet.preview(keep(3))).toMatchObject({ succeeded: 4 });
      expect(await facet.prune(keep(3), 1)).toMatchObject({ deletedTasks: 1, more: true });
      expect(await left()).toEqual([1, 2, 4, 5, 6, 7]);
      expect(await prune(bench, keep(3), 2)).toMatchObject({ deletedTasks: 3 });
      expect(await left()).toEqual([5, 6, 7]);
      bench.clock.advance(5);
      expect(await prune(bench, { successTtlMs: 15 })).toMatchObject({ deletedTasks: 1 });
      expect(await left()).toEqual([6, 7]);
      expect(await prune(bench, keep(0))).toMatchObject({ deletedTasks: 2 });
      expect(await left()).toEqual([]);
    },
  );

  add("open tasks are never pruned", async (bench) => {
    await bench.enqueue({ retainForMs: 1 });
    await bench.running({ retainForMs: 1 });
    bench.clock.advance(1e9);
    const policy = { successTtlMs: 1, failedTtlMs: 1, cancelledTtlMs: 1, keepLatestSuccessesPerKind: 0 };
    expect(await prune(bench, policy)).toMatchObject({ deletedTasks: 0 });
  });

  add("a task that a waiter still needs is not pruned", async (bench) => {
    const step = await bench.running();
    const join = await bench.enqueue({ dependencies: [{ taskId: step.id, onFailure: "continue" }] });
    await bench.succeed(step);
    bench.clock.advance(1_000);
    expect(await prune(bench, { successTtlMs: 1 })).toMatchObject({ deletedTasks: 0 });
    for (const { task } of await bench.claim()) await bench.succeed(task);
    bench.clock.advance(1_000);
    expect(await prune(bench, { successTtlMs: 1 })).toMatchObject({ deletedTasks: 2 });
    expect(await bench.store.get([step.id, join.id])).toEqual([null, null]);
  });

  add("the journal is cut past its horizon; a cursor behind it is answered reset", async (bench) => {
    await ended(bench, "succeeded");
    const start = await bench.store.events(journalStart, 1);
    bench.clock.advance(10_000);
    const young = await bench.enqueue();
    const { deletedEvents } = await prune(bench, { journalKeepMs: 5_000 });
    expect(deletedEvents).toBe(4);
    expect(await bench.store.events(start.cursor, 10)).toMatchObject({ status: "reset", why: "retention" });
    const page = await bench.store.read({});
    await bench.cancel(young.id);
    expect(await bench.store.events(page.cursor, 10)).toMatchObject({
      status: "events",
      events: [{ taskId: young.id }],
    });
    bench.skipLastCheck();
  });

  add("the journal is kept for a reader's cursor that has not read it", async (bench) => {
    const cursors = bench.store.facet("cursors");
    if (cursors === null) return;
    await ended(bench, "succeeded");
    const start = await bench.store.events(journalStart, 1);
    await cursors.save("audit", start.cursor);
    bench.clock.advance(10_000);
    await prune(bench, { journalKeepMs: 5_000 });
    const page = await bench.store.events(start.cursor, 10);
    expect(page).toMatchObject({ status: "events" });
    expect(page.status === "events" && page.events.length).toBe(3);
    // A reader that has not been heard of for 7 days holds nothing back.
    bench.clock.advance(7 * 86_400_000 + 1);
    await prune(bench, { journalKeepMs: 5_000 });
    expect(await bench.store.events(start.cursor, 10)).toMatchObject({ status: "reset", why: "retention" });
    bench.skipLastCheck();
  });
};
