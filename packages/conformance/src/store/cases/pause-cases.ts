import { expect } from "vitest";
import { aKind } from "../../builders/kind.ts";
import type { StoreCases } from "../store-cases.ts";

const pause = (taskId: string) => ({ type: "pause", taskId, by: "ann", why: "broken data" }) as const;
const resume = (taskId: string) => ({ type: "resume", taskId }) as const;

/** M17, and kinds that are paused as a whole. */
export const pauseCases: StoreCases = (add) => {
  add("M17, F23: a paused task is not claimed, and says by whom and why", async ({ enqueue, store, claim, told }) => {
    const { id } = await enqueue();
    expect(await store.change([pause(id)])).toMatchObject([
      {
        status: "changed",
        task: { status: "paused", pausedFrom: "queued", pausedBy: "ann", pausedWhy: "broken data", version: 2 },
      },
    ]);
    expect(await claim()).toEqual([]);
    expect(await told(id)).toEqual(["enqueued", "paused"]);
  });

  add("M17, F23: resume returns a task to where it was", async (bench) => {
    const { store } = bench;
    const first = await bench.enqueue();
    const blocked = await bench.enqueue({ dependencies: [{ taskId: first.id, onFailure: "continue" }] });
    const suspended = await bench.running();
    const wait = { reason: "signal", name: "n", timeoutMs: null } as const;
    await bench.settle(suspended, { type: "suspend", wait, state: null });
    const ids = [first.id, blocked.id, suspended.id];
    const before = await store.get(ids);
    expect((await store.change(ids.map(pause))).map(({ status }) => status)).toEqual(["changed", "changed", "changed"]);
    await store.change(ids.map(resume));
    for (const [index, record] of (await store.get(ids)).entries()) {
      const was = before[index];
      expect(record).toEqual({ ...was, version: (was?.version ?? 0) + 2, updatedAt: record?.updatedAt });
    }
  });

  add("M17: leased, final and paused tasks are refused, with the task; unknown ones without", async (bench) => {
    const { store } = bench;
    const running = await bench.running();
    const done = await bench.running();
    await bench.succeed(done);
    const paused = await bench.enqueue();
    await store.change([pause(paused.id)]);
    const answers = await store.change([...[running.id, done.id, paused.id].map(pause), pause(bench.newId())]);
    const wrong = { status: "refused", why: "wrong-status" };
    expect(answers).toMatchObject([
      { ...wrong, task: { id: running.id } },
      { ...wrong, task: { id: done.id } },
      { ...wrong, task: { id: paused.id } },
      { status: "refused", why: "not-found" },
    ]);
  });

  add("M17: resume of a task that is not paused is refused", async ({ enqueue, store, newId }) => {
    const { id } = await enqueue();
    expect(await store.change([resume(id), resume(newId())])).toMatchObject([
      { status: "refused", why: "wrong-status" },
      { status: "refused", why: "not-found" },
    ]);
  });

  add("M17: a paused sleeper whose time comes is queued when it is resumed", async (bench) => {
    const { store, clock } = bench;
    const task = await bench.running();
    await bench.settle(task, { type: "suspend", wait: { reason: "sleep", forMs: 100 }, state: null });
    await store.change([pause(task.id)]);
    clock.advance(100);
    await store.expire(10);
    expect(await bench.record(task.id)).toMatchObject({ status: "paused", pausedFrom: "queued", stage: 1 });
    await store.change([resume(task.id)]);
    expect(await bench.record(task.id)).toMatchObject({ status: "queued", stage: 1, wakeReason: "timeout" });
  });

  add(
    "F22: a paused kind is not claimed until it is resumed; other kinds go on",
    async ({ store, enqueue, claimIds }) => {
      const paused = await enqueue();
      const other = await enqueue({ kind: "other" });
      const kinds = [
        { kind: "work", slots: 5 },
        { kind: "other", slots: 5 },
      ];
      await store.setKind([aKind(), { type: "pause", kind: "work", by: "ann", why: "deploy" }]);
      expect(await claimIds({ kinds })).toEqual([other.id]);
      await store.setKind([{ type: "resume", kind: "work" }]);
      expect(await claimIds({ kinds })).toEqual([paused.id]);
    },
  );

  add("F22: a kind's pause says by whom and why, survives a registration, and takes no lease away", async (bench) => {
    const { store, clock } = bench;
    const task = await bench.running({ kind: "work" });
    await store.setKind([aKind(), { type: "pause", kind: "work", by: "ann", why: "deploy" }, aKind({ version: 2 })]);
    expect(await store.kinds()).toMatchObject([
      { kind: "work", version: 2, pausedBy: "ann", pausedWhy: "deploy", pausedAt: clock.now() },
    ]);
    expect(await bench.extendAll([task])).toMatchObject([{ status: "held" }]);
    expect((await bench.succeed(task)).status).toBe("held");
    await store.setKind([{ type: "resume", kind: "work" }]);
    expect(await store.kinds()).toMatchObject([{ pausedAt: null, pausedBy: null, pausedWhy: null }]);
  });

  add("a kind can be paused before any host has registered it", async ({ store, enqueue, claim }) => {
    await enqueue({ kind: "unseen" });
    await store.setKind([{ type: "pause", kind: "unseen", by: null, why: null }]);
    expect(await claim({ kinds: [{ kind: "unseen", slots: 1 }] })).toEqual([]);
  });

  add("pausing and resuming a kind is told once each", async ({ store, journal }) => {
    await store.setKind([aKind(), { type: "pause", kind: "work", by: null, why: null }]);
    await store.setKind([{ type: "resume", kind: "work" }]);
    const told = (await journal()).filter((event) => event.taskId === null);
    expect(told).toMatchObject([
      { type: "kind_paused", name: "work" },
      { type: "kind_resumed", name: "work" },
    ]);
  });

  add("registering keeps every version's input schema and the time it was last seen", async ({ store, clock }) => {
    await store.setKind([aKind({ inputSchema: '{"v":1}' })]);
    clock.advance(50);
    await store.setKind([aKind({ version: 2, inputSchema: '{"v":2}', rate: { count: 1, perMs: 5 }, fairness: "key" })]);
    expect(await store.kinds()).toMatchObject([
      {
        kind: "work",
        version: 2,
        inputSchemas: { 1: '{"v":1}', 2: '{"v":2}' },
        rate: { count: 1, perMs: 5 },
        fairness: "key",
        limit: null,
        lastSeenAt: clock.now(),
      },
    ]);
  });
};
