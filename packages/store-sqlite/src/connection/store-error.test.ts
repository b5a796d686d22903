import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { aGroup } from "@millrace/conformance";
import { isTaskError, type TaskError } from "@millrace/models";
import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createSqliteTaskStore, prepareSqliteTaskStoreSchema } from "../create-sqlite-task-store.ts";
import { isBusy, sqliteCode, storeError } from "./store-error.ts";

let folder = "";
let path = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "millrace-errors-"));
  path = join(folder, "tasks.sqlite");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const thrown = async (work: Promise<unknown>): Promise<TaskError> => {
  try {
    await work;
  } catch (error) {
    if (isTaskError(error)) return error;
    throw error;
  }
  throw new Error("It did not throw.");
};

it("F1: makes the directory of a new file", async () => {
  const store = createSqliteTaskStore({ path: join(folder, "a", "b", "tasks.sqlite") });
  expect((await store.read({})).tasks).toEqual([]);
  await store.close();
  expect(existsSync(join(folder, "a", "b", "tasks.sqlite"))).toBe(true);
});

it("F1: a path that is a directory, or goes through a file, is a wrong path", async () => {
  writeFileSync(join(folder, "file"), "");
  for (const wrong of [folder, join(folder, "file", "tasks.sqlite")]) {
    const store = createSqliteTaskStore({ path: wrong });
    const error = await thrown(store.enqueue([aGroup({})]));
    expect(error).toMatchObject({ code: "STORE_PATH_INVALID", retryable: false, details: { path: wrong } });
    expect(error.fix).not.toBe("");
    await store.close();
  }
});

it("F1: neither path nor database, both, or a wrong option is refused at once", () => {
  const refused = (options: object, option: string): void =>
    expect(() => createSqliteTaskStore(options)).toThrow(
      expect.objectContaining({ code: "OPTION_INVALID", details: { path: option } }) as Error,
    );
  refused({}, "path");
  refused({ path: "" }, "path");
  refused({ path: "a\0b" }, "path");
  refused({ path: 7 }, "path");
  refused({ database: {} }, "database");
  refused({ path, database: new Database(":memory:") }, "path");
  refused({ path, driver: "mysql" }, "driver");
  refused({ path, busyTimeoutMs: -1 }, "busyTimeoutMs");
  refused({ path, cacheBytes: 1 }, "cacheBytes");
  refused({ path, readTimeoutMs: 1.5 }, "readTimeoutMs");
  refused({ path, relaxedDurability: "yes" }, "relaxedDurability");
});

it("a file that is no database is corrupt", async () => {
  writeFileSync(path, "this is not a database, and it is long enough to be read as one".repeat(100));
  const store = createSqliteTaskStore({ path });
  expect(await thrown(store.read({}))).toMatchObject({ code: "STORE_CORRUPT" });
  await store.close();
});

it("a file that cannot be written says so", async () => {
  await prepareSqliteTaskStoreSchema({ path });
  const database = new Database(path);
  database.pragma("journal_mode = delete");
  database.close();
  chmodSync(path, 0o444);
  // The super-user writes everything; a connection that may only read stands for the rights it cannot lose.
  const readOnly = new Database(path, { readonly: true });
  const store = createSqliteTaskStore({ database: readOnly });
  expect(await thrown(store.enqueue([aGroup({})]))).toMatchObject({ code: "STORE_READ_ONLY" });
  await store.close();
  readOnly.close();
});

it("F58: a full database refuses, loses nothing acknowledged, and goes on when there is room again", async () => {
  const database = new Database(path);
  const store = createSqliteTaskStore({ database });
  await store.enqueue([aGroup({ input: '"first"' })]);
  const pages = Number(database.pragma("page_count", { simple: true }));
  database.pragma(`max_page_count = ${pages + 2}`);
  const big = JSON.stringify("x".repeat(100_000));
  const [refused, alsoRefused] = await Promise.all([
    thrown(store.enqueue([aGroup({ input: big })])),
    thrown(store.enqueue([aGroup({ input: big })])),
  ]);
  expect(refused).toMatchObject({ code: "STORE_FULL", retryable: true });
  expect(alsoRefused).toMatchObject({ code: "STORE_FULL" });
  expect((await store.read({})).tasks.map(({ input }) => input)).toEqual(['"first"']);
  database.pragma("max_page_count = 100000");
  await store.enqueue([aGroup({ input: big })]);
  expect((await store.read({})).tasks).toHaveLength(2);
  await store.close();
  database.close();
});

it("Q74: one call that cannot be stored does not take its neighbours of the same turn with it", async () => {
  const database = new Database(path);
  const store = createSqliteTaskStore({ database });
  await store.enqueue([aGroup({ input: '"first"' })]);
  const pages = Number(database.pragma("page_count", { simple: true }));
  database.pragma(`max_page_count = ${pages + 4}`);
  const [small, big, alsoSmall] = await Promise.allSettled([
    store.enqueue([aGroup({ input: "1" })]),
    store.enqueue([aGroup({ input: JSON.stringify("x".repeat(100_000)) })]),
    store.enqueue([aGroup({ input: "2" })]),
  ]);
  expect([small?.status, big?.status, alsoSmall?.status]).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect((await store.read({ orderBy: "created_asc" })).tasks.map(({ input }) => input)).toEqual(['"first"', "1", "2"]);
  await store.close();
  database.close();
});

it("F58: a file that stays locked is busy, and the store goes on once it is free", async () => {
  await prepareSqliteTaskStoreSchema({ path });
  const other = new Database(path);
  other.exec("begin immediate");
  const store = createSqliteTaskStore({ path, busyTimeoutMs: 60 });
  expect(await thrown(store.enqueue([aGroup({})]))).toMatchObject({ code: "STORE_BUSY", retryable: true });
  other.exec("rollback");
  expect(await store.enqueue([aGroup({})])).toMatchObject([{ status: "stored" }]);
  await store.close();
  other.close();
});

it("a closed store says so", async () => {
  const store = createSqliteTaskStore({ path });
  await store.close();
  await store.close();
  for (const call of [store.enqueue([aGroup({})]), store.read({}), store.read({ orderBy: "status_asc" })]) {
    expect(await thrown(call)).toMatchObject({ code: "STORE_CLOSED" });
  }
});

it("work that was asked for before a close is done", async () => {
  const store = createSqliteTaskStore({ path });
  const asked = store.enqueue([aGroup({})]);
  await store.close();
  expect(await asked).toMatchObject([{ status: "stored" }]);
});

it("understands what each driver throws", () => {
  expect(sqliteCode(Object.assign(new Error("x"), { code: "SQLITE_BUSY_SNAPSHOT" }))).toBe("SQLITE_BUSY_SNAPSHOT");
  expect(sqliteCode(Object.assign(new Error("x"), { code: "ERR_SQLITE_ERROR", errcode: 5 + 256 }))).toBe("SQLITE_BUSY");
  expect(isBusy(Object.assign(new Error("x"), { errcode: 6 }))).toBe(true);
  expect(isBusy(new Error("x"))).toBe(false);
  const mapped = (code: string): string => storeError(Object.assign(new Error("x"), { code }), "f").code;
  expect(mapped("SQLITE_IOERR_FSYNC")).toBe("STORE_UNAVAILABLE");
  expect(mapped("SQLITE_CORRUPT_VTAB")).toBe("STORE_CORRUPT");
  expect(mapped("SQLITE_CANTOPEN")).toBe("STORE_PATH_INVALID");
  expect(mapped("SQLITE_READONLY_DBMOVED")).toBe("STORE_READ_ONLY");
  expect(mapped("SQLITE_CONSTRAINT")).toBe("INTERNAL");
});
