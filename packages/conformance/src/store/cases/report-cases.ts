import { expect } from "vitest";
import { leaseOf } from "../../builders/lease.ts";
import { aStep } from "../../builders/step.ts";
import type { StoreCases } from "../store-cases.ts";

/** M3 and M5: started, progress, steps, signs of life. */
export const reportCases: StoreCases = (add) => {
  add("M3: started makes the task running, once", async ({ claimed, store, clock, record, told }) => {
    const task = await claimed();
    clock.advance(7);
    const lease = leaseOf(task);
    expect(await store.report([{ ...lease, started: true }])).toEqual([{ status: "held", version: 3 }]);
    expect(await store.report([{ ...lease, started: true }])).toEqual([{ status: "held", version: 3 }]);
    expect(await record(task.id)).toMatchObject({ status: "running", started: true, startedAt: clock.now() });
    expect(await told(task.id)).toEqual(["enqueued", "claimed", "started"]);
  });

  add("M3, M5: the first word of a handler implies that it has started", async ({ claimed, store, record, told }) => {
    const task = await claimed();
    const answers = await store.report([{ ...leaseOf(task), progress: { percent: 10 }, steps: [aStep(1)] }]);
    expect(answers).toEqual([{ status: "held", version: 5 }]);
    expect(await record(task.id)).toMatchObject({ status: "running", started: true, progress: { percent: 10 } });
    expect(await told(task.id)).toEqual(["enqueued", "claimed", "started", "step", "progress"]);
  });

  add("R28: absent fields of progress keep, null clears", async ({ running, store, record, clock }) => {
    const task = await running();
    const say = async (progress: object): Promise<unknown> => {
      clock.advance(5);
      await store.report([{ ...leaseOf(task), progress }]);
      return (await record(task.id)).progress;
    };
    expect(await say({ percent: 10, label: "a", meta: { x: [1] } })).toEqual({
      percent: 10,
      label: "a",
      meta: { x: [1] },
      updatedAt: clock.now(),
    });
    expect(await say({ percent: 20 })).toMatchObject({ percent: 20, label: "a", meta: { x: [1] } });
    expect(await say({ label: null })).toMatchObject({ percent: 20, label: null, meta: { x: [1] } });
    expect(await say({ meta: null, label: "b" })).toMatchObject({ percent: 20, label: "b", meta: null });
    expect(await say({ percent: null })).toMatchObject({ percent: null, label: "b" });
    expect(await say({})).toMatchObject({ percent: null, label: "b", updatedAt: clock.now() });
  });

  for (const [said, kept] of [
    [-5, 0],
    [0, 0],
    [33.5, 33.5],
    [100, 100],
    [1e9, 100],
    [Number.NaN, null],
  ] as const) {
    add(`R28: a percent of ${said} becomes ${kept}`, async ({ running, store, record }) => {
      const task = await running();
      await store.report([{ ...leaseOf(task), progress: { percent: said } }]);
      expect((await record(task.id)).progress.percent).toBe(kept);
    });
  }

  add("R28: progress tells one event with the percent", async ({ running, store, eventsOf }) => {
    const task = await running();
    await store.report([{ ...leaseOf(task), progress: { percent: 40, label: "x" } }]);
    expect((await eventsOf(task.id)).at(-1)).toMatchObject({ type: "progress", version: 4, data: 40, attempt: 1 });
  });

  add("R29: success brings progress to 100, a retry clears it", async (bench) => {
    const { store, clock } = bench;
    const task = await bench.running();
    await store.report([{ ...leaseOf(task), progress: { percent: 40, label: "x" } }]);
    const failed = { type: "fail", reason: "TASK_FAILED", failure: "{}", fingerprint: null } as const;
    await bench.settle(task, { ...failed, permanent: false, maxAttempts: 2, delayMs: 0 });
    expect((await bench.record(task.id)).progress).toEqual({ percent: null, label: null, meta: null, updatedAt: null });
    const again = await bench.runAgain(task);
    await store.report([{ ...leaseOf(again), progress: { label: "y" } }]);
    clock.advance(3);
    await bench.succeed(again);
    expect((await bench.record(task.id)).progress).toEqual({
      percent: 100,
      label: "y",
      meta: null,
      updatedAt: clock.now(),
    });
  });

  add(
    "R30, F37: steps keep attempt, number, level, message and meta, in order",
    async ({ running, store, clock, eventsOf }) => {
      const task = await running();
      const steps = [
        aStep(1, { kind: "load", level: "debug", message: "é", meta: { rows: [1, null] } }),
        aStep(2, { level: "error", meta: "text" }),
        aStep(3, { level: "success", message: "" }),
      ];
      await store.report([{ ...leaseOf(task), steps }]);
      const page = await store.steps({ taskId: task.id });
      expect(page).toEqual({
        next: null,
        steps: steps.map((step) => ({ ...step, id: `1.${step.n}`, taskId: task.id, attempt: 1, at: clock.now() })),
      });
      const told = (await eventsOf(task.id)).filter((event) => event.type === "step");
      expect(told.map(({ version, data }) => [version, data])).toEqual([
        [4, "1.1"],
        [5, "1.2"],
        [6, "1.3"],
      ]);
    },
  );

  add("R30: a replayed flush of steps adds nothing", async ({ running, store, told }) => {
    const task = await running();
    const flush = { ...leaseOf(task), steps: [aStep(1), aStep(2)] };
    const [first] = await store.report([flush]);
    const [again] = await store.report([flush]);
    expect(again).toEqual(first);
    await store.report([{ ...leaseOf(task), steps: [aStep(2), aStep(3)] }]);
    expect((await store.steps({ taskId: task.id })).steps.map(({ n }) => n)).toEqual([1, 2, 3]);
    expect(await told(task.id)).toEqual(["enqueued", "claimed", "started", "step", "step", "step"]);
  });

  add("R30: steps of a later attempt start at 1 again and stand after those before", async (bench) => {
    const task = await bench.running();
    await bench.store.report([{ ...leaseOf(task), steps: [aStep(1), aStep(2)] }]);
    await bench.settle(task, { type: "release" });
    const again = await bench.runAgain(task);
    await bench.store.report([{ ...leaseOf(again), steps: [aStep(1)] }]);
    expect((await bench.store.steps({ taskId: task.id })).steps.map(({ id }) => id)).toEqual(["1.1", "1.2", "2.1"]);
  });

  add("R31: a step with a percent is progress too", async ({ running, store, record }) => {
    const task = await running();
    await store.report([{ ...leaseOf(task), progress: { percent: 10, label: "l" } }]);
    await store.report([
      { ...leaseOf(task), steps: [aStep(1, { percent: 30 }), aStep(2), aStep(3, { percent: 400 })] },
    ]);
    expect((await record(task.id)).progress).toMatchObject({ percent: 100, label: "l" });
  });

  add("R31: progress said beside steps has the last word", async ({ running, store, record }) => {
    const task = await running();
    await store.report([{ ...leaseOf(task), steps: [aStep(1, { percent: 30 })], progress: { percent: 20 } }]);
    expect((await record(task.id)).progress.percent).toBe(20);
  });

  add("`alive` is a sign of life and tells nothing", async ({ running, store, clock, record }) => {
    const task = await running();
    clock.advance(500);
    expect(await store.report([{ ...leaseOf(task), alive: true }])).toEqual([{ status: "held", version: 3 }]);
    expect(await record(task.id)).toEqual({ ...task, lastSignAt: clock.now() });
  });

  add("R32: an owner learns of a cancel with its next report and extend", async ({ running, store, cancel }) => {
    const task = await running();
    await cancel(task.id);
    expect(await store.report([{ ...leaseOf(task), progress: { percent: 1 } }])).toEqual([
      { status: "cancel-requested", version: 5 },
    ]);
    expect(await store.extend([leaseOf(task)], 5)).toEqual([{ status: "cancel-requested", version: 5 }]);
  });

  add("two reports of one task in one call are taken in order", async ({ running, store, record, told }) => {
    const task = await running();
    const answers = await store.report([
      { ...leaseOf(task), progress: { percent: 1, label: "first" } },
      { ...leaseOf(task), progress: { percent: 2 } },
    ]);
    expect(answers).toEqual([
      { status: "held", version: 4 },
      { status: "held", version: 5 },
    ]);
    expect((await record(task.id)).progress).toMatchObject({ percent: 2, label: "first" });
    expect((await told(task.id)).slice(3)).toEqual(["progress", "progress"]);
  });
};
