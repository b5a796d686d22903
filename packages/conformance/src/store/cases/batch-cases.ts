import { expect } from "vitest";
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
