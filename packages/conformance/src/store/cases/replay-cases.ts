import type { Settlement } from "@millrace/models";
import { expect } from "vitest";
import { aFailSettlement } from "../../builders/failure.ts";
import { leaseOf } from "../../builders/lease.ts";
import { aStep } from "../../builders/step.ts";
import type { StoreCases } from "../store-cases.ts";

interface Ending {
  readonly settlement: Settlement;
  readonly next: string;
}

const endings: Readonly<Record<string, Ending>> = {
  succeed: { settlement: { type: "succeed", output: "1" }, next: "succeeded" },
  retry: { settlement: aFailSettlement({ delayMs: 0 }), next: "queued" },
  fail: { settlement: aFailSettlement({ permanent: true }), next: "failed" },
  snooze: { settlement: { type: "snooze", delayMs: 0 }, next: "queued" },
  release: { settlement: { type: "release" }, next: "queued" },
  sleep: { settlement: { type: "suspend", wait: { reason: "sleep", forMs: 9 }, state: "1" }, next: "suspended" },
  "a wait already over": {
    settlement: {
      type: "suspend",
      wait: { reason: "children", children: [], onFailure: "continue", timeoutMs: null },
      state: null,
    },
    next: "queued",
  },
};

/** What a lost reply does: every write may come twice. */
export const replayCases: StoreCases = (add) => {
  for (const [name, { settlement, next }] of Object.entries(endings)) {
    add(`T44: a replayed ${name} answers held, replayed and where it led, and changes nothing`, async (bench) => {
      const task = await bench.running();
      expect(await bench.settle(task, settlement)).toMatchObject({ status: "held", next });
      const before = await bench.record(task.id);
      const journal = await bench.journal();
      expect(await bench.settle(task, settlement)).toMatchObject({ status: "held", replayed: true, next });
      expect(await bench.record(task.id)).toEqual(before);
      expect(await bench.journal()).toEqual(journal);
    });
  }

  for (const name of ["retry", "snooze", "release"]) {
    add(`T44: a replayed ${name} is recognised whatever came after`, async (bench) => {
      const settlement = endings[name]?.settlement ?? { type: "release" };
      const first = await bench.running();
      await bench.settle(first, settlement);
      const second = await bench.runAgain(first);
      expect(await bench.settle(first, settlement)).toMatchObject({ status: "held", replayed: true, next: "queued" });
      await bench.settle(second, { type: "release" });
      const third = await bench.runAgain(first);
      expect(await bench.settle(first, settlement)).toMatchObject({ status: "held", replayed: true, next: "queued" });
      await bench.succeed(third);
      expect(await bench.settle(first, settlement)).toMatchObject({ status: "held", replayed: true, next: "queued" });
      expect(await bench.settle(second, { type: "release" })).toMatchObject({ replayed: true, next: "queued" });
    });
  }

  add(
    "T44: a replay of a success is recognised after a cancel and a repeated send",
    async ({ running, succeed, cancel, store, request }) => {
      const task = await running();
      await succeed(task, "1");
      await cancel(task.id);
      await store.enqueue([{ tasks: [request({ id: task.id, kind: task.kind })] }]);
      expect(await succeed(task, "1")).toMatchObject({ status: "held", replayed: true, next: "succeeded" });
    },
  );

  add(
    "M16: a replay of the failure is recognised after a retry by hand",
    async ({ running, fail, store, runAgain }) => {
      const task = await running();
      await fail(task);
      await store.retry([task.id]);
      expect(await fail(task)).toMatchObject({ status: "held", replayed: true, next: "failed" });
      const again = await runAgain(task);
      expect(again.attempt).toBe(2);
      expect(await fail(task)).toMatchObject({ status: "held", replayed: true, next: "failed" });
    },
  );

  add("a settlement of an attempt that expiry ended is lost, also after the next attempt", async (bench) => {
    const task = await bench.running();
    bench.clock.advance(30_001);
    await bench.store.expire(10);
    expect(await bench.succeed(task)).toEqual({ status: "lost", why: "wrong-status" });
    const again = await bench.runAgain(task);
    expect(await bench.succeed(task)).toEqual({ status: "lost", why: "stale-lease" });
    await bench.succeed(again);
    expect((await bench.succeed(task)).status).toBe("lost");
  });

  add("a settlement of an attempt that a terminate ended is lost", async ({ running, cancel, succeed }) => {
    const task = await running();
    await cancel(task.id, "terminate");
    expect(await succeed(task)).toEqual({ status: "lost", why: "wrong-status" });
  });

  add("a replay with a wrong token is lost", async ({ running, succeed, store, random }) => {
    const task = await running();
    await succeed(task);
    const settlement = { type: "succeed", output: null } as const;
    const forged = { ...leaseOf(task), leaseToken: random.uuid(), started: true, settlement };
    expect(await store.settle([forged])).toMatchObject([{ status: "lost" }]);
  });

  add("a replayed suspension makes its children once", async ({ running, settle, request, store }) => {
    const task = await running();
    const wait = {
      reason: "children",
      children: [request(), request()],
      onFailure: "continue",
      timeoutMs: null,
    } as const;
    const settlement: Settlement = { type: "suspend", wait, state: null };
    await settle(task, settlement);
    expect(await settle(task, settlement)).toMatchObject({ status: "held", replayed: true, next: "suspended" });
    expect((await store.read({})).tasks).toHaveLength(3);
  });

  add("one settlement twice in one call is made once", async ({ running, store, told }) => {
    const task = await running();
    const asked = { ...leaseOf(task), started: true, settlement: { type: "succeed", output: "1" } } as const;
    const answers = await store.settle([asked, asked]);
    expect(answers).toMatchObject([
      { status: "held", next: "succeeded" },
      { status: "held", replayed: true, next: "succeeded" },
    ]);
    expect((await told(task.id)).at(-1)).toBe("succeeded");
  });

  add(
    "a replayed report, memo, cancel and signal change nothing more",
    async ({ running, store, cancel, record, journal }) => {
      const task = await running();
      const lease = leaseOf(task);
      const send = async (): Promise<void> => {
        await store.report([{ ...lease, started: true, steps: [aStep(1)] }]);
        await store.memo([{ ...lease, key: "k", value: "1" }]);
        await store.signal([{ taskId: task.id, signalId: "s1", name: "n", payload: "1" }]);
        await cancel(task.id);
      };
      await send();
      const [before, told] = [await record(task.id), await journal()];
      await send();
      expect(await record(task.id)).toEqual(before);
      expect(await journal()).toEqual(told);
    },
  );
};
