import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { aGroup } from "@millrace/conformance";
import type { StoreHealth, TaskStore } from "@millrace/models";
import { madeBy } from "@millrace/store-sql";
import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createSqliteTaskStore } from "../create-sqlite-task-store.ts";
import { migrations } from "../schema/migrations.generated.ts";

let folder = "";
let path = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "millrace-health-"));
  path = join(folder, "tasks.sqlite");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const look = async (store: TaskStore, thorough = true): Promise<StoreHealth | undefined> =>
  store.facet("health")?.look({ thorough });

/** A file with tasks in it that nobody has open. */
async function fill(): Promise<void> {
  const store = createSqliteTaskStore({ path });
  const input = JSON.stringify("x".repeat(500));
  await store.enqueue([aGroup(...Array.from({ length: 400 }, () => ({ input })))]);
  await store.close();
}

function change(sql: string): void {
  const database = new Database(path);
  database.exec(sql);
  database.close();
}

it("knows every table and index that the migrations make", () => {
  const database = new Database(":memory:");
  for (const { sql } of migrations) database.exec(sql);
  const names = database
    .prepare("select name from sqlite_schema where sql is not null and name not like 'sqlite_%' order by name")
    .pluck()
    .all();
  const made = madeBy(migrations, "millrace_");
  expect(made.map(({ name }) => name).toSorted()).toEqual(names);
  // What is told as a fix makes what was there.
  for (const { type, name, statement } of made) if (type === "index") database.exec(`drop index ${name}; ${statement}`);
});

it("finds an index that is gone, and says what makes it; a quick look does not", async () => {
  await fill();
  change("drop index millrace_task_lease");
  const store = createSqliteTaskStore({ path });
  expect(await look(store, false)).toEqual({ horizon: null, tables: [], findings: [] });
  const [finding, ...others] = (await look(store))?.findings ?? [];
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ code: "INDEX_MISSING", message: expect.stringContaining("millrace_task_lease") });
  change(finding?.fix.match(/`(.*)`/)?.[1] ?? "");
  expect((await look(store))?.findings).toEqual([]);
  await store.close();
});

it("finds a table that is gone", async () => {
  await fill();
  change("drop table millrace_unserved");
  const store = createSqliteTaskStore({ path });
  expect((await look(store))?.findings).toMatchObject([{ code: "TABLE_MISSING" }]);
  await store.close();
});

it("finds damaged pages, in a few words, and goes on serving what is whole", async () => {
  await fill();
  const { size } = statSync(path);
  const file = openSync(path, "r+");
  // Every fourth page but for those at the beginning, which hold the schema.
  for (let at = 4_096 * 60; at < size - 4_096; at += 4_096 * 4)
    writeSync(file, Buffer.alloc(4_096, 0xaa), 0, 4_096, at);
  closeSync(file);
  const store = createSqliteTaskStore({ path });
  const [finding, ...others] = (await look(store))?.findings ?? [];
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ code: "FILE_DAMAGED", fix: expect.stringContaining(".recover") });
  expect(finding?.message.length).toBeLessThan(600);
  expect(finding?.message).not.toContain("\n");
  expect((await store.kinds()).length).toBe(0);
  await store.close();
});

it("looks at the schema of a database that was given, without reading all of it", async () => {
  const database = new Database(path);
  const store = createSqliteTaskStore({ database });
  expect((await look(store))?.findings).toEqual([]);
  database.exec("drop index millrace_task_kind");
  expect((await look(store))?.findings).toMatchObject([{ code: "INDEX_MISSING" }]);
  await store.close();
  database.close();
});

it("a store that is closed while it is examined says so", async () => {
  await fill();
  const store = createSqliteTaskStore({ path });
  await store.kinds();
  const asked = look(store);
  const [failure] = await Promise.all([asked.catch((error: unknown) => error), store.close()]);
  expect(failure).toMatchObject({ code: "STORE_CLOSED" });
});
