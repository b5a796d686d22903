import { expect } from "vitest";
import { aFailSettlement } from "../../builders/failure.ts";
import { leaseOf } from "../../builders/lease.ts";
import type { StoreCases } from "../store-cases.ts";

/** M16. */
export const retryCases: StoreCases = (add) => {
  add("M16: a failed task runs again with a fresh budget; attempt and version go on", async (bench) => {
    const { store, clock } = bench;
    const task = await bench.running({ expiresInMs: 50, priority: 4 });
    await store.report([{ ...leaseOf(task), progress: { percent: 50 } }]);
    await bench.settle(task, aFailSettlement({ permanent: true }));
    clock.advance(100);
    expect(await store.retry([task.id])).toMatchObject([
      {
        status: "retried",
        task: {
          status: "queued",
          reason: null,
          failures: 0,
          interruptions: 0,
          suspect: false,
          stage: 0,
          state: null,
          output: null,
          failure: null,
          failureFingerprint: null,
          expiresAt: null,
          finishedAt: null,
          cancelRequestedAt: null,
          scheduledAt: clock.now(),
          priority: 4,
          attempt: 1,
          version: 6,
          progress: { percent: null, label: null, meta: null, updatedAt: null },
        },
      },
    ]);
    expect((await bench.eventsOf(task.id)).at(-1)).toMatchObject({
      type: "retried",
      statusBefore: "failed",
      statusAfter: "queued",
    });
    expect(await bench.runAgain(task)).toMatchObject({ attempt: 2 });
  });

  add(
    "M16: a cancelled task runs again, as if nobody had cancelled it",
    async ({ enqueue, cancel, store, claimIds }) => {
      const { id } = await enqueue();
      await cancel(id);
      expect(await store.retry([id])).toMatchObject([
        { status: "retried", task: { cancelReason: null, cancelledBy: null, cancelRequestedAt: null, attempt: 0 } },
      ]);
      expect(await claimIds()).toEqual([id]);
    },
  );

  add("M16: a quarantined task runs again", async ({ running, clock, store }) => {
    const { id } = await running({ maxInterruptions: 1 });
    clock.advance(30_001);
    await store.expire(10);
    expect(await store.retry([id])).toMatchObject([{ status: "retried", task: { interruptions: 0, suspect: false } }]);
  });

  add("F57: the attempt that had failed becomes a row", async ({ running, fail, store }) => {
    const task = await running();
    await fail(task);
    expect(await store.attempts(task.id)).toEqual([]);
    await store.retry([task.id]);
    expect(await store.attempts(task.id)).toMatchObject([
      { attempt: 1, leaseToken: task.leaseToken, outcome: "failed", endedAs: "failed", endedBy: "owner" },
    ]);
  });

  add("M16: only failed and cancelled tasks: others are not-final, unknown ones not-found", async (bench) => {
    const queued = await bench.enqueue();
    const running = await bench.running();
    const done = await bench.running();
    await bench.succeed(done);
    const answers = await bench.store.retry([queued.id, running.id, done.id, bench.newId()]);
    expect(answers.map(({ status }) => status)).toEqual(["not-final", "not-final", "not-final", "not-found"]);
    expect(await bench.record(done.id)).toMatchObject({ status: "succeeded", version: 4 });
  });

  add("M16: a dedupe key that a newer task holds is a conflict; a free one is taken again", async (bench) => {
    const task = await bench.running({ kind: "work", dedupeKey: "d" });
    await bench.fail(task);
    const newer = await bench.enqueue({ dedupeKey: "d" });
    expect(await bench.store.retry([task.id])).toMatchObject([
      { status: "conflict", why: "dedupe-key-taken", task: { id: task.id, status: "failed" } },
    ]);
    await bench.cancel(newer.id);
    expect(await bench.store.retry([task.id])).toMatchObject([{ status: "retried" }]);
    expect((await bench.stored({ dedupeKey: "d" }))[0]).toMatchObject({ disposition: "reused", task: { id: task.id } });
  });

  add("M16: a dependency whose flow has gone on is a conflict", async (bench) => {
    const step = await bench.running();
    const join = await bench.enqueue({ dependencies: [{ taskId: step.id, onFailure: "continue" }] });
    await bench.fail(step);
    expect(await bench.record(join.id)).toMatchObject({ status: "queued" });
    expect(await bench.store.retry([step.id])).toMatchObject([{ status: "conflict", why: "flow-has-gone-on" }]);
    expect(await bench.record(step.id)).toMatchObject({ status: "failed" });
  });

  add("M16: a waiter that failed with its dependency runs again by hand", async (bench) => {
    const step = await bench.running();
    const join = await bench.enqueue({ dependencies: [{ taskId: step.id, onFailure: "fail" }] });
    await bench.fail(step);
    expect(await bench.store.retry([join.id])).toMatchObject([{ status: "retried", task: { status: "queued" } }]);
    expect(await bench.claimIds()).toEqual([join.id]);
  });

  add("M16: of two parallel retries one makes the move", async ({ running, fail, store, told }) => {
    const task = await running();
    await fail(task);
    const answers = (await Promise.all([store.retry([task.id]), store.retry([task.id])])).flat();
    expect(answers.map(({ status }) => status).toSorted()).toEqual(["not-final", "retried"]);
    expect((await told(task.id)).filter((type) => type === "retried")).toHaveLength(1);
  });
};
