import type { Settlement, TaskRecord } from "@millrace/models";
import { expect } from "vitest";
import { aFailSettlement } from "../../builders/failure.ts";
import { leaseOf } from "../../builders/lease.ts";
import type { StoreCases } from "../store-cases.ts";

const noLease = { hostId: null, leaseToken: null, leaseExpiresAt: null, staleAt: null };

/** M6–M9: how an attempt ends. */
export const settleCases: StoreCases = (add) => {
  add(
    "M6, T29: a success keeps the output and ends the lease",
    async ({ running, succeed, clock, record, eventsOf }) => {
      const task = await running();
      clock.advance(9);
      expect(await succeed(task, '{"path":"x"}')).toEqual({ status: "held", version: 4, next: "succeeded" });
      expect(await record(task.id)).toMatchObject({
        ...noLease,
        status: "succeeded",
        reason: null,
        output: '{"path":"x"}',
        failure: null,
        version: 4,
        finishedAt: clock.now(),
        lastLeaseToken: task.leaseToken,
        lastEndedBy: "owner",
        lastEndedAs: "succeeded",
      });
      expect((await eventsOf(task.id)).at(-1)).toMatchObject({
        type: "succeeded",
        statusBefore: "running",
        statusAfter: "succeeded",
        hostId: "host-1",
      });
    },
  );

  for (const output of [null, "null", "0", "false", '""', { codecId: "c", bytes: new Uint8Array([255, 0]) }]) {
    add(`Q6, T29: an output of ${JSON.stringify(output)} is kept as it is`, async ({ running, settle, record }) => {
      const task = await running();
      await settle(task, { type: "succeed", output });
      expect((await record(task.id)).output).toEqual(output);
    });
  }

  add("M3 and M6 told together are two events and two versions", async ({ claimed, settle, told, eventsOf }) => {
    const task = await claimed();
    const answer = await settle(task, { type: "succeed", output: null }, true);
    expect(answer).toEqual({ status: "held", version: 4, next: "succeeded" });
    expect(await told(task.id)).toEqual(["enqueued", "claimed", "started", "succeeded"]);
    expect((await eventsOf(task.id)).at(-1)?.statusBefore).toBe("running");
  });

  add("a settlement of a claimed task that never started tells no start", async ({ claimed, settle, told, record }) => {
    const task = await claimed();
    await settle(task, { type: "release" }, false);
    expect(await told(task.id)).toEqual(["enqueued", "claimed", "released"]);
    expect(await record(task.id)).toMatchObject({ status: "queued", releases: 1, startedAt: null });
  });

  add("M7, F14, Q12: a failure under the limit is retried after its delay", async (bench) => {
    const { clock } = bench;
    const task = await bench.running();
    const answer = await bench.settle(task, aFailSettlement({ delayMs: 2_500, maxAttempts: 2 }));
    const scheduledAt = clock.now() + 2_500;
    expect(answer).toEqual({ status: "held", version: 4, next: "queued", scheduledAt });
    expect(await bench.record(task.id)).toMatchObject({
      ...noLease,
      status: "queued",
      reason: null,
      failures: 1,
      scheduledAt,
      failure: aFailSettlement().failure,
      failureFingerprint: "Error",
      finishedAt: null,
    });
    expect((await bench.told(task.id)).at(-1)).toBe("retried");
  });

  add(
    "M7, F14, F16: the failure that reaches `maxAttempts` fails the task",
    async ({ running, settle, runAgain, clock, record, told }) => {
      let task = await running();
      const fail = aFailSettlement({ maxAttempts: 3, delayMs: 10 });
      for (const failures of [1, 2]) {
        expect(await settle(task, fail)).toMatchObject({ next: "queued" });
        expect((await record(task.id)).failures).toBe(failures);
        clock.advance(10);
        task = await runAgain(task);
      }
      expect(await settle(task, fail)).toEqual({ status: "held", version: 10, next: "failed" });
      expect(await record(task.id)).toMatchObject({
        status: "failed",
        reason: "TASK_FAILED",
        failures: 3,
        attempt: 3,
        finishedAt: clock.now(),
      });
      expect((await told(task.id)).filter((type) => type === "retried")).toHaveLength(2);
    },
  );

  add("F14: `maxAttempts` 1 is one run", async ({ running, settle }) => {
    expect(await settle(await running(), aFailSettlement({ maxAttempts: 1 }))).toMatchObject({ next: "failed" });
  });

  add("T15: unlimited attempts are never exhausted", async ({ running, settle, runAgain }) => {
    let task = await running();
    for (let round = 0; round < 20; round += 1) {
      expect(await settle(task, aFailSettlement({ maxAttempts: null, delayMs: 0 }))).toMatchObject({ next: "queued" });
      task = await runAgain(task);
    }
    expect(task).toMatchObject({ failures: 20, attempt: 21 });
  });

  add("M7: a permanent failure is not retried", async ({ running, settle, record }) => {
    const task = await running();
    await settle(task, aFailSettlement({ permanent: true, maxAttempts: null, reason: "TASK_INPUT_INVALID" }));
    expect(await record(task.id)).toMatchObject({ status: "failed", reason: "TASK_INPUT_INVALID", failures: 1 });
  });

  for (const reason of ["TASK_TIMED_OUT", "TASK_OUTPUT_INVALID", "TASK_NO_OUTCOME", "TASK_ABORTED"] as const) {
    add(`M7: a task can fail as ${reason}`, async ({ running, settle, record }) => {
      const task = await running();
      await settle(task, aFailSettlement({ reason, maxAttempts: 1 }));
      expect(await record(task.id)).toMatchObject({ status: "failed", reason });
    });
  }

  add(
    "Q25, M6: the failure stays while it is retried and is cleared by success",
    async ({ running, settle, runAgain, succeed, record }) => {
      const task = await running();
      await settle(task, aFailSettlement({ delayMs: 0 }));
      const again = await runAgain(task);
      expect(again).toMatchObject({ failure: aFailSettlement().failure, failures: 1 });
      await succeed(again);
      expect(await record(task.id)).toMatchObject({ failure: null, failureFingerprint: null, failures: 1 });
    },
  );

  add("M8: a snooze comes back after its delay and is no failure", async ({ running, settle, clock, record, told }) => {
    const task = await running();
    expect(await settle(task, { type: "snooze", delayMs: 700 })).toMatchObject({
      next: "queued",
      scheduledAt: clock.now() + 700,
    });
    expect(await record(task.id)).toMatchObject({ snoozes: 1, failures: 0, scheduledAt: clock.now() + 700 });
    expect((await told(task.id)).at(-1)).toBe("snoozed");
  });

  add(
    "M9, T36, T41, T42: a release goes back at once and spends nothing",
    async ({ running, settle, record, told, claim }) => {
      const task = await running();
      await settle(task, { type: "release" });
      expect(await record(task.id)).toMatchObject({
        ...noLease,
        releases: 1,
        failures: 0,
        scheduledAt: task.scheduledAt,
      });
      expect((await told(task.id)).at(-1)).toBe("released");
      expect(await claim({ kinds: [{ kind: task.kind, slots: 1 }] })).toMatchObject([{ task: { attempt: 2 } }]);
    },
  );

  add("F57: every ended attempt but the last is a row", async ({ running, settle, runAgain, clock, store, fail }) => {
    const first = await running({ kind: "work" });
    clock.advance(5);
    await settle(first, aFailSettlement({ delayMs: 0 }));
    const second = await runAgain(first);
    await settle(second, { type: "release" });
    const third = await runAgain(first);
    const row = (task: TaskRecord) => ({ taskId: task.id, attempt: task.attempt, leaseToken: task.leaseToken });
    const expected = [
      { ...row(first), outcome: "retried", endedBy: "owner", endedAs: "queued", failure: aFailSettlement().failure },
      { ...row(second), outcome: "released", endedBy: "owner", endedAs: "queued", failure: null, hostId: "host-1" },
    ];
    expect(await store.attempts(first.id)).toMatchObject(expected);
    await fail(third);
    expect(await store.attempts(first.id)).toMatchObject(expected);
    expect(await store.attempts(first.id)).toHaveLength(2);
  });

  add("a task that succeeds at once writes no attempt row", async ({ running, succeed, store }) => {
    const task = await running();
    await succeed(task);
    expect(await store.attempts(task.id)).toEqual([]);
  });

  const endings: Readonly<Record<string, Settlement>> = {
    fail: aFailSettlement(),
    "permanent fail": aFailSettlement({ permanent: true }),
    cancelled: {
      type: "cancelled",
      failure: '{"name":"E","message":"m"}',
      fingerprint: "E",
      maxAttempts: 1,
      delayMs: 0,
    },
    snooze: { type: "snooze", delayMs: 5 },
    release: { type: "release" },
    sleep: { type: "suspend", wait: { reason: "sleep", forMs: 5 }, state: "1" },
    signal: { type: "suspend", wait: { reason: "signal", name: "n", timeoutMs: null }, state: null },
    manual: { type: "suspend", wait: { reason: "manual", note: null, timeoutMs: null }, state: null },
  };
  for (const [name, settlement] of Object.entries(endings)) {
    add(
      `M6b, R32: a cancel that was asked for turns ${name} into cancelled`,
      async ({ running, cancel, settle, record }) => {
        const task = await running();
        await cancel(task.id);
        expect(await settle(task, settlement)).toMatchObject({ status: "held", next: "cancelled" });
        expect(await record(task.id)).toMatchObject({ ...noLease, status: "cancelled", reason: "TASK_CANCELLED" });
      },
    );
  }

  add(
    "M6: only success wins over a cancel, which stays on the record",
    async ({ running, cancel, succeed, record }) => {
      const task = await running();
      await cancel(task.id);
      expect(await succeed(task, "1")).toMatchObject({ status: "held", next: "succeeded" });
      const done = await record(task.id);
      expect(done).toMatchObject({ status: "succeeded", output: "1" });
      expect(done.cancelRequestedAt).not.toBeNull();
    },
  );

  add("M6b: a cancelled suspension with children makes none", async ({ running, cancel, settle, store, request }) => {
    const task = await running();
    await cancel(task.id);
    const wait = { reason: "children", children: [request()], onFailure: "continue", timeoutMs: null } as const;
    expect(await settle(task, { type: "suspend", wait, state: null })).toMatchObject({ next: "cancelled" });
    expect((await store.read({})).tasks).toHaveLength(1);
  });

  add(
    "M6b: keeps the failure it comes with, else the one there was",
    async ({ running, settle, runAgain, cancel, record }) => {
      const task = await running();
      await settle(task, aFailSettlement({ delayMs: 0 }));
      const again = await runAgain(task);
      await cancel(task.id);
      await settle(again, { type: "cancelled", failure: null, fingerprint: null, maxAttempts: 3, delayMs: 0 });
      expect(await record(task.id)).toMatchObject({ status: "cancelled", failure: aFailSettlement().failure });
    },
  );

  add("M7: a cancelled that nobody asked for is a failure, TASK_ABORTED", async ({ running, settle, record }) => {
    const cancelled = { type: "cancelled", failure: null, fingerprint: null, maxAttempts: 2, delayMs: 10 } as const;
    const once = await running();
    expect(await settle(once, cancelled)).toMatchObject({ next: "queued" });
    const last = await running();
    expect(await settle(last, { ...cancelled, maxAttempts: 1 })).toMatchObject({ next: "failed" });
    expect(await record(last.id)).toMatchObject({ status: "failed", reason: "TASK_ABORTED", failures: 1 });
  });

  add(
    "R54, T17: `retainForMs: 0` removes the task with its success, and the answer says so",
    async ({ running, succeed, store, told }) => {
      const task = await running({ retainForMs: 0 });
      expect(await succeed(task, "1")).toEqual({ status: "held", version: 5, next: "succeeded", removed: true });
      expect(await store.get([task.id])).toEqual([null]);
      expect((await told(task.id)).slice(-2)).toEqual(["succeeded", "removed"]);
    },
  );

  add("settles 500 tasks in one call, aligned, each as it asks", async ({ enqueueMany, claim, store }) => {
    await enqueueMany(500);
    const tasks = (await claim()).map(({ task }) => task);
    const kinds: readonly Settlement[] = [
      { type: "succeed", output: "1" },
      aFailSettlement({ permanent: true }),
      { type: "snooze", delayMs: 60_000 },
    ];
    const answers = await store.settle(
      tasks.map((task, index) => ({
        ...leaseOf(task),
        started: true,
        settlement: kinds[index % 3] ?? { type: "release" },
      })),
    );
    expect(answers.map((answer) => (answer.status === "lost" ? "lost" : answer.next))).toEqual(
      tasks.map((_, index) => ["succeeded", "failed", "queued"][index % 3]),
    );
    expect((await store.aggregate({})).byStatus).toMatchObject({
      succeeded: { count: 167 },
      failed: { count: 167 },
      queued: { count: 166 },
    });
  });
};
