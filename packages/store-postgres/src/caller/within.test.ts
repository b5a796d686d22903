import { aRequest } from "@millrace/conformance";
import { createTaskId, type EnqueueRequest, type TaskStore } from "@millrace/models";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { createPostgresTaskStore } from "../create-postgres-task-store.ts";
import { openStores, type TestStores } from "../testing/stores.ts";
import type { CallerTransaction } from "./caller-transaction.ts";

// A server on a machine that is busy with other tests takes its time.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

const request = (kind = "work"): EnqueueRequest => aRequest({ id: createTaskId(), kind, mustKnowKind: false });

let open: TestStores;
let store: TaskStore<CallerTransaction>;
beforeAll(async () => {
  open = await openStores(1);
  const [first] = open.stores;
  if (!first) throw new Error("no store was opened");
  store = first;
});
afterAll(() => open[Symbol.asyncDispose]());

it("I12: a task enqueued in the caller's transaction is there if, and only if, that commits", async () => {
  const { client } = open.place;
  const kept = request();
  const dropped = request();
  await client.query("begin");
  await store.within(client).enqueue([{ tasks: [dropped] }]);
  await client.query("rollback");
  await client.query("begin");
  const [result] = await store.within(client).enqueue([{ tasks: [kept] }]);
  expect(result).toMatchObject({ status: "stored" });
  expect(await store.get([kept.id])).toEqual([null]);
  await client.query("commit");
  const [stored, gone] = await store.get([kept.id, dropped.id]);
  expect(stored).toMatchObject({ id: kept.id, status: "queued", version: 1 });
  expect(gone).toBeNull();
});

it("I12: a completion in the caller's transaction is undone with it, and done with it", async () => {
  const { client, schema } = open.place;
  await store.enqueue([{ tasks: [request("complete")] }]);
  await client.query(`create table "${schema}".effects (id text)`);
  const kinds = [{ kind: "complete", slots: 1 }];
  const { tasks } = await store.claim({ hostId: "h", kinds, limit: 1, leaseMs: 30_000, suspects: "include" });
  const [claimed] = tasks;
  if (!claimed) throw new Error("nothing was claimed");
  const { id: taskId, attempt, leaseToken } = claimed.task;
  const settlement = { type: "succeed" as const, output: '"done"' };
  const complete = async (end: "commit" | "rollback"): Promise<unknown> => {
    await client.query("begin");
    await client.query(`insert into "${schema}".effects values ($1)`, [taskId]);
    const [answer] = await store
      .within(client)
      .settle([{ taskId, attempt, leaseToken: leaseToken ?? "", started: true, settlement }]);
    await client.query(end);
    return answer;
  };
  expect(await complete("rollback")).toMatchObject({ status: "held", next: "succeeded" });
  expect(await store.get([taskId])).toMatchObject([{ status: "claimed" }]);
  expect(await complete("commit")).toMatchObject({ status: "held", next: "succeeded" });
  expect(await store.get([taskId])).toMatchObject([{ status: "succeeded", output: '"done"' }]);
  expect((await client.query(`select count(*)::int as n from "${schema}".effects`)).rows).toEqual([{ n: 1 }]);
});

it("takes anything with query(text, values), and rows as objects", async () => {
  const { client } = open.place;
  await client.query("begin");
  const seen: string[] = [];
  const tx = {
    async query(text: string, values: unknown[]) {
      seen.push(text);
      return { rows: (await client.query(text, values)).rows as unknown[] };
    },
  };
  const asked = { ...request(), dedupeKey: "o", concurrencyKeys: [{ key: "o", limit: 2 }] };
  await store.within(tx).enqueue([{ tasks: [asked] }]);
  await client.query("commit");
  expect(seen.length).toBeGreaterThan(0);
  expect(await store.get([asked.id])).toMatchObject([{ dedupeKey: "o", concurrencyKeys: [{ key: "o", limit: 2 }] }]);
});

it("leaves the caller's lock_timeout as it was", async () => {
  const { client } = open.place;
  await client.query("begin");
  await client.query("set local lock_timeout = '7s'");
  await store.within(client).enqueue([{ tasks: [{ ...request(), dedupeKey: "k" }] }]);
  expect((await client.query("show lock_timeout")).rows).toEqual([{ lock_timeout: "7s" }]);
  await client.query("commit");
});

it("calls at once in one transaction wait for each other", async () => {
  const { client } = open.place;
  const asked = [request(), { ...request(), priority: 2 ** 40 }, request(), { ...request(), mustKnowKind: true }];
  await client.query("begin");
  const calls = asked.map((task) => store.within(client).enqueue([{ tasks: [task] }]));
  expect((await Promise.allSettled(calls)).map(({ status }) => status)).toEqual([
    "fulfilled",
    "rejected",
    "fulfilled",
    "fulfilled",
  ]);
  await client.query("commit");
  const stored = await store.get(asked.map(({ id }) => id));
  expect(stored.map((task) => task !== null)).toEqual([true, false, true, false]);
});

it("gives every column that it reads a name of its own, because rows may come as objects", async () => {
  const { client } = open.place;
  const clashes: string[] = [];
  const tx = {
    async query(text: string, values: unknown[]) {
      const { rows, fields } = await client.query({ text, values, rowMode: "array" });
      const names = fields.map(({ name }) => name);
      // A name that is a number would come first in an object.
      if (new Set(names).size < names.length || names.some((name) => /^\d/.test(name))) clashes.push(text);
      return { rows };
    },
  };
  const keyed = { dedupeKey: "d", supersedeKey: "s", concurrencyKeys: [{ key: "c", limit: 1 }] };
  const parent = request("columns");
  const waiting = { ...request("columns"), dependencies: [{ taskId: parent.id, onFailure: "fail" as const }] };
  await store.enqueue([
    { tasks: [parent, waiting, { ...request("columns"), concurrencyKeys: [{ key: "c", limit: 1 }] }] },
  ]);
  const kinds = [{ kind: "columns", slots: 2 }];
  const { tasks } = await store.claim({ hostId: "h", kinds, limit: 2, leaseMs: 60_000, suspects: "include" });
  expect(tasks).toHaveLength(2);
  const settled = tasks.map(({ task: { id: taskId, attempt, leaseToken } }, index) => {
    const lease = { taskId, attempt, leaseToken: leaseToken ?? "", started: true };
    const wait = { reason: "children", children: [request()], onFailure: "continue", timeoutMs: 1000 } as const;
    const suspend = { type: "suspend", wait, state: null } as const;
    return { ...lease, settlement: index === 0 ? ({ type: "succeed", output: "1" } as const) : suspend };
  });
  await client.query("begin");
  const groups = [request(), { ...request(), ...keyed }, { ...request(), ...keyed, dedupeKey: null }];
  await store.within(tx).enqueue(groups.map((task) => ({ tasks: [task] })));
  await store.within(tx).settle(settled);
  await store.within(tx).settle(settled);
  await client.query("commit");
  expect(clashes).toEqual([]);
});

it("says that the store is closed", async () => {
  const { connectionString, schema } = open.place;
  const closed = createPostgresTaskStore({ connectionString, schema });
  await closed.close();
  await expect(closed.within(open.place.client).enqueue([{ tasks: [request()] }])).rejects.toMatchObject({
    code: "STORE_CLOSED",
  });
});
