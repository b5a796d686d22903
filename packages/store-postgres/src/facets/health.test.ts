import type { HorizonHolder, StoreHealth, TaskStore } from "@millrace/models";
import { Client } from "pg";
import { expect, it, vi } from "vitest";
import { createPostgresTaskStore } from "../create-postgres-task-store.ts";
import { ownServer } from "../testing/own-server.ts";
import { openStores } from "../testing/stores.ts";
import { findingsOf } from "./health.ts";

const server = ownServer();

const holder: HorizonHolder = {
  type: "session",
  pid: 4_711,
  name: "nightly report",
  user: "bob",
  state: "idle in transaction",
  ageMs: 90_000,
  ageTransactions: 20_000,
};

/** What is seen once that session is the one that looks back furthest: the server's own may, for a moment. */
async function healthHeldBy(store: TaskStore | undefined, pid: number): Promise<StoreHealth> {
  return vi.waitFor(
    async () => {
      const health = await store?.facet("health")?.look();
      if (health?.horizon?.pid !== pid) throw new Error(`held by ${health?.horizon?.name}`);
      return health;
    },
    { timeout: 20_000 },
  );
}

/** A session that keeps a snapshot until it is left. */
async function openOld(connectionString: string, name: string): Promise<AsyncDisposable & { readonly pid: number }> {
  const client = new Client({ connectionString, application_name: name });
  await client.connect();
  await client.query("begin isolation level repeatable read");
  const { rows } = await client.query<{ readonly pid: number }>("select pg_backend_pid() as pid, txid_current()");
  return { pid: rows[0]?.pid ?? 0, [Symbol.asyncDispose]: () => client.end() };
}

it("names the session that looks back furthest, with what it is and what it does", { timeout: 30_000 }, async () => {
  await using open = await openStores(1, { connectionString: server(), listen: false });
  await using old = await openOld(open.place.connectionString, "nightly report");
  const health = await healthHeldBy(open.stores[0], old.pid);
  expect(health.horizon).toMatchObject({ type: "session", name: "nightly report", state: "idle in transaction" });
  expect(health.horizon?.ageMs).toBeGreaterThanOrEqual(0);
  expect(health.findings, "a moment harms nobody").toEqual([]);
  expect(health.tables.map(({ name }) => name)).toContain("millrace_queue");
  expect(health.tables.map(({ name }) => name)).toContain("millrace_event_7");
});

it("needs no right beyond the store's own, and then says what everybody may see", { timeout: 30_000 }, async () => {
  await using open = await openStores(1, { connectionString: server(), listen: false });
  const { client, schema, connectionString } = open.place;
  await open.stores[0]?.read({});
  const role = `${schema}_plain`;
  await client.query(`create role ${role} login password 'plain' nosuperuser;
    grant usage on schema "${schema}" to ${role}; grant select on all tables in schema "${schema}" to ${role}`);
  const url = new URL(connectionString);
  url.username = role;
  url.password = "plain";
  const plain = createPostgresTaskStore({ connectionString: url.href, schema, listen: false });
  {
    await using old = await openOld(connectionString, "somebody else");
    const { horizon } = await healthHeldBy(plain, old.pid);
    expect(horizon).toMatchObject({ type: "session", name: "somebody else", state: null, ageMs: null });
  }
  await plain.close();
  await client.query(`drop owned by ${role}; drop role ${role}`);
});

it("reports what is held for long over many transactions, and says what to do", () => {
  const [finding] = findingsOf(holder, []);
  expect(finding?.code).toBe("HORIZON_HELD");
  expect(finding?.message).toContain('pid 4711 ("nightly report" of bob), idle in transaction for 90 s');
  expect(finding?.fix).toContain("pg_terminate_backend(4711)");
  expect(findingsOf({ ...holder, ageMs: 59_999 }, [])).toEqual([]);
  expect(findingsOf({ ...holder, ageTransactions: 9_999 }, [])).toEqual([]);
  expect(findingsOf({ ...holder, ageMs: null, ageTransactions: 49_999 }, [])).toEqual([]);
  expect(findingsOf({ ...holder, ageMs: null, ageTransactions: 50_000 }, [])).toHaveLength(1);
  const left = { ...holder, pid: null, name: "g1" } as const;
  expect(findingsOf({ ...left, type: "prepared-transaction" }, [])[0]?.fix).toContain("rollback prepared 'g1'");
  expect(findingsOf({ ...left, type: "replication-slot" }, [])[0]?.fix).toContain("pg_drop_replication_slot('g1')");
});

it("reports a table of which most is dead only when nobody holds vacuum back", () => {
  const table = { name: "millrace_queue", liveRows: 10, deadRows: 100_000, vacuumedAt: null };
  expect(findingsOf(null, [table, { ...table, liveRows: 200_000 }])).toMatchObject([{ code: "DEAD_ROWS" }]);
  expect(findingsOf(holder, [table])).toMatchObject([{ code: "HORIZON_HELD" }]);
});
