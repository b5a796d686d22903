import type { Settlement, TaskRecord } from "@millrace/models";
import { expect } from "vitest";
import { aFailSettlement } from "../../builders/failure.ts";
import { leaseOf } from "../../builders/lease.ts";
import type { StoreCases } from "../store-cases.ts";

/** Rules of every method: empty asks, aligned answers, neighbours unharmed. */
export const batchCases: StoreCases = (add) => {
  add("an empty ask is an empty answer", async ({ store }) => {
    expect(await store.enqueue([])).toEqual([]);
    expect(await store.extend([], 1_000)).toEqual([]);
    expect(await store.report([])).toEqual([]);
    expect(await store.settle([])).toEqual([]);
    expect(await store.cancel([])).toEqual([]);
    expect(await store.change([])).toEqual([]);
    expect(await store.retry([])).toEqual([]);
    expect(await store.signal([])).toEqual([]);
    expect(await store.memo([])).toEqual([]);
    expect(await store.remove([])).toEqual([]);
    expect(await store.get([])).toEqual([]);
    await store.setKind([]);
    expect(await store.kinds()).toEqual([]);
    expect(await store.expire(10)).toEqual([]);
    expect(await store.markStale(1, 10)).toEqual([]);
    const claim = { hostId: "h", kinds: [], limit: 5, leaseMs: 1_000, suspects: "include" } as const;
    expect(await store.claim(claim)).toMatchObject({ tasks: [], more: false });
  });

  add("one bad item harms no neighbour, and answers[i] answers asks[i]", async (bench) => {
    const { store } = bench;
    const tasks = [await bench.running(), await bench.running(), await bench.running()];
    const gone = { taskId: bench.newId(), attempt: 1, leaseToken: "none" };
    const [a, b, c] = tasks.map(leaseOf);
    if (!a || !b || !c) throw new Error("three leases were to be made");
    const forged = { ...b, leaseToken: "forged" };
    const leases = [gone, a, forged, b, { ...c, attempt: 9 }, c];
    const expected = ["lost", "held", "lost", "held", "lost", "held"];
    const statuses = (answers: readonly { readonly status: string }[]) => answers.map(({ status }) => status);
    expect(statuses(await store.extend(leases, 1_000))).toEqual(expected);
    expect(statuses(await store.report(leases.map((lease) => ({ ...lease, progress: { percent: 5 } }))))).toEqual(
      expected,
    );
    expect(statuses(await store.memo(leases.map((lease) => ({ ...lease, key: "k", value: "1" }))))).toEqual(expected);
    const settlement = { type: "succeed", output: null } as const;
    expect(statuses(await store.settle(leases.map((lease) => ({ ...lease, started: true, settlement }))))).toEqual(
      expected,
    );
  });

  add("a mixed batch of settlements with children, waiters and keys is made item by item", async (bench) => {
    const key = { concurrencyKeys: [{ key: "k", limit: 9 }], dedupeKey: "d" };
    const parent = await bench.running(key);
    const step = await bench.running();
    const plain = await bench.running();
    const join = await bench.enqueue({ dependencies: [{ taskId: step.id, onFailure: "continue" }] });
    const children = [bench.request(), bench.request({ id: join.id })];
    const wait = {
      reason: "children",
      children: [children[0] ?? bench.request()],
      onFailure: "continue",
      timeoutMs: null,
    } as const;
    const answers = await bench.store.settle([
      { ...leaseOf(plain), leaseToken: "forged", started: true, settlement: { type: "release" } },
      { ...leaseOf(parent), started: true, settlement: { type: "suspend", wait, state: null } },
      { ...leaseOf(step), started: true, settlement: { type: "succeed", output: "1" } },
      { ...leaseOf(plain), started: true, settlement: { type: "snooze", delayMs: 5 } },
    ]);
    expect(answers.map((answer) => (answer.status === "lost" ? "lost" : answer.next))).toEqual([
      "lost",
      "suspended",
      "succeeded",
      "queued",
    ]);
    expect(await bench.record(join.id)).toMatchObject({ status: "queued" });
  });

  add("200 successes in one call: each keeps its own output and events, whatever the others are", async (bench) => {
    await bench.enqueueMany(200);
    const tasks = (await bench.claim()).map(({ task }) => task);
    const [asked, taken, failing, twice] = [7, 70, 130, 0].map((place) => tasks[place]);
    if (!asked || !taken || !failing || !twice) throw new Error("200 tasks were to be claimed");
    await bench.cancel(asked.id);
    await bench.cancel(taken.id, "terminate");
    const settlementOf = (task: TaskRecord): Settlement =>
      task === failing ? aFailSettlement({ permanent: true }) : { type: "succeed", output: `"${task.id}"` };
    const settlements = [...tasks, twice].map((task, place) => {
      return { ...leaseOf(task), started: place % 2 === 0, settlement: settlementOf(task) };
    });
    const answers = await bench.store.settle(settlements);
    const nextOf = (task: TaskRecord): string => (task === failing ? "failed" : "succeeded");
    expect(answers.map((answer) => (answer.status === "lost" ? "lost" : answer.next))).toEqual([
      ...tasks.map((task) => (task === taken ? "lost" : nextOf(task))),
      "succeeded",
    ]);
    expect(answers.filter((answer) => answer.status === "held" && answer.replayed)).toEqual([answers.at(-1)]);
    const stored = await bench.store.get(tasks.map(({ id }) => id));
    expect(stored.map((task) => task?.output)).toEqual(
      tasks.map((task) => (task === taken || task === failing ? null : `"${task.id}"`)),
    );
    const journal = await bench.journal();
    for (const [place, task] of tasks.entries()) {
      if (task === asked || task === taken || task === failing) continue;
      const told = journal.filter(({ taskId }) => taskId === task.id).map(({ type }) => type);
      const start = place % 2 === 0 ? ["started"] : [];
      expect(told).toEqual(["enqueued", "claimed", ...start, "succeeded"]);
    }
  });

  add("expected refusals are answers: nothing throws for unknown ids", async ({ store, newId }) => {
    const taskId = newId();
    const cancel = { taskId, mode: "terminate", reason: null, by: null } as const;
    expect(await store.cancel([cancel])).toEqual([{ status: "not-found" }]);
    expect(await store.retry([taskId])).toEqual([{ status: "not-found" }]);
    expect(await store.signal([{ taskId, signalId: newId(), name: "n", payload: null }])).toEqual([
      { status: "not-found" },
    ]);
    expect(await store.remove([{ taskId }])).toEqual([{ status: "not-found" }]);
    expect(await store.change([{ type: "pause", taskId, by: null, why: null }])).toEqual([
      { status: "refused", why: "not-found" },
    ]);
  });
};
