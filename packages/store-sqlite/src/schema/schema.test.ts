import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { isTaskError, systemRandom } from "@millrace/models";
import { withTablePrefix } from "@millrace/store-sql";
import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, it } from "vitest";
import { tableNames } from "../connection/table-names.ts";
import { createSqliteTaskStore, prepareSqliteTaskStoreSchema } from "../create-sqlite-task-store.ts";
import { overBetterSqlite3 } from "../driver/better-sqlite3-driver.ts";
import { migrate } from "./migrate.ts";
import { migrations } from "./migrations.generated.ts";
import { createSqliteTaskStoreSchema } from "./task-store-schema.ts";

const runNode = (code: string): Promise<{ readonly stdout: string }> =>
  promisify(execFile)(process.execPath, ["--conditions=@millrace/source", "--input-type=module", "-e", code]);

let folder = "";
let path = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "millrace-schema-"));
  path = join(folder, "tasks.sqlite");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const schemaOf = (database: Database.Database): readonly unknown[] =>
  database.prepare("select type, name, tbl_name, sql from sqlite_schema where sql is not null order by name").all();

const codeOf = async (work: Promise<unknown>): Promise<string | null> => {
  try {
    await work;
    return null;
  } catch (error) {
    return isTaskError(error) ? error.code : String(error);
  }
};

it("R60: the schema text is what the store itself makes", async () => {
  await prepareSqliteTaskStoreSchema({ path, tablePrefix: "x_" });
  const fresh = new Database(":memory:");
  fresh.exec(createSqliteTaskStoreSchema({ tablePrefix: "x_" }));
  const migrated = new Database(path, { readonly: true });
  expect(schemaOf(migrated)).toEqual(schemaOf(fresh));
  migrated.close();
});

it("R60: the schema, seen", () => {
  const database = new Database(":memory:");
  database.exec(createSqliteTaskStoreSchema());
  const names = database.prepare("select type || ' ' || name from sqlite_schema where sql is not null order by name");
  expect(names.pluck().all()).toMatchSnapshot("names");
  expect(createSqliteTaskStoreSchema()).toMatchSnapshot("text");
});

it("R60, S13: a hostile prefix never reaches a statement", () => {
  for (const tablePrefix of ["a b", 'a"; drop table x; --', "A_", "", "1", "a.b", `a${"b".repeat(41)}`]) {
    expect(() => createSqliteTaskStoreSchema({ tablePrefix })).toThrow(/tablePrefix must match/);
    expect(() => createSqliteTaskStore({ path, tablePrefix })).toThrow(/tablePrefix must match/);
  }
});

it("R60: two prefixes live in one file", async () => {
  const stores = ["a_", "b_"].map((tablePrefix) => createSqliteTaskStore({ path, tablePrefix }));
  for (const store of stores) expect((await store.read({})).tasks).toEqual([]);
  await Promise.all(stores.map((store) => store.close()));
});

it("R60: preparing twice changes nothing, and keeps the epoch", async () => {
  await prepareSqliteTaskStoreSchema({ path });
  const epochOf = (): unknown => {
    const database = new Database(path, { readonly: true });
    const epoch = database.prepare("select value from millrace_meta where name = 'epoch'").pluck().get();
    database.close();
    return epoch;
  };
  const before = epochOf();
  await prepareSqliteTaskStoreSchema({ path });
  expect(epochOf()).toBe(before);
});

it("R60: a store of the first version is brought up to date with all it holds", async () => {
  const id = "01234567-89ab-7def-8123-456789abcdef";
  const seen = { hostId: "h1", kinds: ["work"], aliveForMs: 30_000, slots: 1, running: 0, label: "old", version: "" };
  const database = new Database(path);
  database.exec(withTablePrefix(migrations[0]?.sql ?? "", "x_"));
  database.exec(`
    insert into x_meta values ('schema_version', 1), ('epoch', 'e');
    insert into x_kind (kind, last_seen_at) values ('work', 1);
    insert into x_task (seq, id, kind, status, scheduled_at, created_at, input) values (1, '${id}', 'work', 1, 5, 5, '7');
    insert into x_count values ('', 'work', 1, 1)`);
  database
    .prepare("insert into x_host values ('h1', ?, 'running', 0, 1, ?, 3, null)")
    .run(JSON.stringify({ ...seen, state: "running" }), Date.now());
  database.close();
  const store = createSqliteTaskStore({ path, tablePrefix: "x_" });
  const hosts = store.facet("hosts");
  expect(await hosts?.list()).toMatchObject([{ ...seen, podId: null, supersededAt: null, startedAt: 1 }]);
  expect(await hosts?.tellUnserved()).toEqual([{ kind: "work", queued: 1, since: 5 }]);
  const begins = { ...seen, podId: "p", state: "running", begins: { recover: true } } as const;
  expect(await hosts?.beat(begins)).toEqual({ drain: false, supersededBy: null });
  const claim = { hostId: "h1", kinds: [{ kind: "work", slots: 1 }], limit: 1, leaseMs: 1_000 };
  const { tasks } = await store.claim({ ...claim, suspects: "include" });
  expect(tasks.map(({ task }) => [task.id, task.input, task.attempt])).toEqual([[id, "7", 1]]);
  await store.close();
});

it("R60: a newer schema is refused", async () => {
  await prepareSqliteTaskStoreSchema({ path });
  const database = new Database(path);
  database.exec("update millrace_meta set value = 999 where name = 'schema_version'");
  database.close();
  const store = createSqliteTaskStore({ path });
  expect(await codeOf(store.read({}))).toBe("STORE_SCHEMA_NEWER");
  await store.close();
});

it("R60: a stranger's table in the way is refused and left as it is", async () => {
  const database = new Database(path);
  database.exec("create table millrace_task (mine text); insert into millrace_task values ('keep')");
  const store = createSqliteTaskStore({ path });
  expect(await codeOf(store.enqueue([{ tasks: [] }]))).toBe("STORE_SCHEMA_FOREIGN");
  await store.close();
  expect(database.prepare("select mine from millrace_task").pluck().all()).toEqual(["keep"]);
  database.close();
});

it("R60: a stranger's meta table is recognised as such", async () => {
  const database = new Database(path);
  database.exec("create table millrace_meta (other text)");
  database.close();
  expect(await codeOf(prepareSqliteTaskStoreSchema({ path }))).toBe("STORE_SCHEMA_FOREIGN");
});

it("R60: without migrations a missing schema is an error that says what to do", async () => {
  const store = createSqliteTaskStore({ path, migrate: false });
  expect(await codeOf(store.read({}))).toBe("STORE_SCHEMA_OLDER");
  await store.close();
});

it("R60: a migration that fails leaves nothing of itself behind", () => {
  const database = new Database(":memory:");
  // An index of that name makes the last of many statements fail.
  database.exec("create table other (a); create index x_task_id on other (a)");
  const options = {
    database: overBetterSqlite3(database),
    names: tableNames("x_"),
    prefix: "x_",
    random: systemRandom,
  };
  expect(() => migrate(options)).toThrow(expect.objectContaining({ code: "MIGRATION_FAILED" }) as Error);
  expect(database.prepare("select name from sqlite_schema where name like 'x#_%' escape '#'").pluck().all()).toEqual([
    "x_task_id",
  ]);
});

it("R60: four processes that migrate at once all succeed", async () => {
  const module = new URL("../create-sqlite-task-store.ts", import.meta.url).href;
  const code = `
    const { prepareSqliteTaskStoreSchema } = await import(${JSON.stringify(module)});
    await prepareSqliteTaskStoreSchema({ path: ${JSON.stringify(path)} });
    console.log("made");`;
  const outputs = await Promise.all([1, 2, 3, 4].map(() => runNode(code)));
  expect(outputs.map(({ stdout }) => stdout.trim())).toEqual(["made", "made", "made", "made"]);
  const database = new Database(path, { readonly: true });
  expect(database.prepare("select count(*) from millrace_meta where name = 'epoch'").pluck().get()).toBe(1);
  database.close();
}, 60_000);
