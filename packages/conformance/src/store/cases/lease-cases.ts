import type { Lease, LeaseAnswer, LostReason, Settlement, TaskRecord } from "@millrace/models";
import { expect } from "vitest";
import { aFailSettlement } from "../../builders/failure.ts";
import { leaseOf } from "../../builders/lease.ts";
import { aStep } from "../../builders/step.ts";
import type { StoreBench } from "../store-bench.ts";
import type { StoreCases } from "../store-cases.ts";

type Write = (bench: StoreBench, lease: Lease) => Promise<{ readonly status: string; readonly why?: LostReason }>;

const settleAs =
  (settlement: Settlement): Write =>
  async (bench, lease) =>
    firstOf(await bench.store.settle([{ ...lease, started: true, settlement }]));

/** Every write that carries a lease. */
const writes: Readonly<Record<string, Write>> = {
  "M3 started": async ({ store }, lease) => firstOf(await store.report([{ ...lease, started: true }])),
  "M4 extend": async ({ store }, lease) => firstOf(await store.extend([lease], 60_000)),
  "M5 progress": async ({ store }, lease) => firstOf(await store.report([{ ...lease, progress: { percent: 1 } }])),
  "M5 steps": async ({ store }, lease) => firstOf(await store.report([{ ...lease, steps: [aStep(1)] }])),
  "M5 alive": async ({ store }, lease) => firstOf(await store.report([{ ...lease, alive: true }])),
  "M6 succeed": settleAs({ type: "succeed", output: "1" }),
  "M6b cancelled": settleAs({ type: "cancelled", failure: null, fingerprint: null, maxAttempts: 3, delayMs: 0 }),
  "M7 fail": settleAs(aFailSettlement()),
  "M8 snooze": settleAs({ type: "snooze", delayMs: 5 }),
  "M9 release": settleAs({ type: "release" }),
  "M10 sleep": settleAs({ type: "suspend", wait: { reason: "sleep", forMs: 5 }, state: null }),
  "M10 signal": settleAs({ type: "suspend", wait: { reason: "signal", name: "n", timeoutMs: null }, state: null }),
  "memo look-up": async ({ store }, lease) => firstOf(await store.memo([{ ...lease, key: "k" }])),
  "memo write": async ({ store }, lease) => firstOf(await store.memo([{ ...lease, key: "k", value: "1" }])),
};

/** A lease that must not hold, made of one that does, and why it does not. */
interface StaleLease {
  readonly title: string;
  readonly why: LostReason;
  readonly make: (bench: StoreBench, task: TaskRecord) => Promise<Lease>;
}

const stale: readonly StaleLease[] = [
  {
    title: "the token of an earlier attempt",
    why: "stale-lease",
    async make(bench, task) {
      bench.clock.advance(30_001);
      await bench.store.expire(10);
      await bench.runAgain(task);
      return leaseOf(task);
    },
  },
  {
    title: "the current token with an earlier attempt number",
    why: "stale-lease",
    async make(bench, task) {
      bench.clock.advance(30_001);
      await bench.store.expire(10);
      const again = await bench.runAgain(task);
      return { ...leaseOf(again), attempt: task.attempt };
    },
  },
  {
    title: "the current attempt with a wrong token",
    why: "stale-lease",
    make: async (bench, task) => ({ ...leaseOf(task), leaseToken: bench.random.uuid() }),
  },
  {
    title: "the lease of another owner's task",
    why: "stale-lease",
    async make(bench, task) {
      const other = await bench.running({}, { hostId: "host-2" });
      return { ...leaseOf(other), taskId: task.id };
    },
  },
  {
    title: "a lease whose task an expiry took away",
    why: "wrong-status",
    async make(bench, task) {
      bench.clock.advance(30_001);
      await bench.store.expire(10);
      return leaseOf(task);
    },
  },
  {
    title: "a lease whose task was terminated",
    why: "wrong-status",
    async make(bench, task) {
      await bench.cancel(task.id, "terminate");
      return leaseOf(task);
    },
  },
  {
    title: "a lease whose task was removed",
    why: "not-found",
    async make(bench, task) {
      await bench.store.remove([{ taskId: task.id }]);
      return leaseOf(task);
    },
  },
];

/** Every write × every way in which its lease may not hold. */
export const leaseCases: StoreCases = (add) => {
  for (const [move, write] of Object.entries(writes)) {
    add(`R18, F55: ${move} is accepted from the current lease`, async (bench) => {
      const task = await bench.running();
      expect((await write(bench, leaseOf(task))).status).toBe("held");
    });

    add(`R17: ${move} is accepted from an expired lease that nobody has taken`, async (bench) => {
      const task = await bench.running();
      bench.clock.advance(3_600_000);
      expect((await write(bench, leaseOf(task))).status).toBe("held");
    });

    for (const { title, why, make } of stale) {
      add(`R18, F55: ${move} is lost from ${title}`, async (bench) => {
        const task = await bench.running();
        const lease = await make(bench, task);
        const before = await bench.store.get([task.id]);
        const journal = await bench.journal();
        expect(await write(bench, lease)).toMatchObject({ status: "lost", why });
        expect(await bench.store.get([task.id])).toEqual(before);
        expect(await bench.journal()).toEqual(journal);
      });
    }

    add(`R18: ${move} is lost or a replay once its owner has settled, and changes nothing`, async (bench) => {
      const task = await bench.running();
      await bench.succeed(task, "1");
      const before = await bench.record(task.id);
      const answer = await write(bench, leaseOf(task));
      const isSettlement = /^M(6|6b|7|8|9|10) /.test(move);
      expect(answer).toMatchObject(
        isSettlement ? { status: "held", replayed: true, next: "succeeded" } : { status: "lost", why: "wrong-status" },
      );
      expect(await bench.record(task.id)).toEqual(before);
    });
  }

  add(
    "R17: an extend moves the end of the lease and tells nothing",
    async ({ running, store, clock, record, told }) => {
      const task = await running();
      clock.advance(10_000);
      expect(await store.extend([leaseOf(task)], 45_000)).toEqual([{ status: "held", version: task.version }]);
      expect(await record(task.id)).toEqual({ ...task, leaseExpiresAt: clock.now() + 45_000 });
      expect(await told(task.id)).toEqual(["enqueued", "claimed", "started"]);
    },
  );

  add("R17: an extend of a claimed task holds too", async ({ claimed, store, clock, record }) => {
    const task = await claimed();
    clock.advance(5);
    expect(await store.extend([leaseOf(task)], 100)).toEqual([{ status: "held", version: 2 }]);
    expect((await record(task.id)).leaseExpiresAt).toBe(clock.now() + 100);
  });

  add("R17: an extend is no sign of life of the handler", async ({ running, extendAll, clock, record }) => {
    const task = await running();
    clock.advance(1_000);
    await extendAll([task]);
    expect((await record(task.id)).lastSignAt).toBe(task.lastSignAt);
  });

  add("R17: 1,000 leases are extended in one call, aligned", async ({ enqueueMany, claim, store, cancel }) => {
    await enqueueMany(1_000);
    const tasks = (await claim()).map(({ task }) => task);
    const gone = tasks[500];
    if (gone) await cancel(gone.id, "terminate");
    const answers = await store.extend(tasks.map(leaseOf), 1_000);
    const held = answers.map((answer: LeaseAnswer) => answer.status === "held");
    expect(held).toEqual(tasks.map((_, index) => index !== 500));
  });

  add("R18: two writes of the two owners in one call: only the current one holds", async (bench) => {
    const old = await bench.running();
    bench.clock.advance(30_001);
    await bench.store.expire(10);
    const current = await bench.runAgain(old);
    const settlement = { type: "succeed", output: null } as const;
    const answers = await bench.store.settle([
      { ...leaseOf(old), started: true, settlement },
      { ...leaseOf(current), started: true, settlement },
    ]);
    expect(answers).toMatchObject([{ status: "lost" }, { status: "held", next: "succeeded" }]);
  });
};

function firstOf<Answer>(answers: readonly Answer[]): Answer {
  const [answer] = answers;
  if (answers.length !== 1 || answer === undefined) throw new Error(`One ask got ${answers.length} answers.`);
  return answer;
}
