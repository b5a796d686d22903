import { aGroup, aRequest } from "@millrace/conformance";
import { type ClaimRequest, createManualClock, type TaskStore } from "@millrace/models";
import Database from "better-sqlite3";
import { expect, it } from "vitest";
import { createSqliteTaskStore } from "../create-sqlite-task-store.ts";

const claimOf = (limit: number): ClaimRequest => ({
  hostId: "h",
  kinds: [{ kind: "work", slots: limit }],
  limit,
  leaseMs: 30_000,
  suspects: "include",
});

const keyed = { concurrencyKeys: [{ key: "busy", limit: 1 }] };

const enqueueMany = (store: TaskStore, count: number, change: object): Promise<unknown> =>
  store.enqueue(Array.from({ length: count }, () => aGroup(change)));

it("I15: tasks behind a busy key are parked by their enqueue, so the next of the kind is claimed at once", async () => {
  const database = new Database(":memory:");
  const store = createSqliteTaskStore({ database });
  await enqueueMany(store, 5_000, keyed);
  const free = aRequest();
  await store.enqueue([{ tasks: [free] }]);
  const ready = database.prepare("select count(*) from millrace_task where status = 1").pluck();
  expect(ready.get()).toBe(2);
  const { tasks, more } = await store.claim(claimOf(10));
  expect(tasks).toHaveLength(2);
  expect(tasks[1]?.task.id).toBe(free.id);
  expect(more).toBe(false);
  await store.close();
  database.close();
});

it("I15: tasks that are found behind a full key are parked in bounded rounds that say `more`", async () => {
  const database = new Database(":memory:");
  const clock = createManualClock();
  const store = createSqliteTaskStore({ database, clock });
  // Not due, so that none of them could be parked by its enqueue.
  await enqueueMany(store, 5_000, { ...keyed, delayMs: 10 });
  const free = aRequest({ delayMs: 11 });
  await store.enqueue([{ tasks: [free] }]);
  clock.advance(20);
  const claimed: string[] = [];
  let rounds = 0;
  for (let more = true; more; rounds += 1) {
    const answer = await store.claim(claimOf(10));
    claimed.push(...answer.tasks.map(({ task }) => task.id));
    more = answer.more;
  }
  expect(rounds).toBeGreaterThan(1);
  expect(rounds).toBeLessThan(10);
  expect(claimed).toHaveLength(2);
  expect(claimed).toContain(free.id);
  await store.close();
  database.close();
});

it("not-due tasks of a higher priority are not in the way of due ones", async () => {
  const database = new Database(":memory:");
  const store = createSqliteTaskStore({ database });
  await enqueueMany(store, 3_000, { priority: 9, delayMs: 3_600_000 });
  await enqueueMany(store, 3, {});
  const ready = database.prepare("select count(*) from millrace_task where status = 1").pluck();
  expect(ready.get()).toBe(3);
  const answer = await store.claim(claimOf(10));
  expect(answer.tasks).toHaveLength(3);
  expect(answer.nextDueInMs).toBeGreaterThan(3_500_000);
  expect((await store.aggregate({})).byState.scheduled).toEqual({ count: 3_000, exact: true });
  await store.close();
  database.close();
});

it("a task that another connection changed is read again, whatever was remembered of its lease", async () => {
  const database = new Database(":memory:");
  const [one, other] = [createSqliteTaskStore({ database }), createSqliteTaskStore({ database })];
  await one.enqueue([aGroup({}, {})]);
  const { tasks } = await one.claim(claimOf(2));
  const leases = tasks.map(({ task }) => ({ taskId: task.id, attempt: 1, leaseToken: task.leaseToken ?? "" }));
  const [asked, ended] = leases;
  await other.cancel([
    { taskId: asked?.taskId ?? "", mode: "request", reason: null, by: null },
    { taskId: ended?.taskId ?? "", mode: "terminate", reason: null, by: null },
  ]);
  expect(await one.extend(leases, 1_000)).toEqual([
    { status: "cancel-requested", version: 3 },
    { status: "lost", why: "wrong-status" },
  ]);
  const settlement = { type: "succeed", output: null } as const;
  expect(await one.settle(leases.map((lease) => ({ ...lease, started: true, settlement })))).toMatchObject([
    { status: "held", next: "succeeded", version: 5 },
    { status: "lost", why: "wrong-status" },
  ]);
  await one.close();
  await other.close();
  database.close();
});
