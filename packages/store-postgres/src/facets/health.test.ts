import type { HorizonHolder } from "@millrace/models";
import { Client } from "pg";
import { expect, it } from "vitest";
import { createPostgresTaskStore } from "../create-postgres-task-store.ts";
import { openStores } from "../testing/stores.ts";
import { findingsOf } from "./health.ts";

const holder: HorizonHolder = {
  type: "session",
  pid: 4_711,
  name: "nightly report",
  user: "bob",
  state: "idle in transaction",
  ageMs: 90_000,
  ageTransactions: 20_000,
};

it("names the session that looks back furthest, with what it is and what it does", { timeout: 30_000 }, async () => {
  await using open = await openStores(1, { listen: false });
  const [store] = open.stores;
  const old = new Client({ connectionString: open.place.connectionString, application_name: "nightly report" });
  await old.connect();
  await old.query("begin isolation level repeatable read");
  const { rows } = await old.query<{ readonly pid: number }>("select pg_backend_pid() as pid, txid_current()");
  // Others on the server may look back further for a moment; this one stays.
  await expect
    .poll(async () => (await store?.facet("health")?.look())?.horizon?.pid, { timeout: 20_000 })
    .toBe(rows[0]?.pid);
  const health = await store?.facet("health")?.look();
  expect(health?.horizon).toMatchObject({ type: "session", name: "nightly report", state: "idle in transaction" });
  expect(health?.horizon?.ageMs).toBeGreaterThanOrEqual(0);
  expect(health?.findings, "a moment harms nobody").toEqual([]);
  expect(health?.tables.map(({ name }) => name)).toContain("millrace_queue");
  expect(health?.tables.map(({ name }) => name)).toContain("millrace_event_7");
  await old.query("rollback");
  await old.end();
});

it("needs no right beyond the store's own, and then says what everybody may see", { timeout: 30_000 }, async () => {
  await using open = await openStores(1, { listen: false });
  const { client, schema, connectionString } = open.place;
  await open.stores[0]?.read({});
  const role = `${schema}_plain`;
  await client.query(`create role ${role} login password 'plain' nosuperuser;
    grant usage on schema "${schema}" to ${role}; grant select on all tables in schema "${schema}" to ${role}`);
  const url = new URL(connectionString);
  url.username = role;
  url.password = "plain";
  const plain = createPostgresTaskStore({ connectionString: url.href, schema, listen: false });
  const old = new Client({ connectionString, application_name: "somebody else" });
  await old.connect();
  await old.query("begin isolation level repeatable read");
  await old.query("select txid_current()");
  await expect
    .poll(async () => (await plain.facet("health")?.look())?.horizon?.name, { timeout: 20_000 })
    .toBe("somebody else");
  expect((await plain.facet("health")?.look())?.horizon).toMatchObject({ type: "session", state: null, ageMs: null });
  await old.end();
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
