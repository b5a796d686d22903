import {
  defineTask,
  TaskError,
  type LeaseAnswer,
  type TaskContext,
  type TaskHostEvent,
  type TaskStore,
} from "@millrace/models";
import { describe, expect, it } from "vitest";
import { createBench, gate, listen, turn, untilAborted } from "../testing/host-bench.ts";

/** A store that can be taken away and given back. */
function fragile(methods: readonly (keyof TaskStore)[]) {
  let away = false;
  const wrap = (store: TaskStore): TaskStore =>
    new Proxy(store, {
      get(target, name, receiver) {
        const found: unknown = Reflect.get(target, name, receiver);
        if (typeof found !== "function" || !methods.some((method) => method === name)) return found;
        return async (...args: unknown[]) => {
          if (away) throw new TaskError("STORE_UNAVAILABLE", "the database is away");
          return (found as (...all: unknown[]) => unknown).apply(target, args);
        };
      },
    });
  return { wrap, set: (value: boolean) => void (away = value) };
}

const all = ["claim", "extend", "report", "settle", "expire", "markStale", "setKind", "kinds"] as const;

describe("the lease of a running task", () => {
  it("R17: is renewed for as long as it runs, however long that is", async () => {
    await using bench = createBench();
    const go = gate<string>();
    const task = defineTask({ kind: "long", run: () => go.opened });
    const host = await bench.started({ tasks: [task] });
    const { task: made } = await host.enqueue(task, undefined);
    await bench.pass(300_000);
    expect(await bench.task(made.id)).toMatchObject({ status: "running", attempt: 1 });
    go.open("done");
    await bench.until(async () => (await bench.task(made.id)).status === "succeeded");
    expect((await bench.task(made.id)).attempt).toBe(1);
  });

  it("R19: that somebody else has now, stops the handler, is told once, and its outcome is dropped", async () => {
    await using bench = createBench();
    const events: TaskHostEvent[] = [];
    let stopped = 0;
    const task = defineTask({
      kind: "moves",
      async run(_input: unknown, context: TaskContext) {
        if (context.task.attempt > 1) return "second";
        await untilAborted(context.signal).catch(() => {});
        expect(context.signal.reason).toBe("lease-lost");
        stopped += 1;
        return "first";
      },
    });
    const answers: LeaseAnswer[] = [];
    const host = await bench.started({ tasks: [task], onEvent: listen(events) });
    const { task: made } = await host.enqueue(task, undefined);
    await turn();
    const [held] = await bench.store.get([made.id]);
    // As another host would see it whose clock says the lease has run out: taken back and claimed anew.
    await bench.store.cancel([{ taskId: made.id, mode: "terminate", reason: null, by: null }]);
    await bench.store.retry([made.id]);
    expect(held?.leaseToken).not.toBeNull();
    await bench.until(async () => (await bench.task(made.id)).status === "succeeded");
    expect(await host.getTask(made.id)).toMatchObject({ output: "second", attempt: 2 });
    expect(stopped).toBe(1);
    const types = events.map(({ type }) => type);
    expect(types.filter((type) => type === "task:lease_lost")).toHaveLength(1);
    expect(types.filter((type) => type === "task:succeeded")).toHaveLength(1);
    expect(answers).toEqual([]);
  });

  it("that cannot be renewed in time is given up before the store gives it to others", async () => {
    const store = fragile(["extend"]);
    await using bench = createBench(store.wrap);
    const aborted: { reason: unknown; at: number }[] = [];
    const task = defineTask({
      kind: "cut off",
      async run(_input: unknown, context: TaskContext) {
        if (context.task.attempt > 1) return;
        await untilAborted(context.signal).finally(() =>
          aborted.push({ reason: context.signal.reason, at: bench.clock.now() }),
        );
      },
    });
    const host = await bench.started({ tasks: [task], leaseMs: 10_000, heartbeatMs: 3_000 });
    const startedAt = bench.clock.now();
    const { task: made } = await host.enqueue(task, undefined);
    await turn();
    store.set(true);
    await bench.until(() => aborted.length === 1);
    expect(aborted[0]?.reason).toBe("lease-lost");
    expect((aborted[0]?.at ?? 0) - startedAt).toBeLessThan(10_000);
    store.set(false);
    await bench.until(async () => (await bench.task(made.id)).status === "succeeded");
    // Given back by its owner, not taken from it: nothing is held against the task.
    expect(await bench.task(made.id)).toMatchObject({ attempt: 2, failures: 0, interruptions: 0, suspect: false });
  });
});

describe("a store that goes away", () => {
  it("F58, T44: loses no outcome: it is written when the store is back, and the task runs once", async () => {
    const store = fragile(all);
    await using bench = createBench(store.wrap);
    let runs = 0;
    const go = gate();
    const task = defineTask({
      kind: "once",
      async run() {
        runs += 1;
        await go.opened;
        return "kept";
      },
    });
    const host = await bench.started({ tasks: [task] });
    const { task: made } = await host.enqueue(task, undefined);
    await turn();
    store.set(true);
    go.open();
    await bench.pass(12_000);
    expect((await bench.task(made.id)).status).toBe("claimed");
    store.set(false);
    await bench.until(async () => (await bench.task(made.id)).status === "succeeded");
    expect(runs).toBe(1);
    expect(await host.awaitResult(made.id)).toBe("kept");
  });

  it("F58: stops no loop: work goes on two seconds later, however long it was away, and the log was not flooded", async () => {
    const store = fragile(all);
    await using bench = createBench(store.wrap);
    const task = defineTask({ kind: "later", run: () => 1 });
    const host = await bench.started({ tasks: [task] });
    const told = (words: string): number => bench.lines.filter(({ message }) => message.includes(words)).length;
    for (const awayMs of [700, 4_100, 12_300, 31_500, 120_000]) {
      bench.lines.length = 0;
      store.set(true);
      const { task: made } = await host.enqueue(task, undefined);
      await bench.pass(awayMs);
      expect(told("while claiming; trying on")).toBeLessThanOrEqual(3);
      store.set(false);
      await bench.pass(2_100);
      expect((await bench.task(made.id)).status, `after ${awayMs} ms`).toBe("succeeded");
      expect(told("answers again")).toBeGreaterThan(0);
    }
  });

  it("T44: an answer that was lost on the way back is not a failure, and nothing is written twice", async () => {
    let lose = 0;
    await using bench = createBench((store) => ({
      ...store,
      async settle(settlements) {
        const answers = await store.settle(settlements);
        if (lose > 0) {
          lose -= 1;
          throw new TaskError("STORE_UNAVAILABLE", "the reply was lost");
        }
        return answers;
      },
      async enqueue(groups) {
        const results = await store.enqueue(groups);
        if (lose > 0) {
          lose -= 1;
          throw new TaskError("STORE_UNAVAILABLE", "the reply was lost");
        }
        return results;
      },
    }));
    let runs = 0;
    const task = defineTask({ kind: "lossy", run: () => (runs += 1) });
    const events: TaskHostEvent[] = [];
    const host = await bench.started({ tasks: [task], onEvent: listen(events) });
    lose = 1;
    let id = "";
    void host.enqueue(task, undefined).then(({ task: made }) => (id = made.id));
    await bench.until(() => id !== "");
    await bench.until(async () => (await bench.task(id)).status === "succeeded");
    lose = 1;
    const { tasks } = await bench.store.read({});
    expect(tasks).toHaveLength(1);
    lose = 0;
    const second = await host.enqueue(task, undefined);
    lose = 1;
    await bench.until(async () => (await bench.task(second.task.id)).status === "succeeded");
    await bench.pass(5_000);
    expect(runs).toBe(2);
    expect(events.filter(({ type }) => type === "task:succeeded")).toHaveLength(2);
  });
});

describe("leases that others left behind", () => {
  it("R20, R21: are taken back by a sweep, told with their count, and the task runs again", async () => {
    await using bench = createBench();
    const task = defineTask({ kind: "orphan", run: (_input: unknown, context: TaskContext) => context.task.attempt });
    const client = bench.host({ tasks: [task] });
    const { task: made } = await client.enqueue(task, undefined);
    await bench.store.setKind([
      { type: "register", kind: "orphan", version: 1, inputSchema: null, limit: null, rate: null, fairness: "none" },
    ]);
    await bench.store.claim({
      hostId: "dead",
      kinds: [{ kind: "orphan", slots: 1 }],
      limit: 1,
      leaseMs: 2_000,
      suspects: "exclude",
    });
    const events: TaskHostEvent[] = [];
    await bench.started({ tasks: [task], onEvent: listen(events) });
    expect(await bench.task(made.id)).toMatchObject({ status: "claimed", hostId: "dead" });
    await bench.until(async () => (await bench.task(made.id)).status === "succeeded");
    expect(events).toContainEqual(expect.objectContaining({ type: "task:stale_requeued", count: 1 }));
    expect(events.map(({ type }) => type)).toContain("task:lease_lost");
    expect(await client.getTask(made.id)).toMatchObject({ attempt: 2, output: 2, failures: 0 });
  });

  it("R20, T38: of a task that kills its host again and again end in quarantine", async () => {
    await using bench = createBench();
    const task = defineTask({ kind: "poison", run: () => 1 });
    const client = bench.host({ tasks: [task] });
    const { task: made } = await client.enqueue(task, undefined);
    for (let n = 0; n < 10 && (await bench.task(made.id)).status !== "failed"; n += 1) {
      const { tasks } = await bench.store.claim({
        hostId: `dead ${n}`,
        kinds: [{ kind: "poison", slots: 1 }],
        limit: 1,
        leaseMs: 1_000,
        suspects: "include",
      });
      const [claimed] = tasks;
      if (claimed) {
        const { id: taskId, attempt, leaseToken } = claimed.task;
        await bench.store.report([{ taskId, attempt, leaseToken: leaseToken ?? "", started: true }]);
      }
      bench.clock.advance(2_000);
      await bench.store.expire(10);
    }
    expect(await bench.task(made.id)).toMatchObject({ status: "failed", reason: "TASK_QUARANTINED", interruptions: 3 });
  });
});
