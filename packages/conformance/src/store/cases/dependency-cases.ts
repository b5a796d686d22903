import { expect } from "vitest";
import { endStep, waitingOn } from "../flow-steps.ts";
import type { StoreCases } from "../store-cases.ts";

/** Flows: tasks that wait for others, and what the end of one does to its waiters. */
export const dependencyCases: StoreCases = (add) => {
  add("F30, Q35: a whole flow is stored in one group: steps queued, join blocked", async ({ stored, newId, told }) => {
    const [a, b] = [{ id: newId() }, { id: newId() }];
    const results = await stored(waitingOn("continue", a, b), a, b);
    expect(results[0]?.task).toMatchObject({
      status: "blocked",
      reason: "dependencies",
      openDependencies: 2,
      version: 1,
      attempt: 0,
    });
    expect(results.slice(1).map(({ task }) => task.status)).toEqual(["queued", "queued"]);
    expect(await told(results[0]?.task.id ?? "")).toEqual(["enqueued"]);
  });

  add("F31, Q35: a join fires exactly once, with the last of its dependencies", async (bench) => {
    const steps = await bench.enqueueMany(5, { kind: "step" });
    const join = await bench.enqueue(waitingOn("continue", ...steps));
    for (const [index, step] of steps.entries()) {
      expect(await bench.record(join.id)).toMatchObject({ status: "blocked", openDependencies: 5 - index });
      await endStep(bench, step, "succeeded");
    }
    expect(await bench.record(join.id)).toMatchObject({
      status: "queued",
      reason: null,
      openDependencies: 0,
      stage: 0,
      version: 2,
      wakeReason: "dependencies",
      waitAborted: false,
    });
    expect((await bench.eventsOf(join.id)).map(({ type, data }) => [type, data])).toEqual([
      ["enqueued", null],
      ["resumed", "dependencies"],
    ]);
  });

  add("F32, Q40, Q44: results come with the claim, in the order of the edges, mixed", async (bench) => {
    const [a, b, c] = await bench.enqueueMany(3, { kind: "step" });
    if (!a || !b || !c) throw new Error("three tasks were to be made");
    const join = await bench.enqueue(waitingOn("continue", c, a, b));
    await endStep(bench, b, "failed");
    await endStep(bench, a, "succeeded");
    await bench.cancel(c.id);
    const [claimed] = await bench.claim();
    expect(claimed?.task.id).toBe(join.id);
    expect(claimed?.results).toEqual([
      { taskId: c.id, kind: "step", status: "cancelled", reason: "TASK_CANCELLED", output: null, failure: null },
      { taskId: a.id, kind: "step", status: "succeeded", reason: null, output: `"${a.id}"`, failure: null },
      {
        taskId: b.id,
        kind: "step",
        status: "failed",
        reason: "TASK_FAILED",
        output: null,
        failure: JSON.stringify({ name: "Error", message: "it broke" }),
      },
    ]);
  });

  add("F32: results come again with every claim of the same stage", async (bench) => {
    const [step] = await bench.enqueueMany(1, { kind: "step" });
    if (!step) throw new Error("a task was to be made");
    const join = await bench.enqueue(waitingOn("continue", step));
    await endStep(bench, step, "succeeded");
    const first = await bench.claim();
    if (first[0]) await bench.settle(first[0].task, { type: "release" });
    const second = await bench.claim();
    expect(second[0]?.task).toMatchObject({ id: join.id, attempt: 2 });
    expect(second[0]?.results).toEqual(first[0]?.results);
  });

  add("Q39: only final outcomes count: retries, snoozes and expiries do not", async (bench) => {
    const { clock, store } = bench;
    const step = await bench.running();
    const join = await bench.enqueue(waitingOn("abort", step));
    const open = { status: "blocked", openDependencies: 1, version: 1 };
    await bench.settle(step, { type: "snooze", delayMs: 0 });
    expect(await bench.record(join.id)).toMatchObject(open);
    const again = await bench.runAgain(step);
    clock.advance(30_001);
    await store.expire(10);
    expect(await bench.record(join.id)).toMatchObject(open);
    expect(again.attempt).toBe(2);
  });

  add("edges onto final tasks are not waited for", async ({ running, succeed, enqueue, claim }) => {
    const done = await running();
    await succeed(done, "1");
    const join = await enqueue(waitingOn("continue", done));
    expect(join).toMatchObject({ status: "queued", openDependencies: 0, wakeReason: "dependencies" });
    const [claimed] = await claim();
    expect(claimed?.results).toMatchObject([{ taskId: done.id, status: "succeeded", output: "1" }]);
  });

  add("edges onto live tasks in every status are waited for", async (bench) => {
    const queued = await bench.enqueue({ kind: "step" });
    const claimed = await bench.claimed();
    const running = await bench.running();
    const suspended = await bench.running();
    await bench.settle(suspended, { type: "suspend", wait: { reason: "sleep", forMs: 5 }, state: null });
    const paused = await bench.enqueue({ kind: "step" });
    await bench.store.change([{ type: "pause", taskId: paused.id, by: null, why: null }]);
    const blocked = await bench.enqueue(waitingOn("continue", queued));
    const all = [queued, claimed, running, suspended, paused, blocked];
    const join = await bench.enqueue(waitingOn("continue", ...all));
    expect(join).toMatchObject({ status: "blocked", openDependencies: all.length });
    for (const [index, { id }] of all.entries()) {
      await bench.cancel(id, "terminate");
      const left = all.length - index - 1;
      expect(await bench.record(join.id)).toMatchObject({ openDependencies: left });
    }
    expect(await bench.record(join.id)).toMatchObject({ status: "queued", version: 2 });
  });

  add("refuses a dependency that does not exist, and a circle", async ({ group, newId, store }) => {
    expect(await group(waitingOn("continue", { id: newId() }))).toMatchObject({ code: "DEPENDENCY_UNKNOWN", index: 0 });
    const [a, b] = [newId(), newId()];
    const circle = await group({ id: a, ...waitingOn("fail", { id: b }) }, { id: b, ...waitingOn("fail", { id: a }) });
    expect(circle).toMatchObject({ status: "refused", code: "DEPENDENCY_CYCLE" });
    const self = newId();
    expect(await group({ id: self, ...waitingOn("fail", { id: self }) })).toMatchObject({ code: "DEPENDENCY_CYCLE" });
    expect((await store.read({})).tasks).toEqual([]);
  });

  add("a chain of 1,000 tasks is one group, and each of them waits for the one before it", async (bench) => {
    const ids = Array.from({ length: 1_000 }, () => bench.newId());
    const result = await bench.group(
      ...ids.map((id, n) => ({
        id,
        ...waitingOn(
          "fail",
          ...ids
            .slice(0, n)
            .slice(-1)
            .map((before) => ({ id: before })),
        ),
      })),
    );
    expect(result.status).toBe("stored");
    const claimed = await bench.claim({ limit: 10 });
    expect(claimed.map(({ task }) => task.id)).toEqual(ids.slice(0, 1));
    expect((await bench.store.aggregate({})).byStatus.blocked.count).toBe(999);
  });

  add("a fan-out of 300 in one settlement releases its join once", async (bench) => {
    const steps = await bench.enqueueMany(300, { kind: "step" });
    const join = await bench.enqueue(waitingOn("continue", ...steps));
    const claimed = await bench.claim({ kinds: [{ kind: "step", slots: 300 }] });
    const halves = [claimed.slice(0, 150), claimed.slice(150)];
    await Promise.all(
      halves.map((half) =>
        bench.store.settle(
          half.map(({ task }) => ({
            taskId: task.id,
            attempt: task.attempt,
            leaseToken: task.leaseToken ?? "",
            started: true,
            settlement: { type: "succeed", output: null },
          })),
        ),
      ),
    );
    expect(await bench.record(join.id)).toMatchObject({ status: "queued", version: 2, openDependencies: 0 });
  });

  add("two edges onto the same task are one task waited for", async (bench) => {
    const step = await bench.enqueue({ kind: "step" });
    const join = await bench.enqueue(waitingOn("continue", step, step));
    await endStep(bench, step, "succeeded");
    expect(await bench.record(join.id)).toMatchObject({ status: "queued", version: 2 });
  });

  add("Q42: a deadline releases a blocked task with what there is", async (bench) => {
    const [done, open] = await bench.enqueueMany(2, { kind: "step" });
    if (!done || !open) throw new Error("two tasks were to be made");
    const join = await bench.enqueue({ ...waitingOn("continue", done, open), waitTimeoutMs: 1_000 });
    await endStep(bench, done, "succeeded");
    bench.clock.advance(999);
    expect(await bench.store.expire(10)).toEqual([]);
    bench.clock.advance(1);
    expect(await bench.store.expire(10)).toMatchObject([
      { id: join.id, status: "queued", wakeReason: "timeout", stage: 0 },
    ]);
    const [claimed] = await bench.claim();
    expect(claimed?.results.map(({ status }) => status)).toEqual(["succeeded", "queued"]);
    await endStep(bench, open, "succeeded");
    expect(await bench.record(join.id)).toMatchObject({ status: "claimed", version: 3 });
  });

  add("Q43: a deadline after completion does nothing", async (bench) => {
    const step = await bench.enqueue({ kind: "step" });
    const join = await bench.enqueue({ ...waitingOn("continue", step), waitTimeoutMs: 1_000 });
    await endStep(bench, step, "succeeded");
    const released = await bench.record(join.id);
    bench.clock.advance(5_000);
    expect(await bench.store.expire(10)).toEqual([]);
    expect(await bench.record(join.id)).toEqual(released);
  });

  add("a released task keeps the time it was given", async (bench) => {
    const step = await bench.enqueue({ kind: "step" });
    const join = await bench.enqueue({ ...waitingOn("continue", step), delayMs: 10_000 });
    await endStep(bench, step, "succeeded");
    expect(await bench.record(join.id)).toMatchObject({ status: "queued", scheduledAt: join.scheduledAt });
    expect(await bench.claim()).toEqual([]);
  });

  add("a paused waiter counts down, and its release waits for the resume", async (bench) => {
    const { store } = bench;
    const step = await bench.enqueue({ kind: "step" });
    const join = await bench.enqueue(waitingOn("continue", step));
    await store.change([{ type: "pause", taskId: join.id, by: null, why: null }]);
    await endStep(bench, step, "succeeded");
    expect(await bench.record(join.id)).toMatchObject({ status: "paused", pausedFrom: "queued", openDependencies: 0 });
    await store.change([{ type: "resume", taskId: join.id }]);
    expect(await bench.claimIds()).toEqual([join.id]);
  });

  add("a cancelled waiter is left alone by its dependencies", async (bench) => {
    const step = await bench.enqueue({ kind: "step" });
    const join = await bench.enqueue(waitingOn("continue", step));
    await bench.cancel(join.id);
    const before = await bench.record(join.id);
    await endStep(bench, step, "succeeded");
    expect(await bench.record(join.id)).toEqual(before);
  });

  add("Q18: an expired dependency releases its waiter", async (bench) => {
    const late = await bench.enqueue({ kind: "step", expiresInMs: 5 });
    const join = await bench.enqueue(waitingOn("continue", late));
    bench.clock.advance(5);
    await bench.store.expire(10);
    expect(await bench.record(join.id)).toMatchObject({ status: "queued" });
  });
};
