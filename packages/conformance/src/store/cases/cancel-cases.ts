import { expect } from "vitest";
import type { StoreCases } from "../store-cases.ts";

const ask = (taskId: string, mode: "request" | "terminate" = "request") => ({
  taskId,
  mode,
  reason: "changed my mind",
  by: "ann",
});

/** M13, M14, M15. */
export const cancelCases: StoreCases = (add) => {
  for (const mode of ["request", "terminate"] as const) {
    add(
      `M13, R32, T22, F25: ${mode} cancels a queued task at once, with reason and author`,
      async ({ enqueue, store, clock, told, claim }) => {
        const { id } = await enqueue();
        clock.advance(4);
        const [answer] = await store.cancel([ask(id, mode)]);
        expect(answer).toMatchObject({
          status: "cancelled",
          task: {
            status: "cancelled",
            reason: "TASK_CANCELLED",
            cancelReason: "changed my mind",
            cancelledBy: "ann",
            finishedAt: clock.now(),
            version: 2,
          },
        });
        expect(await store.get([id])).toEqual([answer?.status === "cancelled" ? answer.task : null]);
        expect(await told(id)).toEqual(["enqueued", "cancelled"]);
        expect(await claim()).toEqual([]);
      },
    );

    add(`M13: ${mode} cancels blocked, suspended and paused tasks`, async (bench) => {
      const { store } = bench;
      const first = await bench.enqueue();
      const blocked = await bench.enqueue({ dependencies: [{ taskId: first.id, onFailure: "continue" }] });
      const suspended = await bench.running();
      const wait = { reason: "signal", name: "n", timeoutMs: 5 } as const;
      await bench.settle(suspended, { type: "suspend", wait, state: null });
      const paused = await bench.enqueue();
      await store.change([{ type: "pause", taskId: paused.id, by: null, why: null }]);
      const answers = await store.cancel([blocked, suspended, paused].map(({ id }) => ask(id, mode)));
      expect(answers.map(({ status }) => status)).toEqual(["cancelled", "cancelled", "cancelled"]);
      for (const { id } of [blocked, suspended, paused]) {
        expect(await bench.record(id)).toMatchObject({
          status: "cancelled",
          pausedFrom: null,
          openDependencies: 0,
          wakeAt: null,
          waitSignal: null,
        });
      }
    });
  }

  add(
    "M14, R32: a request to a leased task is kept, told once, and asked twice changes nothing",
    async ({ running, store, told, record }) => {
      const task = await running();
      const [first] = await store.cancel([ask(task.id)]);
      expect(first).toMatchObject({
        status: "cancel-requested",
        task: { status: "running", version: 4, cancelledBy: "ann" },
      });
      const before = await record(task.id);
      expect(await store.cancel([ask(task.id)])).toMatchObject([{ status: "cancel-requested" }]);
      expect(await record(task.id)).toEqual(before);
      expect((await told(task.id)).at(-1)).toBe("cancel_requested");
    },
  );

  add("M14: a claimed task that has not started is asked too", async ({ claimed, store, settle, record }) => {
    const task = await claimed();
    expect(await store.cancel([ask(task.id)])).toMatchObject([{ status: "cancel-requested" }]);
    await settle(task, { type: "release" }, false);
    expect(await record(task.id)).toMatchObject({ status: "cancelled", reason: "TASK_CANCELLED" });
  });

  add("M15: terminate takes the lease away at once", async ({ running, store, told, record }) => {
    const task = await running();
    expect(await store.cancel([ask(task.id, "terminate")])).toMatchObject([{ status: "cancelled" }]);
    expect(await record(task.id)).toMatchObject({
      status: "cancelled",
      hostId: null,
      leaseToken: null,
      leaseExpiresAt: null,
      lastLeaseToken: task.leaseToken,
      lastEndedBy: "terminate",
    });
    expect((await told(task.id)).at(-1)).toBe("cancelled");
  });

  add("M15: terminate after a request ends it for good", async ({ running, store, told }) => {
    const task = await running();
    await store.cancel([ask(task.id)]);
    expect(await store.cancel([ask(task.id, "terminate")])).toMatchObject([{ status: "cancelled" }]);
    expect((await told(task.id)).slice(-2)).toEqual(["cancel_requested", "cancelled"]);
  });

  add(
    "R33: a final task is already-final and does not change; an unknown one is not-found",
    async ({ running, succeed, store, record, newId }) => {
      const task = await running();
      await succeed(task, "1");
      const before = await record(task.id);
      const answers = await store.cancel([ask(task.id), ask(task.id, "terminate"), ask(newId())]);
      expect(answers).toMatchObject([
        { status: "already-final", task: { status: "succeeded" } },
        { status: "already-final" },
        { status: "not-found" },
      ]);
      expect(await record(task.id)).toEqual(before);
    },
  );

  add("a terminate that races a success: exactly one of them wins", async ({ running, store, succeed, record }) => {
    const task = await running();
    const [settled, [cancelled]] = await Promise.all([succeed(task, "1"), store.cancel([ask(task.id, "terminate")])]);
    const { status } = await record(task.id);
    const outcome = [settled.status, cancelled?.status, status];
    expect([
      ["held", "already-final", "succeeded"],
      ["lost", "cancelled", "cancelled"],
    ]).toContainEqual(outcome);
  });

  add("cancels 200 tasks in one call", async ({ enqueueMany, store }) => {
    const tasks = await enqueueMany(200);
    const answers = await store.cancel(tasks.map(({ id }) => ask(id)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set(["cancelled"]));
    expect((await store.aggregate({})).byStatus.cancelled.count).toBe(200);
  });
};
