import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { aGroup, aRequest } from "@millrace/conformance";
import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createSqliteTaskStore } from "../create-sqlite-task-store.ts";
import { resolveSqliteOptions } from "../sqlite-store-options.ts";
import { CheckpointThread } from "./checkpoint-thread.ts";

let folder = "";
let path = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "millrace-checkpoint-"));
  path = join(folder, "tasks.sqlite");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A file with about 350 pages in its log, which nobody copies. */
function filledLog(): Database.Database {
  const database = new Database(path);
  database.exec("pragma journal_mode = wal; pragma wal_autocheckpoint = 0; create table big (value)");
  database.exec("insert into big select zeroblob(4000) from json_each('[" + "0,".repeat(349) + "0]')");
  return database;
}

/** How many pages the log has, and how many of them were copied. */
function logOf(database: Database.Database): { readonly log: number; readonly checkpointed: number } {
  const [found] = database.pragma("wal_checkpoint(noop)") as { log: number; checkpointed: number }[];
  return { log: found?.log ?? 0, checkpointed: found?.checkpointed ?? 0 };
}

it("copies the log from a thread, once enough was written", async () => {
  const database = filledLog();
  const thread = new CheckpointThread(resolveSqliteOptions({ path }));
  for (let commit = 0; commit < 50; commit += 1) thread.written(20);
  await thread.close();
  expect(logOf(database).checkpointed).toBe(0);
  const busy = new CheckpointThread(resolveSqliteOptions({ path }));
  for (let commit = 0; commit < 100; commit += 1) busy.written(20);
  // It looks before it hears that it is to close.
  await busy.close();
  const { log, checkpointed } = logOf(database);
  expect(log).toBeGreaterThan(300);
  expect(checkpointed).toBe(log);
  database.close();
});

it("leaves the log of a database that the caller has opened to the caller", async () => {
  const database = filledLog();
  const thread = new CheckpointThread(resolveSqliteOptions({ database }));
  thread.written(10_000);
  await thread.close();
  expect(logOf(database).checkpointed).toBe(0);
  database.close();
});

it("a thread that cannot open the file ends without a word: SQLite goes on with its own checkpoints", async () => {
  const thread = new CheckpointThread(resolveSqliteOptions({ path: join(folder, "nowhere", "tasks.sqlite") }));
  thread.written(10_000);
  await thread.close();
  thread.written(10_000);
  await thread.close();
});

it("a process that may start no thread writes all the same", async () => {
  const module = new URL("../create-sqlite-task-store.ts", import.meta.url).href;
  const code = `
    const { createSqliteTaskStore } = await import(${JSON.stringify(module)});
    const request = ${JSON.stringify(aRequest({}))};
    const store = createSqliteTaskStore({ path: ${JSON.stringify(path)} });
    await store.enqueue(Array.from({ length: 2_500 }, () => ({ tasks: [{ ...request, id: crypto.randomUUID() }] })));
    await store.enqueue([{ tasks: [{ ...request, id: crypto.randomUUID() }] }]);
    console.log((await store.aggregate({})).total.count);
    await store.close();`;
  const mayNot = ["--permission", "--allow-addons", "--allow-fs-read=*", "--allow-fs-write=*"];
  const node = [...mayNot, "--conditions=@millrace/source", "--input-type=module", "-e", code];
  expect((await promisify(execFile)(process.execPath, node)).stdout).toBe("2501\n");
});

it("a store that writes much has its log copied while it writes on", async () => {
  const store = createSqliteTaskStore({ path, relaxedDurability: true });
  await store.kinds();
  // While it is open, nobody copies the log because the store closes.
  const outside = new Database(path);
  outside.pragma("schema_version");
  outside.pragma("wal_checkpoint(passive)");
  const before = statSync(path).size;
  // About 800 pages: SQLite would not begin by itself before 1,000.
  for (let turn = 0; turn < 20; turn += 1) {
    await Promise.all(Array.from({ length: 100 }, () => store.enqueue([aGroup({})])));
  }
  await store.close();
  expect(statSync(path).size - before).toBeGreaterThan(100_000);
  outside.close();
});
