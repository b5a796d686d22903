import { defineTask, type TaskContext } from "@millrace/models";
import { describe, expect, it } from "vitest";
import { createBench } from "../testing/host-bench.ts";

describe("cleaning up", () => {
  it("F48: removes what a filter finds with its steps and attempts, and nothing else", async () => {
    await using bench = createBench();
    const task = defineTask({
      kind: "work",
      retry: { maxAttempts: 2, backoff: { type: "fixed", delayMs: 1_000 } },
      async run(_input: unknown, context: TaskContext) {
        await context.appendStep({ message: "a step" });
        if (context.task.attempt === 1) throw new Error("once");
      },
    });
    const host = await bench.started({ tasks: [task] });
    const made = await host.enqueueMany(
      ["old", "old", "new"].map((tag) => ({ task, input: undefined, options: { tags: [tag] } })),
    );
    const ids = made.map(({ task: { id } }) => id);
    await bench.until(async () => (await bench.store.get(ids)).every((one) => one?.status === "succeeded"));
    expect(await host.removeMany({ tags: ["old"], statuses: ["succeeded"] })).toEqual({ removed: 2, needed: 0 });
    const steps = await Promise.all(ids.map(async (id) => (await host.listTaskSteps(id)).steps.length));
    const attempts = await Promise.all(ids.map(async (id) => (await bench.store.attempts(id)).length));
    expect((await bench.store.get(ids)).map((one) => one !== null)).toEqual([false, false, true]);
    expect(steps).toEqual([0, 0, 2]);
    expect(attempts).toEqual([0, 0, 1]);
  });

  it("Q19: counts the orphans of a kind that nobody serves any more, and removes those of some age", async () => {
    await using bench = createBench();
    const host = await bench.started({
      tasks: [defineTask({ kind: "served", run: () => 1 })],
      allowUnknownKinds: true,
    });
    await host.enqueue("abandoned");
    await host.enqueue("abandoned");
    await bench.pass(3_600_000);
    const anHourLater = bench.clock.now();
    await host.enqueue("abandoned");
    await host.enqueue("served");
    const orphans = { kinds: ["abandoned"], createdBefore: anHourLater };
    expect((await host.readAggregate(orphans)).total).toEqual({ count: 2, exact: true });
    expect(await host.removeMany(orphans)).toEqual({ removed: 2, needed: 0 });
    expect((await host.readAggregate({})).byKind["abandoned"]).toEqual({ count: 1, exact: true });
  });
});

describe("a task set aside", () => {
  it("F24: resumed, it runs with the newest handler; tried again by hand, its attempts begin anew", async () => {
    await using bench = createBench();
    const handler = (name: string, fails: boolean) =>
      defineTask({
        kind: "changes",
        retry: { maxAttempts: 2, backoff: { type: "fixed", delayMs: 60_000 } },
        run() {
          if (fails) throw new Error(name);
          return name;
        },
      });
    const host = await bench.started({ tasks: [handler("first", true)] });
    const [paused, ended] = (await host.enqueueMany([{ kind: "changes" }, { kind: "changes" }])).map(
      ({ task: { id } }) => id,
    );
    if (paused === undefined || ended === undefined) throw new Error("two tasks were made");
    await bench.until(async () => (await bench.task(paused)).failures === 1);
    await host.pause({ taskId: paused });
    await bench.until(async () => (await bench.task(ended)).status === "failed");

    host.registerHandler(handler("second", false));
    await host.resume({ taskId: paused });
    await bench.until(async () => (await bench.task(paused)).status === "succeeded");
    expect(await host.awaitResult(paused)).toBe("second");
    expect(await host.retry(ended)).toMatchObject({ status: "queued", failures: 0 });
    expect(await host.awaitResult(ended)).toBe("second");
  });
});
