import { expect } from "vitest";
import { leaseOf } from "../../builders/lease.ts";
import { aStep } from "../../builders/step.ts";
import type { StoreCases } from "../store-cases.ts";

/** Removal by hand. */
export const removeCases: StoreCases = (add) => {
  add(
    "T21: removes record, steps, attempts and memos, and tells `removed`",
    async ({ running, store, succeed, eventsOf, settle, runAgain }) => {
      const first = await running({ channels: ["c"], tags: ["t"] });
      await store.report([{ ...leaseOf(first), steps: [aStep(1)] }]);
      await settle(first, { type: "release" });
      const task = await runAgain(first);
      await succeed(task, "1");
      expect(await store.remove([{ taskId: task.id }])).toEqual([{ status: "removed" }]);
      expect(await store.get([task.id])).toEqual([null]);
      expect(await store.steps({ taskId: task.id })).toEqual({ steps: [], next: null });
      expect(await store.attempts(task.id)).toEqual([]);
      expect((await store.read({ tags: ["t"] })).tasks).toEqual([]);
      const last = (await eventsOf(task.id)).at(-1);
      expect(last).toMatchObject({ type: "removed", statusBefore: "succeeded", statusAfter: null, channels: [] });
    },
  );

  add("T19: an unknown task is not-found", async ({ store, newId }) => {
    expect(await store.remove([{ taskId: newId() }])).toEqual([{ status: "not-found" }]);
  });

  add("T21: a removed running task does not come back with its completion", async ({ running, store, succeed }) => {
    const task = await running();
    await store.remove([{ taskId: task.id }]);
    expect(await succeed(task)).toEqual({ status: "lost", why: "not-found" });
    expect(await store.get([task.id])).toEqual([null]);
  });

  add("T21: a removed queued task is not claimed", async ({ enqueue, store, claim }) => {
    const { id } = await enqueue();
    await store.remove([{ taskId: id }]);
    expect(await claim()).toEqual([]);
  });

  add(
    "a task that a waiter still needs stays, and says who needs it",
    async ({ enqueue, running, succeed, store, claim }) => {
      const step = await running();
      const join = await enqueue({ dependencies: [{ taskId: step.id, onFailure: "continue" }] });
      expect(await store.remove([{ taskId: step.id }])).toEqual([{ status: "needed", by: join.id }]);
      await succeed(step);
      expect(await store.remove([{ taskId: step.id }])).toEqual([{ status: "needed", by: join.id }]);
      for (const { task } of await claim()) await succeed(task);
      expect(await store.remove([{ taskId: step.id }])).toEqual([{ status: "removed" }]);
    },
  );

  add("a task removed twice is not-found the second time", async ({ enqueue, store, record }) => {
    const { id } = await enqueue();
    await store.remove([{ taskId: id }]);
    expect((await store.remove([{ taskId: id }]))[0]).toEqual({ status: "not-found" });
    expect((await store.read({})).tasks).toEqual([]);
    await expect(record(id)).rejects.toThrow(id);
  });

  add(
    "`retainForMs: 0` on a dependency means: when its waiter has ended",
    async ({ enqueue, running, succeed, claim }) => {
      const step = await running({ retainForMs: 0 });
      await enqueue({ dependencies: [{ taskId: step.id, onFailure: "continue" }] });
      await succeed(step, "1");
      const [claimed] = await claim();
      expect(claimed?.results).toMatchObject([{ taskId: step.id, output: "1" }]);
    },
  );

  add(
    "T22: `retainForMs: 0` removes a task that is cancelled while queued",
    async ({ enqueue, cancel, store, told }) => {
      const { id } = await enqueue({ retainForMs: 0 });
      expect(await cancel(id)).toMatchObject({ status: "cancelled" });
      expect(await store.get([id])).toEqual([null]);
      expect(await told(id)).toEqual(["enqueued", "cancelled", "removed"]);
    },
  );
};
