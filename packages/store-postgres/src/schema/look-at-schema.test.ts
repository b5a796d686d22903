import type { HealthFinding } from "@millrace/models";
import { madeBy } from "@millrace/store-sql";
import { expect, it } from "vitest";
import { openStores, type TestStores } from "../testing/stores.ts";
import { migrations } from "./migrations.generated.ts";

/** What a thorough look finds that is of the schema. */
async function found({ stores }: TestStores): Promise<readonly HealthFinding[]> {
  const health = await stores[0]?.facet("health")?.look({ thorough: true });
  return (health?.findings ?? []).filter(({ code }) => code !== "HORIZON_HELD" && code !== "DEAD_ROWS");
}

const statementOf = ({ fix }: HealthFinding): string => /`(.*)`/.exec(fix)?.[1] ?? "";

it("knows every table and index that the migrations make", { timeout: 30_000 }, async () => {
  await using open = await openStores(1, { listen: false });
  const { client, schema } = open.place;
  await open.stores[0]?.read({});
  const { rows } = await client.query<{ readonly name: string }>(
    `select c.relname::text as name from pg_class c join pg_namespace s on s.oid = c.relnamespace
     where s.nspname = $1 and c.relkind in ('r', 'p', 'i', 'I') and not exists (
       select from pg_constraint k where k.conindid = c.oid)
       and not (c.relispartition and c.relkind = 'i')`,
    [schema],
  );
  const names = madeBy(migrations, "millrace_").map(({ name }) => name);
  expect(rows.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
});

it("finds indexes that are gone, and says what makes them; a quick look does not", { timeout: 30_000 }, async () => {
  await using open = await openStores(1, { listen: false, tablePrefix: "x_" });
  const { client, schema } = open.place;
  await open.stores[0]?.read({});
  await client.query(`drop index "${schema}".x_queue_ready, "${schema}".x_signal_id, "${schema}".x_event_xid`);
  expect((await open.stores[0]?.facet("health")?.look())?.findings.map(({ code }) => code)).not.toContain(
    "INDEX_MISSING",
  );
  const findings = await found(open);
  expect(findings.map(({ code }) => code)).toEqual(["INDEX_MISSING", "INDEX_MISSING", "INDEX_MISSING"]);
  expect(findings[0]?.message).toContain("x_queue_ready");
  expect(findings[0]?.fix).toContain("create index concurrently x_queue_ready on");
  for (const finding of findings) await client.query(statementOf(finding));
  expect(await found(open)).toEqual([]);
});

it("finds an index that is not valid, and what a broken off reindex has left behind", { timeout: 30_000 }, async () => {
  await using open = await openStores(1, { listen: false });
  const { client, schema } = open.place;
  await open.stores[0]?.read({});
  await client.query(`create index millrace_task_created_ccnew on "${schema}".millrace_task (created_at);
    update pg_index set indisvalid = false where indexrelid in ('"${schema}".millrace_task_created_ccnew'::regclass,
      '"${schema}".millrace_queue_ready'::regclass, '"${schema}".millrace_kind_pkey'::regclass)`);
  const findings = await found(open);
  expect(findings.map(({ code }) => code)).toEqual(["INDEX_INVALID", "INDEX_INVALID", "INDEX_INVALID"]);
  expect(findings.map(statementOf)).toEqual([
    `reindex index concurrently "${schema}"."millrace_kind_pkey"`,
    `reindex index concurrently "${schema}"."millrace_queue_ready"`,
    `drop index concurrently "${schema}"."millrace_task_created_ccnew"`,
  ]);
  for (const finding of findings) await client.query(statementOf(finding));
  expect(await found(open)).toEqual([]);
});

it("finds a table that is gone, and goes on telling of the others", { timeout: 30_000 }, async () => {
  await using open = await openStores(1, { listen: false });
  const { client, schema } = open.place;
  const [store] = open.stores;
  await store?.read({});
  await client.query(`drop table "${schema}".millrace_unserved`);
  expect(await found(open)).toMatchObject([{ code: "TABLE_MISSING", message: expect.stringContaining("unserved") }]);
  expect((await store?.facet("health")?.look())?.tables.map(({ name }) => name)).toContain("millrace_queue");
  expect((await store?.facet("storage")?.read())?.sizeBytes).toBeGreaterThan(0);
});
