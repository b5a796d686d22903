import { expect } from "vitest";
import type { StoreCases } from "../store-cases.ts";

/** M18. */
export const changeCases: StoreCases = (add) => {
  add("M18, T20: reschedule brings a waiting task forward", async ({ enqueue, store, clock, claimIds, told }) => {
    const { id } = await enqueue({ delayMs: 60_000 });
    clock.advance(5);
    expect(await store.change([{ type: "reschedule", taskId: id, scheduledAt: null, delayMs: 0 }])).toMatchObject([
      { status: "changed", task: { id, scheduledAt: clock.now(), version: 2 } },
    ]);
    expect(await told(id)).toEqual(["enqueued", "rescheduled"]);
    expect(await claimIds()).toEqual([id]);
  });

  add(
    "M18: reschedule puts off by a delay from the store's clock, or to a time",
    async ({ enqueue, store, clock, claim }) => {
      const [one, two] = [await enqueue(), await enqueue()];
      const at = clock.now() + 777;
      const answers = await store.change([
        { type: "reschedule", taskId: one.id, scheduledAt: null, delayMs: 500 },
        { type: "reschedule", taskId: two.id, scheduledAt: at, delayMs: 3 },
      ]);
      expect(answers).toMatchObject([{ task: { scheduledAt: clock.now() + 500 } }, { task: { scheduledAt: at } }]);
      expect(await claim()).toEqual([]);
    },
  );

  add("M18: reschedule changes the priority when it names one, else keeps it", async ({ enqueue, store, claimIds }) => {
    const [one, two] = [await enqueue({ priority: 3 }), await enqueue({ priority: 1 })];
    await store.change([
      { type: "reschedule", taskId: one.id, scheduledAt: null, delayMs: 0 },
      { type: "reschedule", taskId: two.id, scheduledAt: null, delayMs: 0, priority: 9 },
    ]);
    expect(await claimIds()).toEqual([two.id, one.id]);
  });

  add(
    "M18: replace-input changes the input of a queued task and nothing else",
    async ({ enqueue, store, told, record }) => {
      const task = await enqueue({ input: "1", delayMs: 9 });
      await store.change([{ type: "replace-input", taskId: task.id, input: "2" }]);
      const after = await record(task.id);
      expect(after).toEqual({ ...task, input: "2", version: 2, updatedAt: after.updatedAt });
      await store.change([{ type: "replace-input", taskId: task.id, input: null }]);
      expect((await record(task.id)).input).toBeNull();
      expect(await told(task.id)).toEqual(["enqueued", "rescheduled", "rescheduled"]);
    },
  );

  add("M18: only queued tasks are changed; others are refused with the task", async (bench) => {
    const running = await bench.running();
    const done = await bench.running();
    await bench.succeed(done);
    const asks = [running, done].flatMap(({ id }) => [
      { type: "reschedule", taskId: id, scheduledAt: null, delayMs: 0 } as const,
      { type: "replace-input", taskId: id, input: "9" } as const,
    ]);
    const before = await bench.store.get([running.id, done.id]);
    const answers = await bench.store.change([...asks, { type: "replace-input", taskId: bench.newId(), input: null }]);
    expect(answers.map((answer) => answer.status === "refused" && answer.why)).toEqual([
      ...asks.map(() => "wrong-status"),
      "not-found",
    ]);
    expect(await bench.store.get([running.id, done.id])).toEqual(before);
  });

  add(
    "T20: a task that waits for its retry can be brought forward",
    async ({ running, settle, store, clock, claim }) => {
      const task = await running();
      const failed = { type: "fail", reason: "TASK_FAILED", failure: "{}", fingerprint: null } as const;
      await settle(task, { ...failed, permanent: false, maxAttempts: 9, delayMs: 60_000 });
      await store.change([{ type: "reschedule", taskId: task.id, scheduledAt: clock.now(), delayMs: 0 }]);
      const [claimed] = await claim({ kinds: [{ kind: task.kind, slots: 1 }] });
      expect(claimed?.task).toMatchObject({ id: task.id, failures: 1, attempt: 2 });
    },
  );
};
