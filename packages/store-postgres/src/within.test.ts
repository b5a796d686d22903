import { aRequest } from "@millrace/conformance";
import { createTaskId, isTaskError } from "@millrace/models";
import { expect, it } from "vitest";
import { openStores } from "./testing/stores.ts";

const request = (): ReturnType<typeof aRequest> => aRequest({ id: createTaskId(), mustKnowKind: false });

it("I12: a task enqueued in the caller's transaction is there if, and only if, that commits", async () => {
  await using open = await openStores(1);
  const [store] = open.stores;
  if (!store) return;
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
  await using open = await openStores(1);
  const [store] = open.stores;
  if (!store) return;
  const { client, schema } = open.place;
  await store.enqueue([{ tasks: [request()] }]);
  await client.query(`create table "${schema}".effects (id text)`);
  const kinds = [{ kind: "work", slots: 1 }];
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
  await using open = await openStores(1);
  const [store] = open.stores;
  if (!store) return;
  const { client } = open.place;
  await client.query("begin");
  const seen: string[] = [];
  const tx = {
    async query(text: string, values: unknown[]) {
      seen.push(text);
      return { rows: (await client.query(text, values)).rows as unknown[] };
    },
  };
  const asked = { ...request(), dedupeKey: "k", concurrencyKeys: [{ key: "c", limit: 2 }] };
  await store.within(tx).enqueue([{ tasks: [asked] }]);
  await client.query("commit");
  expect(seen.length).toBeGreaterThan(0);
  expect(await store.get([asked.id])).toMatchObject([{ dedupeKey: "k", concurrencyKeys: [{ key: "c", limit: 2 }] }]);
});

it("refuses what is no transaction", async () => {
  await using open = await openStores(1);
  const [store] = open.stores;
  expect(() => store?.within({} as never)).toThrow(expect.objectContaining({ code: "TX_UNSUPPORTED" }) as Error);
  expect(isTaskError(new Error("x"))).toBe(false);
});
