import { aGroup } from "@millrace/conformance";
import { isTaskError, type TaskError } from "@millrace/models";
import { expect, inject, it } from "vitest";
import { createPostgresTaskStore } from "../create-postgres-task-store.ts";
import type { PostgresTaskStoreOptions } from "../postgres-store-options.ts";
import { openStores } from "../testing/stores.ts";
import { storeError } from "./store-error.ts";

const thrown = async (work: Promise<unknown>): Promise<TaskError> => {
  try {
    await work;
  } catch (error) {
    if (isTaskError(error)) return error;
    throw error;
  }
  throw new Error("It did not throw.");
};

async function refusal(options: PostgresTaskStoreOptions): Promise<TaskError> {
  const store = createPostgresTaskStore({ listen: false, ...options });
  try {
    return await thrown(store.enqueue([aGroup({})]));
  } finally {
    await store.close();
  }
}

const changed = (change: (url: URL) => void): string => {
  const url = new URL(inject("postgresUrl"));
  change(url);
  return url.href;
};

it("F1: options that cannot be right are refused at once", () => {
  const refused = (options: object, path: string): void =>
    expect(() => createPostgresTaskStore(options as PostgresTaskStoreOptions)).toThrow(
      expect.objectContaining({ code: "OPTION_INVALID", details: { path } }) as Error,
    );
  const connectionString = "postgres://a/b";
  refused({}, "connectionString");
  refused({ connectionString: "mysql://a/b" }, "connectionString");
  refused({ connectionString, connections: 0 }, "connections");
  refused({ connectionString, pooler: "session" }, "pooler");
  refused({ connectionString, listen: 7 }, "listen");
  refused({ connectionString, queryTimeoutMs: 1.5 }, "queryTimeoutMs");
  refused({ connectionString, migrate: "yes" }, "migrate");
});

it("F1: nobody at the address, a wrong password and a missing database say so, without the password", async () => {
  const nobody = await refusal({ connectionString: "postgres://me:secret@127.0.0.1:1/db", connectTimeoutMs: 2_000 });
  expect(nobody).toMatchObject({ code: "STORE_UNAVAILABLE", retryable: true });
  const wrongPassword = await refusal({ connectionString: changed((url) => (url.password = "secret")) });
  expect(wrongPassword).toMatchObject({ code: "STORE_UNAVAILABLE" });
  expect(wrongPassword.fix).toContain("password");
  const noDatabase = await refusal({ connectionString: changed((url) => (url.pathname = "/nowhere")) });
  expect(noDatabase).toMatchObject({ code: "STORE_UNAVAILABLE" });
  expect(noDatabase.fix).toContain("database");
  for (const error of [nobody, wrongPassword, noDatabase])
    expect(`${error.message} ${error.fix}`).not.toContain("secret");
});

it("a closed store says so, twice", async () => {
  await using open = await openStores(1);
  const [store] = open.stores;
  await store?.close();
  await store?.close();
  const calls = [() => store?.enqueue([aGroup({})]), () => store?.read({}), () => store?.expire(1)];
  for (const call of calls) expect(await thrown(Promise.resolve(call()))).toMatchObject({ code: "STORE_CLOSED" });
});

it("one call that cannot be stored does not take its neighbours of the same turn with it", async () => {
  await using open = await openStores(1);
  const [store] = open.stores;
  if (!store) return;
  const [good, bad, alsoGood] = await Promise.allSettled([
    store.enqueue([aGroup({ input: "1", mustKnowKind: false })]),
    store.enqueue([aGroup({ kind: "a\0b", mustKnowKind: false })]),
    store.enqueue([aGroup({ input: "2", mustKnowKind: false })]),
  ]);
  expect([good?.status, bad?.status, alsoGood?.status]).toEqual(["fulfilled", "rejected", "fulfilled"]);
  const { tasks } = await store.read({});
  expect(new Set(tasks.map(({ input }) => input))).toEqual(new Set(["1", "2"]));
});

it("F58: connections that the server ends are replaced", async () => {
  await using open = await openStores(1);
  const [store] = open.stores;
  if (!store) return;
  await store.enqueue([aGroup({ mustKnowKind: false })]);
  await open.place.client.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where query like '%' || $1 || '%' and pid <> pg_backend_pid()",
    [open.place.schema],
  );
  // The first use may still meet the dead connection; a host tries again.
  const tried = await store.enqueue([aGroup({ mustKnowKind: false })]).catch((error: unknown) => error);
  expect(Array.isArray(tried) || isTaskError(tried, "STORE_UNAVAILABLE")).toBe(true);
  expect(await store.enqueue([aGroup({ mustKnowKind: false })])).toMatchObject([{ status: "stored" }]);
  expect((await store.read({})).tasks.length).toBeGreaterThanOrEqual(2);
});

it("F58: a row that somebody keeps locked makes the store busy, not hang", async () => {
  await using open = await openStores(1, { lockTimeoutMs: 100 });
  const [store] = open.stores;
  if (!store) return;
  const [result] = await store.enqueue([aGroup({ mustKnowKind: false })]);
  const id = result?.status === "stored" ? (result.results[0]?.task.id ?? "") : "";
  const { client, schema } = open.place;
  await client.query("begin");
  await client.query(`select 1 from "${schema}".millrace_queue where id = $1 for update`, [id]);
  const busy = await thrown(store.cancel([{ taskId: id, mode: "request", reason: null, by: null }]));
  expect(busy).toMatchObject({ code: "STORE_BUSY", retryable: true });
  await client.query("rollback");
  expect(await store.cancel([{ taskId: id, mode: "request", reason: null, by: null }])).toMatchObject([
    { status: "cancelled" },
  ]);
});

it("understands what the driver throws", () => {
  const mapped = (code: string): string => storeError(Object.assign(new Error("x"), { code }), "it").code;
  expect(mapped("25006")).toBe("STORE_READ_ONLY");
  expect(mapped("53100")).toBe("STORE_FULL");
  expect(mapped("53300")).toBe("STORE_UNAVAILABLE");
  expect(mapped("57P01")).toBe("STORE_UNAVAILABLE");
  expect(mapped("08006")).toBe("STORE_UNAVAILABLE");
  expect(mapped("ECONNRESET")).toBe("STORE_UNAVAILABLE");
  const broken = Object.assign(new Error("write EPIPE"), { code: "EPIPE", syscall: "write" });
  expect(storeError(broken, "it")).toMatchObject({ code: "STORE_UNAVAILABLE", retryable: true });
  const ended = Object.assign(new Error("x"), { code: "25P03", severity: "FATAL" });
  expect(storeError(ended, "it")).toMatchObject({ code: "STORE_UNAVAILABLE", retryable: true });
  expect(mapped("40P01")).toBe("STORE_BUSY");
  expect(mapped("XX001")).toBe("STORE_CORRUPT");
  expect(mapped("22P02")).toBe("INTERNAL");
});
