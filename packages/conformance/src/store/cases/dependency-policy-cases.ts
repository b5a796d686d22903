import type { TaskRecord } from "@millrace/models";
import { expect } from "vitest";
import { endStep, waitingOn } from "../flow-steps.ts";
import type { StoreCases } from "../store-cases.ts";

/** Flows: what the end of a dependency does to its waiters, by policy. */
export const dependencyPolicyCases: StoreCases = (add) => {
  for (const end of ["succeeded", "failed", "cancelled"] as const) {
    add(`Q40: policy continue, dependency ${end}: the waiter runs`, async (bench) => {
      const step = await bench.enqueue({ kind: "step" });
      const join = await bench.enqueue(waitingOn("continue", step));
      await endStep(bench, step, end);
      expect(await bench.record(join.id)).toMatchObject({ status: "queued", waitAborted: false, version: 2 });
    });

    add(
      `Q41: policy abort, dependency ${end}: ${end === "succeeded" ? "waits on" : "released at once"}`,
      async (bench) => {
        const [step, sibling] = await bench.enqueueMany(2, { kind: "step" });
        if (!step || !sibling) throw new Error("two tasks were to be made");
        const join = await bench.enqueue(waitingOn("abort", step, sibling));
        await endStep(bench, step, end);
        const isAborted = end !== "succeeded";
        expect(await bench.record(join.id)).toMatchObject(
          isAborted ? { status: "queued", waitAborted: true, version: 2 } : { status: "blocked", openDependencies: 1 },
        );
      },
    );

    add(`M19: policy fail, dependency ${end}: the waiter ${end === "succeeded" ? "runs" : "fails"}`, async (bench) => {
      const [step, sibling] = await bench.enqueueMany(2, { kind: "step" });
      if (!step || !sibling) throw new Error("two tasks were to be made");
      const join = await bench.enqueue(waitingOn("fail", step, sibling));
      await endStep(bench, step, end);
      if (end === "succeeded") {
        expect(await bench.record(join.id)).toMatchObject({ status: "blocked", openDependencies: 1 });
        return;
      }
      expect(await bench.record(join.id)).toMatchObject({
        status: "failed",
        reason: "TASK_DEPENDENCY_FAILED",
        attempt: 0,
        openDependencies: 0,
      });
      expect(await bench.told(join.id)).toEqual(["enqueued", "failed"]);
    });
  }

  add("Q41: abort names the siblings still open and cancels them", async (bench) => {
    const [step, open] = await bench.enqueueMany(2, { kind: "step" });
    const running = await bench.running();
    if (!step || !open) throw new Error("two tasks were to be made");
    const join = await bench.enqueue(waitingOn("abort", step, open, running));
    await endStep(bench, step, "failed");
    const [claimed] = await bench.claim();
    expect(claimed?.task.id).toBe(join.id);
    expect(claimed?.results.map(({ taskId }) => taskId)).toEqual([step.id, open.id, running.id]);
    await bench.store.expire(100);
    expect(await bench.record(open.id)).toMatchObject({ status: "cancelled" });
    const asked = await bench.record(running.id);
    expect(asked.status).toBe("running");
    expect(asked.cancelRequestedAt).not.toBeNull();
  });

  add("Q41: late ends of siblings after an abort change the waiter no more", async (bench) => {
    const [first, second] = [await bench.running(), await bench.running()];
    const join = await bench.enqueue(waitingOn("abort", first, second));
    await bench.fail(first);
    const released = await bench.record(join.id);
    await bench.store.expire(100);
    await bench.succeed(second);
    expect(await bench.record(join.id)).toEqual(released);
  });

  add("F34, Q46: a failure passes through a chain of `fail` edges to its end", async (bench) => {
    const step = await bench.enqueue({ kind: "step" });
    const chain: TaskRecord[] = [];
    let before: TaskRecord = step;
    for (let depth = 0; depth < 12; depth += 1) {
      before = await bench.enqueue(waitingOn("fail", before));
      chain.push(before);
    }
    const last = await bench.enqueue(waitingOn("continue", before));
    await endStep(bench, step, "failed");
    for (let round = 0; round < 20; round += 1) await bench.store.expire(100);
    for (const { id } of chain) {
      expect(await bench.record(id)).toMatchObject({ status: "failed", reason: "TASK_DEPENDENCY_FAILED" });
    }
    expect(await bench.record(last.id)).toMatchObject({ status: "queued", wakeReason: "dependencies" });
  });

  add("one failure under 300 waiters reaches them all", async (bench) => {
    const step = await bench.enqueue({ kind: "step" });
    const waiters = await bench.enqueueMany(300, waitingOn("fail", step));
    await endStep(bench, step, "failed");
    for (let round = 0; round < 10; round += 1) await bench.store.expire(100);
    const records = await bench.store.get(waiters.map(({ id }) => id));
    expect(new Set(records.map((record) => record?.status))).toEqual(new Set(["failed"]));
  });
};
