import type { OutdatedCounts, TaskId, TaskRecord, TaskRetentionPolicy } from "@millrace/models";
import * as fc from "fast-check";
import { expect } from "vitest";
import { leaseOf } from "../../builders/lease.ts";
import { aFailSettlement } from "../../builders/failure.ts";
import { present } from "../present.ts";
import type { StoreBench } from "../store-bench.ts";
import type { StoreCases } from "../store-cases.ts";
import { addFacetCase, facetOf } from "./facet-cases.ts";

const statuses = ["succeeded", "failed", "cancelled"] as const;
const succeeded = { type: "succeed", output: null } as const;
const nobody: OutdatedCounts = { succeeded: 0, failed: 0, cancelled: 0, exact: true };

/** A task that is to end, at one of some moments. */
interface Ending {
  readonly status: (typeof statuses)[number];
  readonly kind: string;
  readonly retainForMs: number | null;
  readonly moment: number;
}

const moments = [0, 1, 2];
const betweenMs = 400;

const endings: fc.Arbitrary<readonly Ending[]> = fc.array(
  fc.record({
    status: fc.constantFrom(...statuses),
    kind: fc.constantFrom("a", "b"),
    // Not 0: such a task is gone as soon as it ends.
    retainForMs: fc.oneof(
      { arbitrary: fc.constant(null), weight: 3 },
      fc.constant(-1),
      fc.integer({ min: 1, max: 1_000 }),
    ),
    moment: fc.constantFrom(...moments),
  }),
  { maxLength: 12, size: "max" },
);
const ttlMs = fc.option(fc.integer({ min: 0, max: 2_000 }));
const keep = fc.option(fc.integer({ min: 0, max: 4 }));
const policies: fc.Arbitrary<TaskRetentionPolicy> = fc.record(
  {
    successTtlMs: ttlMs,
    failedTtlMs: ttlMs,
    cancelledTtlMs: ttlMs,
    keepLatestSuccessesPerKind: keep,
    keepLatestFailuresPerKind: keep,
  },
  { requiredKeys: [] },
);

/** Makes such tasks, and ends them moment by moment. */
async function end(bench: StoreBench, wanted: readonly Ending[]): Promise<readonly TaskRecord[]> {
  const { store, clock } = bench;
  const made = await bench.stored(...wanted.map(({ kind, retainForMs }) => ({ kind, retainForMs })));
  const kinds = ["a", "b"].map((kind) => ({ kind, slots: wanted.length }));
  const claimed = new Map((await bench.claim({ kinds })).map(({ task }) => [task.id, task]));
  const tasks = made.map(({ task: { id } }) => present(claimed.get(id), `a claim of task ${id}`));
  for (const moment of moments) {
    const ofStatus = (status: Ending["status"]): readonly TaskRecord[] =>
      tasks.filter((_, n) => wanted[n]?.status === status && wanted[n].moment === moment);
    await store.settle([
      ...ofStatus("succeeded").map((task) => ({ ...leaseOf(task), started: true, settlement: succeeded })),
      ...ofStatus("failed").map((task) => ({
        ...leaseOf(task),
        started: true,
        settlement: aFailSettlement({ permanent: true }),
      })),
    ]);
    const how = { mode: "terminate", reason: null, by: null } as const;
    await store.cancel(ofStatus("cancelled").map(({ id }) => ({ taskId: id, ...how })));
    clock.advance(betweenMs);
  }
  return tasks;
}

async function stored(bench: StoreBench): Promise<readonly TaskId[]> {
  return (await bench.store.read({ limit: 100 })).tasks.map(({ id }) => id);
}

async function sweep(bench: StoreBench, policy: TaskRetentionPolicy): Promise<void> {
  while ((await facetOf(bench, "retention").prune(policy, 3)).more);
}

/** What a sweep would take away, and what the last one was. */
export const sweepCases: StoreCases = (addAny, options) => {
  const add = addFacetCase(addAny, options, "retention");

  add("a preview counts by status what the bites of a prune then take", async (bench) => {
    const taken = fc.asyncProperty(endings, policies, fc.nat(1_500), async (wanted, policy, waitMs) => {
      // Each run begins with an empty store, so that one that fails can be made smaller.
      await bench.store.remove((await stored(bench)).map((taskId) => ({ taskId })));
      const tasks = wanted.length === 0 ? [] : await end(bench, wanted);
      bench.clock.advance(waitMs);
      const counts = await facetOf(bench, "retention").preview(policy);
      await sweep(bench, policy);
      const kept = new Set(await stored(bench));
      const goneOf = (status: Ending["status"]): number =>
        tasks.filter(({ id }, n) => !kept.has(id) && wanted[n]?.status === status).length;
      expect(counts).toEqual({
        succeeded: goneOf("succeeded"),
        failed: goneOf("failed"),
        cancelled: goneOf("cancelled"),
        exact: true,
      });
    });
    await fc.assert(taken, { numRuns: 12 });
  });

  add("a preview takes nothing away, and tells nothing", async (bench) => {
    const wanted = statuses.map((status): Ending => ({ status, kind: "a", retainForMs: null, moment: 0 }));
    const ids = (await end(bench, wanted)).map(({ id }) => id);
    const before = await bench.store.get(ids);
    bench.clock.advance(1_000);
    const { length } = await bench.journal();
    const retention = facetOf(bench, "retention");
    const policy = { successTtlMs: 1, failedTtlMs: 1, cancelledTtlMs: 1, stepLimitPerTask: 0, journalKeepMs: 0 };
    const counts = await retention.preview(policy);
    expect(counts).toEqual({ succeeded: 1, failed: 1, cancelled: 1, exact: true });
    expect(Object.isFrozen(counts)).toBe(true);
    expect(await bench.store.get(ids)).toEqual(before);
    expect(await bench.journal()).toHaveLength(length);
    expect(await retention.lastSweep()).toBeNull();
  });

  add("a preview of an empty policy counts those past their own `retainForMs` only", async (bench) => {
    const retention = facetOf(bench, "retention");
    expect(await retention.preview({})).toEqual(nobody);
    await end(bench, [
      { status: "failed", kind: "a", retainForMs: 500, moment: 2 },
      { status: "failed", kind: "a", retainForMs: -1, moment: 2 },
      { status: "succeeded", kind: "b", retainForMs: null, moment: 2 },
    ]);
    await bench.enqueue({ retainForMs: 1 });
    bench.clock.advance(499 - betweenMs);
    expect(await retention.preview({})).toEqual(nobody);
    bench.clock.advance(1e9);
    expect(await retention.preview({})).toEqual({ ...nobody, failed: 1 });
  });

  add("a preview counts a task that another one still needs, though it stays", async (bench) => {
    const step = await bench.running();
    await bench.enqueue({ dependencies: [{ taskId: step.id, onFailure: "continue" }] });
    await bench.succeed(step);
    bench.clock.advance(1_000);
    await sweep(bench, { successTtlMs: 1 });
    expect(await facetOf(bench, "retention").preview({ successTtlMs: 1 })).toEqual({ ...nobody, succeeded: 1 });
    expect(await bench.record(step.id)).toMatchObject({ status: "succeeded" });
  });

  add("a preview refuses a policy that no sweep could have", async (bench) => {
    for (const policy of [{ successTtlMs: -1 }, { keepLatestFailuresPerKind: 0.5 }, { succesTtlMs: 1 }]) {
      await expect(facetOf(bench, "retention").preview(policy)).rejects.toMatchObject({ code: "OPTION_INVALID" });
    }
  });

  add("the last sweep is known once it has come to its end, not before", async (bench) => {
    const retention = facetOf(bench, "retention");
    expect(await retention.lastSweep()).toBeNull();
    const ending: Ending = { status: "succeeded", kind: "a", retainForMs: null, moment: 0 };
    await end(bench, [ending, ending, ending]);
    bench.clock.advance(1_000);
    const policy = { successTtlMs: 1, failedTtlMs: null, keepLatestFailuresPerKind: 10, journalKeepMs: 1e12 };
    expect(await retention.prune(policy, 2)).toMatchObject({ more: true });
    expect(await retention.lastSweep()).toBeNull();
    bench.clock.advance(5);
    expect(await retention.prune(policy, 2)).toMatchObject({ more: false });
    const at = bench.clock.now();
    expect(await retention.lastSweep()).toEqual({ policy, at });
    bench.clock.advance(60_000);
    const other = { cancelledTtlMs: 7, journalKeepMs: 1e12 };
    expect(await retention.prune(other, 2)).toMatchObject({ deletedTasks: 0, more: false });
    const last = await retention.lastSweep();
    expect(last).toEqual({ policy: other, at: at + 60_000 });
    expect(Object.isFrozen(last) && Object.isFrozen(last?.policy)).toBe(true);
  });

  add("a sweep whose policy removes nothing is not told as the last", async (bench) => {
    const retention = facetOf(bench, "retention");
    const nothing = { failedTtlMs: null, journalKeepMs: 1e12 };
    await sweep(bench, nothing);
    expect(await retention.lastSweep()).toBeNull();
    await sweep(bench, { stepLimitPerTask: 0 });
    const last = await retention.lastSweep();
    bench.clock.advance(5);
    await sweep(bench, nothing);
    expect(await retention.lastSweep()).toEqual(last);
    expect(last?.policy).toEqual({ stepLimitPerTask: 0 });
  });

  add("the last sweep is known after a restart", async (bench) => {
    if (!bench.canReopen) return;
    await sweep(bench, { failedTtlMs: 9 });
    const at = bench.clock.now();
    await bench.reopen();
    expect(await facetOf(bench, "retention").lastSweep()).toEqual({ policy: { failedTtlMs: 9 }, at });
  });
};
