import { expect } from "vitest";
import { aFailSettlement } from "../../builders/failure.ts";
import { leaseOf } from "../../builders/lease.ts";
import type { StoreCases } from "../store-cases.ts";

const lapse = 30_001;

/** M12, M20 and the deadlines that a sweep finds. */
export const expireCases: StoreCases = (add) => {
  add(
    "R20, T40, Q23: an expired lease requeues the task as a suspect",
    async ({ running, clock, store, record, eventsOf }) => {
      const task = await running();
      clock.advance(lapse);
      const swept = await store.expire(10);
      expect(swept).toMatchObject([
        {
          id: task.id,
          status: "queued",
          suspect: true,
          interruptions: 1,
          failures: 0,
          hostId: null,
          leaseToken: null,
          leaseExpiresAt: null,
          lastLeaseToken: task.leaseToken,
          lastEndedBy: "expire",
          scheduledAt: task.scheduledAt,
        },
      ]);
      expect(await record(task.id)).toEqual(swept[0]);
      expect((await eventsOf(task.id)).at(-1)).toMatchObject({
        type: "lease_lost",
        statusBefore: "running",
        statusAfter: "queued",
        hostId: "host-1",
        version: 4,
      });
    },
  );

  add("R20: a lease that ends this very moment has not expired", async ({ running, clock, store }) => {
    await running();
    clock.advance(lapse - 1);
    expect(await store.expire(10)).toEqual([]);
    clock.advance(1);
    expect(await store.expire(10)).toHaveLength(1);
  });

  add(
    "T38: an expiry straight from claimed marks a suspect and does not count",
    async ({ claimed, clock, store, record }) => {
      const task = await claimed();
      clock.advance(lapse);
      await store.expire(10);
      expect(await record(task.id)).toMatchObject({ status: "queued", suspect: true, interruptions: 0, attempt: 1 });
    },
  );

  add("T38: interruptions have a limit of their own; the one that reaches it quarantines", async (bench) => {
    const { clock, store } = bench;
    let task = await bench.running({ maxInterruptions: 3, retry: { maxAttempts: 1 } });
    for (const interruptions of [1, 2]) {
      clock.advance(lapse);
      expect(await store.expire(10)).toMatchObject([{ status: "queued", interruptions }]);
      task = await bench.runAgain(task);
    }
    clock.advance(lapse);
    expect(await store.expire(10)).toMatchObject([
      {
        status: "failed",
        reason: "TASK_QUARANTINED",
        interruptions: 3,
        failures: 0,
        attempt: 3,
        finishedAt: clock.now(),
      },
    ]);
    expect((await bench.told(task.id)).at(-1)).toBe("quarantined");
    const { failure } = await bench.record(task.id);
    expect(typeof failure === "string" ? JSON.parse(failure) : null).toMatchObject({ code: "TASK_QUARANTINED" });
  });

  add("T38: without a limit a task is interrupted for ever", async (bench) => {
    let task = await bench.running({ maxInterruptions: null });
    for (let round = 0; round < 12; round += 1) {
      bench.clock.advance(lapse);
      expect(await bench.store.expire(10)).toMatchObject([{ status: "queued", interruptions: round + 1 }]);
      task = await bench.runAgain(task);
    }
  });

  add("R20: a kind that says `afterCrash: fail` fails at once", async ({ running, clock, store, told }) => {
    const task = await running({ afterCrash: "fail" });
    clock.advance(lapse);
    expect(await store.expire(10)).toMatchObject([
      { status: "failed", reason: "TASK_LEASE_EXPIRED", interruptions: 1 },
    ]);
    expect((await told(task.id)).at(-1)).toBe("failed");
  });

  add("M6b: an expired task with a cancel asked for is cancelled", async ({ running, cancel, clock, store, told }) => {
    const task = await running();
    await cancel(task.id);
    clock.advance(lapse);
    expect(await store.expire(10)).toMatchObject([{ status: "cancelled", reason: "TASK_CANCELLED", hostId: null }]);
    expect((await told(task.id)).slice(-2)).toEqual(["cancel_requested", "cancelled"]);
  });

  add("a lease that was renewed in between is not expired", async ({ running, clock, extendAll, store, record }) => {
    const task = await running();
    clock.advance(lapse);
    await extendAll([task]);
    expect(await store.expire(10)).toEqual([]);
    expect(await record(task.id)).toMatchObject({ status: "running", attempt: 1 });
  });

  add("a settled task is never touched by expiry", async ({ running, succeed, clock, store, record }) => {
    const task = await running();
    await succeed(task, "1");
    const before = await record(task.id);
    clock.advance(1e9);
    expect(await store.expire(10)).toEqual([]);
    expect(await record(task.id)).toEqual(before);
  });

  add("R21: a sweep takes at most its limit, and the next goes on", async ({ enqueueMany, claim, clock, store }) => {
    await enqueueMany(25);
    await claim();
    clock.advance(lapse);
    const sizes = [];
    for (let round = 0; round < 4; round += 1) sizes.push((await store.expire(10)).length);
    expect(sizes).toEqual([10, 10, 5, 0]);
  });

  add(
    "R21: parallel sweeps of many hosts expire each lease once",
    async ({ enqueueMany, claim, clock, store, told }) => {
      const tasks = await enqueueMany(20);
      await claim();
      clock.advance(lapse);
      const swept = (await Promise.all(Array.from({ length: 5 }, () => store.expire(10)))).flat();
      expect(swept.map(({ id }) => id).toSorted()).toEqual(tasks.map(({ id }) => id));
      for (const { id } of tasks.slice(0, 3)) expect(await told(id)).toEqual(["enqueued", "claimed", "lease_lost"]);
    },
  );

  for (const [name, settlement] of [
    ["success", { type: "succeed", output: null }],
    ["failure", aFailSettlement({ delayMs: 0 })],
    ["snooze", { type: "snooze", delayMs: 0 }],
    ["suspension", { type: "suspend", wait: { reason: "sleep", forMs: 0 }, state: null }],
  ] as const) {
    add(`a ${name} clears the suspect`, async ({ running, runAgain, clock, store, settle, record }) => {
      const task = await running();
      clock.advance(lapse);
      await store.expire(10);
      const again = await runAgain(task);
      expect(again.suspect).toBe(true);
      await settle(again, settlement);
      expect((await record(task.id)).suspect).toBe(false);
    });
  }

  add("a release keeps the suspect", async ({ running, runAgain, clock, store, settle, record }) => {
    const task = await running();
    clock.advance(lapse);
    await store.expire(10);
    await settle(await runAgain(task), { type: "release" });
    expect((await record(task.id)).suspect).toBe(true);
  });

  add("F57: an attempt that expiry ended is a row that says so", async ({ running, clock, store }) => {
    const task = await running();
    clock.advance(lapse);
    await store.expire(10);
    expect(await store.attempts(task.id)).toMatchObject([
      {
        attempt: 1,
        endedBy: "expire",
        outcome: "lease_lost",
        endedAs: "queued",
        endedAt: clock.now(),
        hostId: "host-1",
      },
    ]);
  });

  add(
    "Q18: a task not begun by `expiresAt` is cancelled, TASK_EXPIRED",
    async ({ enqueue, clock, store, claim, told }) => {
      const { id } = await enqueue({ expiresInMs: 1_000 });
      clock.advance(999);
      expect(await store.expire(10)).toEqual([]);
      clock.advance(1);
      expect(await claim()).toEqual([]);
      expect(await store.expire(10)).toMatchObject([{ id, status: "cancelled", reason: "TASK_EXPIRED", attempt: 0 }]);
      expect(await told(id)).toEqual(["enqueued", "expired"]);
    },
  );

  add(
    "Q18: an expired task is never claimed, swept or not, and hides no other",
    async ({ enqueue, clock, claimIds }) => {
      await enqueue({ expiresInMs: 1_000, priority: 9 });
      clock.advance(1_000);
      const { id } = await enqueue();
      expect(await claimIds()).toEqual([id]);
    },
  );

  add("Q18: a task that has begun no longer expires", async ({ running, settle, clock, store, claim }) => {
    const task = await running({ expiresInMs: 1_000 });
    await settle(task, { type: "release" });
    clock.advance(5_000);
    expect(await store.expire(10)).toEqual([]);
    expect(await claim({ kinds: [{ kind: task.kind, slots: 1 }] })).toHaveLength(1);
  });

  add("Q18: blocked and paused tasks expire too", async ({ enqueue, store, clock, record }) => {
    const dependency = await enqueue();
    const blocked = await enqueue({
      expiresInMs: 10,
      dependencies: [{ taskId: dependency.id, onFailure: "continue" }],
    });
    const paused = await enqueue({ expiresInMs: 10 });
    await store.change([{ type: "pause", taskId: paused.id, by: null, why: null }]);
    clock.advance(10);
    await store.expire(10);
    for (const { id } of [blocked, paused]) {
      expect(await record(id)).toMatchObject({ status: "cancelled", reason: "TASK_EXPIRED", pausedFrom: null });
    }
  });

  add("one sweep finds leases, deadlines and expiries together", async ({ running, settle, enqueue, clock, store }) => {
    const leased = await running();
    const slept = await running();
    await settle(slept, { type: "suspend", wait: { reason: "sleep", forMs: 5 }, state: null });
    const late = await enqueue({ expiresInMs: 5 });
    clock.advance(lapse);
    const swept = await store.expire(10);
    expect(swept.map(({ id }) => id).toSorted()).toEqual([leased.id, slept.id, late.id].toSorted());
  });

  add("one poison row never stops a sweep: all others go on within two", async (bench) => {
    const { clock, store } = bench;
    const poison = await bench.running({
      dedupeKey: "d",
      supersedeKey: "s",
      concurrencyKeys: [{ key: "k", limit: 1 }],
    });
    const tasks = await bench.enqueueMany(30);
    await bench.claim();
    await bench.enqueue({ dependencies: [{ taskId: poison.id, onFailure: "fail" }] });
    await bench.cancel(poison.id);
    clock.advance(lapse);
    await store.expire(20);
    await store.expire(20);
    const records = await store.get([poison.id, ...tasks.map(({ id }) => id)]);
    expect(records.map((record) => record?.status)).toEqual(["cancelled", ...tasks.map(() => "queued")]);
  });

  add(
    "clock: a step of an hour back and forth breaks nothing",
    async ({ running, clock, extendAll, store, record, succeed }) => {
      const task = await running();
      clock.step(-3_600_000);
      await extendAll([task]);
      expect(await store.expire(10)).toEqual([]);
      clock.step(7_200_000);
      expect(await store.expire(10)).toHaveLength(1);
      expect(await store.report([{ ...leaseOf(task), alive: true }])).toMatchObject([{ status: "lost" }]);
      expect((await succeed(task)).status).toBe("lost");
      expect(await record(task.id)).toMatchObject({ status: "queued", version: 4 });
    },
  );
};
