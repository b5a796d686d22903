import { type ActivityCount, mostDueCounted } from "@millrace/models";
import { expect } from "vitest";
import type { StoreCases } from "../store-cases.ts";
import { addFacetCase, facetOf } from "./facet-cases.ts";

const partMs = 60_000;
const words = (counts: readonly ActivityCount[]): readonly string[] =>
  counts.map(({ at, kind, type, count }) => `${at % 3_600_000} ${kind} ${type} ${count}`);

/** What a store has been doing. */
export const activityCases: StoreCases = (addAny, options) => {
  const add = addFacetCase(addAny, options, "activity");

  add("R44: counts how tasks came and ended, by part of time and kind", async (bench) => {
    const activity = facetOf(bench, "activity");
    const from = bench.clock.now() - (bench.clock.now() % 3_600_000) + 3_600_000;
    bench.clock.advance(from - bench.clock.now());
    await bench.enqueue({ kind: "a" });
    await bench.succeed(await bench.claimed({ kind: "b" }));
    bench.clock.advance(90_000);
    await bench.cancel((await bench.enqueue({ kind: "a" })).id);
    await bench.succeed(await bench.claimed({ kind: "b" }));
    await bench.succeed(await bench.claimed({ kind: "b" }));
    const { counts, knownFrom } = await activity.read({ from, partMs });
    expect(words(counts)).toEqual([
      "0 a enqueued 1",
      "0 b enqueued 1",
      "0 b succeeded 1",
      "60000 a cancelled 1",
      "60000 a enqueued 1",
      "60000 b enqueued 2",
      "60000 b succeeded 2",
    ]);
    expect(knownFrom).toBe(from);
    const later = await activity.read({ from: from + 60_000, partMs });
    expect(words(later.counts)).toHaveLength(4);
    expect(later.knownFrom).toBe(from + 60_000);
  });

  add(
    "R44: a failure counts as one whether the budget or a quarantine ends the task, a further try as such",
    async (bench) => {
      const activity = facetOf(bench, "activity");
      const from = bench.clock.now();
      const task = await bench.claimed({ kind: "a", retry: { maxAttempts: 1 } });
      await bench.fail(task);
      await bench.store.retry([task.id]);
      const { counts } = await activity.read({ from, partMs });
      expect(counts.map(({ type, count }) => [type, count])).toEqual([
        ["enqueued", 1],
        ["failed", 1],
        ["retried", 1],
      ]);
    },
  );

  add("E30: counts of one tenant are its own", async (bench) => {
    const activity = facetOf(bench, "activity");
    const from = bench.clock.now();
    await bench.enqueue({ kind: "a", tenantId: "x" });
    await bench.enqueue({ kind: "a", tenantId: "y" });
    await bench.enqueue({ kind: "a", tenantId: "y" });
    const counted = await activity.read({ from, partMs, tenantId: "y" });
    expect(counted.counts.map(({ count }) => count)).toEqual([2]);
    expect((await activity.read({ from, partMs, tenantId: "z" })).counts).toEqual([]);
  });

  add("R44: an empty journal says that nothing is known", async (bench) => {
    expect(await facetOf(bench, "activity").read({ from: 0, partMs })).toEqual({ counts: [], knownFrom: null });
  });

  add(
    "T14: how many tasks of each kind wait and run, and since when the first is due, whoever serves it",
    async (bench) => {
      const activity = facetOf(bench, "activity");
      const first = await bench.enqueue({ kind: "a" });
      bench.clock.advance(5_000);
      await bench.enqueue({ kind: "a", priority: 9 });
      const later = await bench.enqueue({ kind: "later", delayMs: 60_000 });
      await bench.claimed({ kind: "taken" });
      await bench.succeed(await bench.claimed({ kind: "done" }));
      expect(await activity.loads()).toEqual([
        { kind: "a", queued: 2, running: 0, due: 2, since: first.scheduledAt },
        { kind: "later", queued: 1, running: 0, due: 0, since: null },
        { kind: "taken", queued: 0, running: 1, due: 0, since: null },
      ]);
      bench.clock.advance(60_000);
      expect((await activity.loads())[1]).toMatchObject({ kind: "later", due: 1, since: later.scheduledAt });
    },
  );

  add("T14: of those that are due no more than a thousand are counted, of those that wait all", async (bench) => {
    const { scheduledAt: since } = await bench.enqueue({ kind: "a" });
    const tasks = Array.from({ length: mostDueCounted + 1 }, () => bench.request({ kind: "a" }));
    await bench.store.enqueue([{ tasks }]);
    const [load] = await facetOf(bench, "activity").loads();
    expect(load).toEqual({ kind: "a", queued: mostDueCounted + 2, running: 0, due: mostDueCounted, since });
  });

  add("R44: tells when those that ended last could begin, began and ended, the last first", async (bench) => {
    const activity = facetOf(bench, "activity");
    expect(await activity.ended({ limit: 10 })).toEqual([]);
    await bench.enqueue({ kind: "waits" });
    await bench.cancel((await bench.enqueue({ kind: "gone" })).id);
    const first = await bench.claimed({ kind: "a" });
    const second = await bench.claimed({ kind: "b", retry: { maxAttempts: 1 } });
    bench.clock.advance(1_000);
    await bench.fail(second);
    bench.clock.advance(1_000);
    await bench.succeed(first);
    const ended = await bench.store.get([first.id, second.id]);
    const told = ended.map((task) => ({
      kind: task?.kind,
      createdAt: task?.createdAt,
      scheduledAt: task?.scheduledAt,
      startedAt: task?.startedAt,
      finishedAt: task?.finishedAt,
    }));
    expect(await activity.ended({ limit: 10 })).toEqual(told);
    expect(await activity.ended({ limit: 1 })).toHaveLength(1);
    await bench.store.retry([second.id]);
    expect(await activity.ended({ limit: 10 })).toEqual(told.slice(0, 1));
  });

  add("E30: of the tasks that have ended a tenant is told of its own", async (bench) => {
    const activity = facetOf(bench, "activity");
    await bench.succeed(await bench.claimed({ kind: "a", tenantId: "x" }));
    await bench.succeed(await bench.claimed({ kind: "b", tenantId: "y" }));
    await bench.succeed(await bench.claimed({ kind: "c" }));
    const kindsOf = async (tenantId: string): Promise<readonly string[]> =>
      (await activity.ended({ limit: 10, tenantId })).map(({ kind }) => kind);
    expect(await Promise.all(["x", "y", "z", ""].map(kindsOf))).toEqual([["a"], ["b"], [], ["c"]]);
  });
};
