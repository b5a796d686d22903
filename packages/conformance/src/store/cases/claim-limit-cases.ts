import type { TaskRecord } from "@millrace/models";
import { expect } from "vitest";
import { aFailSettlement } from "../../builders/failure.ts";
import { aKind } from "../../builders/kind.ts";
import type { StoreBench } from "../store-bench.ts";
import type { StoreCases } from "../store-cases.ts";

const keyed = { concurrencyKeys: [{ key: "k", limit: 1 }] };

/** Limits of kinds and keys, and rates, at the claim. */
export const claimLimitCases: StoreCases = (add) => {
  add(
    "R11: at most one task of a key of limit 1 is leased, whatever its kind",
    async ({ enqueueMany, enqueue, claim }) => {
      await enqueueMany(3, keyed);
      await enqueue({ ...keyed, kind: "other" });
      const kinds = [
        { kind: "work", slots: 9 },
        { kind: "other", slots: 9 },
      ];
      expect(await claim({ kinds })).toHaveLength(1);
      expect(await claim({ kinds })).toEqual([]);
    },
  );

  add(
    "Q68: tasks of one key run one after another in their order, whichever host takes them; keys run beside each other",
    async (bench) => {
      const of = (key: string) => ({ concurrencyKeys: [{ key, limit: 1 }] });
      const a = await bench.enqueueMany(4, of("a"));
      const b = await bench.enqueueMany(4, of("b"));
      const ran: string[] = [];
      for (let round = 0; round < 4; round += 1) {
        const both = [...(await bench.claim({ hostId: `h${round}` })), ...(await bench.claim({ hostId: "other" }))];
        expect(new Set(both.map(({ task }) => task.concurrencyKeys[0]?.key))).toEqual(new Set(["a", "b"]));
        expect(both).toHaveLength(2);
        for (const { task } of both.toReversed()) {
          ran.push(task.id);
          await bench.succeed(task);
        }
      }
      for (const tasks of [a, b]) {
        const ids = tasks.map(({ id }) => id);
        expect(ran.filter((id) => ids.includes(id))).toEqual(ids);
      }
    },
  );

  for (const end of [
    "succeed",
    "fail",
    "retry",
    "snooze",
    "release",
    "suspend",
    "terminate",
    "expire",
    "remove",
  ] as const) {
    add(`R11: a slot that ${end} frees lets the next one in`, async (bench) => {
      const [first, second] = await bench.enqueueMany(2, keyed);
      const [claimed] = await bench.claim({ leaseMs: 1_000 });
      expect(claimed?.task.id).toBe(first?.id);
      if (claimed) await endBy(bench, claimed.task, end);
      const next = await bench.claim({ leaseMs: 1_000 });
      // A task that went back to the queue may come first again; one slot is one slot.
      expect(next).toHaveLength(1);
      const isBack = end === "release" || end === "expire";
      expect(next[0]?.task.id).toBe(isBack ? first?.id : second?.id);
    });
  }

  add("R11: a key is per tenant", async ({ enqueue, claim }) => {
    await enqueue(keyed);
    await enqueue({ ...keyed, tenantId: "acme" });
    expect(await claim()).toHaveLength(2);
  });

  add("R11: a key's limit of n lets n in", async ({ enqueueMany, claim }) => {
    await enqueueMany(5, { concurrencyKeys: [{ key: "k", limit: 3 }] });
    expect(await claim()).toHaveLength(3);
    expect(await claim()).toEqual([]);
  });

  add(
    "R11: the first enqueue sets a key's limit; a differing one warns and changes nothing",
    async ({ stored, claim }) => {
      const of = (limit: number) => ({ concurrencyKeys: [{ key: "k", limit }] });
      const [first, second] = [await stored(of(2)), await stored(of(5), of(2))];
      expect(first[0]?.warnings).toEqual([]);
      expect(second[0]?.warnings).toMatchObject([{ code: "LIMIT_DIFFERS" }]);
      expect(second[1]?.warnings).toEqual([]);
      expect(await claim()).toHaveLength(2);
    },
  );

  add("R11: a task of several keys needs a slot of each", async (bench) => {
    const keys = (...names: string[]) => ({ concurrencyKeys: names.map((key) => ({ key, limit: 1 })) });
    const ab = await bench.enqueue(keys("a", "b"));
    const bc = await bench.enqueue(keys("b", "c"));
    const c = await bench.enqueue(keys("c"));
    const claimed = await bench.claim();
    expect(claimed.map(({ task }) => task.id)).toEqual([ab.id, c.id]);
    const [first, last] = claimed;
    if (first) await bench.succeed(first.task);
    expect(await bench.claim()).toEqual([]);
    if (last) await bench.succeed(last.task);
    expect(await bench.claimIds()).toEqual([bc.id]);
  });

  add("R11: 150 tasks behind a busy key do not delay the 151st", async ({ enqueue, enqueueMany, claimIds }) => {
    const [holder] = await enqueueMany(151, { ...keyed, priority: 5 });
    expect(await claimIds({ limit: 1 })).toEqual([holder?.id]);
    const free = await enqueue();
    expect(await claimIds({ limit: 1 })).toEqual([free.id]);
  });

  add("R11: the queue behind a key runs off in order, one at a time", async ({ enqueueMany, claim, succeed }) => {
    const tasks = await enqueueMany(30, keyed);
    const order: string[] = [];
    for (let round = 0; round < 30; round += 1) {
      const claimed = await claim();
      expect(claimed).toHaveLength(1);
      for (const { task } of claimed) {
        order.push(task.id);
        await succeed(task);
      }
    }
    expect(order).toEqual(tasks.map(({ id }) => id));
  });

  add("R11: a better task that arrives behind a busy key goes before those that wait", async (bench) => {
    await bench.enqueueMany(3, keyed);
    const [holder] = await bench.claim();
    const better = await bench.enqueue({ ...keyed, priority: 1 });
    if (holder) await bench.succeed(holder.task);
    expect(await bench.claimIds()).toEqual([better.id]);
  });

  add(
    "R11: a cancelled or paused task behind a key does not stop the queue",
    async ({ enqueueMany, claim, cancel, store, succeed, claimIds }) => {
      const [, second, third, fourth] = await enqueueMany(4, keyed);
      const [holder] = await claim();
      if (second) await cancel(second.id);
      if (third) await store.change([{ type: "pause", taskId: third.id, by: null, why: null }]);
      if (holder) await succeed(holder.task);
      expect(await claimIds()).toEqual([fourth?.id]);
    },
  );

  add(
    "R11: a task of an unserved kind at the head of a key does not block the others",
    async ({ enqueue, claimIds, succeed, claim }) => {
      const first = await enqueue(keyed);
      await enqueue({ ...keyed, kind: "unserved" });
      const third = await enqueue(keyed);
      const [holder] = await claim();
      expect(holder?.task.id).toBe(first.id);
      if (holder) await succeed(holder.task);
      expect(await claimIds()).toEqual([third.id]);
    },
  );

  add("R12: a kind's limit binds over all hosts of the store", async ({ store, enqueueMany, claim, succeed }) => {
    await store.setKind([aKind({ limit: 2 })]);
    await enqueueMany(5);
    const one = await claim({ hostId: "a", limit: 1 });
    const two = await claim({ hostId: "b" });
    expect([one.length, two.length, (await claim({ hostId: "c" })).length]).toEqual([1, 1, 0]);
    for (const { task } of one) await succeed(task);
    expect(await claim({ hostId: "c" })).toHaveLength(1);
  });

  add(
    "R12: a limited kind at its limit does not hide another kind",
    async ({ store, enqueueMany, enqueue, claimIds }) => {
      await store.setKind([aKind({ limit: 1 })]);
      await enqueueMany(150);
      const kinds = [
        { kind: "work", slots: 200 },
        { kind: "other", slots: 200 },
      ];
      expect(await claimIds({ kinds })).toHaveLength(1);
      const other = await enqueue({ kind: "other", priority: -1 });
      expect(await claimIds({ kinds })).toEqual([other.id]);
    },
  );

  add(
    "R12, F11: an operator's limit stands above the code's until it is taken back",
    async ({ store, enqueueMany, claim }) => {
      await store.setKind([aKind({ limit: 2 }), { type: "limit", kind: "work", limit: 3, by: null }]);
      await enqueueMany(9);
      expect(await claim()).toHaveLength(3);
      await store.setKind([{ type: "limit", kind: "work", limit: 5, by: null }, aKind({ limit: 1 })]);
      expect(await claim()).toHaveLength(2);
      expect(await store.kinds()).toMatchObject([{ kind: "work", limit: 5, limitFromCode: 1, limitOverride: 5 }]);
      await store.setKind([{ type: "limit", kind: "work", limit: null, by: null }]);
      expect(await store.kinds()).toMatchObject([{ limit: 1, limitOverride: null }]);
      expect(await claim()).toEqual([]);
    },
  );

  add(
    "R12, F11: a lowered limit binds from the next claim and takes nothing away",
    async ({ store, enqueueMany, claim, succeed, extendAll }) => {
      await store.setKind([aKind({ limit: 4 })]);
      await enqueueMany(10);
      const held = await claim();
      await store.setKind([aKind({ limit: 1 })]);
      expect((await extendAll(held.map(({ task }) => task))).every(({ status }) => status === "held")).toBe(true);
      for (const { task } of held.slice(0, 3)) {
        expect(await claim()).toEqual([]);
        await succeed(task);
      }
      expect(await claim()).toEqual([]);
      for (const { task } of held.slice(3)) await succeed(task);
      expect(await claim()).toHaveLength(1);
    },
  );

  add(
    "a kind's rate: a burst, then one by one as the store's clock goes",
    async ({ store, enqueueMany, claim, clock }) => {
      await store.setKind([aKind({ rate: { count: 10, perMs: 1_000, burst: 3 } })]);
      await enqueueMany(20);
      expect(await claim()).toHaveLength(3);
      expect(await claim()).toEqual([]);
      clock.advance(100);
      expect(await claim()).toHaveLength(1);
      clock.advance(250);
      expect(await claim()).toHaveLength(2);
      clock.advance(60_000);
      expect(await claim()).toHaveLength(3);
    },
  );

  add("a kind's rate does not hide another kind", async ({ store, enqueueMany, enqueue, claimIds }) => {
    await store.setKind([aKind({ rate: { count: 1, perMs: 60_000 } })]);
    await enqueueMany(5);
    const other = await enqueue({ kind: "other" });
    const kinds = [
      { kind: "work", slots: 9 },
      { kind: "other", slots: 9 },
    ];
    expect(await claimIds({ kinds })).toHaveLength(2);
    expect(await claimIds({ kinds })).toEqual([]);
    expect(other.status).toBe("queued");
  });
};

async function endBy(bench: StoreBench, task: TaskRecord, end: string): Promise<void> {
  switch (end) {
    case "succeed":
      await bench.succeed(task);
      return;
    case "fail":
      await bench.fail(task);
      return;
    case "retry":
      await bench.settle(task, aFailSettlement());
      return;
    case "snooze":
      await bench.settle(task, { type: "snooze", delayMs: 1_000 });
      return;
    case "release":
      await bench.settle(task, { type: "release" });
      return;
    case "suspend":
      await bench.settle(task, { type: "suspend", wait: { reason: "sleep", forMs: 1_000 }, state: null });
      return;
    case "terminate":
      await bench.cancel(task.id, "terminate");
      return;
    case "remove":
      await bench.store.remove([{ taskId: task.id }]);
      return;
    default:
      bench.clock.advance(1_001);
      await bench.store.expire(10);
  }
}
