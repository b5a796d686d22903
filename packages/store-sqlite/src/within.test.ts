import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { aGroup, aRequest } from "@millrace/conformance";
import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createSqliteTaskStore } from "./create-sqlite-task-store.ts";

let folder = "";
let path = "";
let mine: Database.Database;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "millrace-within-"));
  path = join(folder, "tasks.sqlite");
  mine = new Database(path);
  mine.pragma("journal_mode = wal");
  mine.exec("create table orders (id integer primary key, note text)");
});
afterEach(() => {
  mine.close();
  rmSync(folder, { recursive: true, force: true });
});

it("Q74, F1: a task and the caller's own row exist together or not at all", async () => {
  const store = createSqliteTaskStore({ path });
  await store.read({});
  const order = (note: string, fails: boolean): void =>
    mine.transaction(() => {
      mine.prepare("insert into orders (note) values (?)").run(note);
      store.withinSync?.(mine).enqueue([aGroup({ input: JSON.stringify(note) })]);
      if (fails) throw new Error("the caller changed its mind");
    })();
  order("kept", false);
  expect(() => order("gone", true)).toThrow("changed its mind");
  expect(mine.prepare("select note from orders").pluck().all()).toEqual(["kept"]);
  expect((await store.read({})).tasks.map(({ input }) => input)).toEqual(['"kept"']);
  expect((await store.aggregate({})).total.count).toBe(1);
  await store.close();
});

it("I12: the output and the effects of a task are one transaction", async () => {
  const store = createSqliteTaskStore({ path });
  await store.enqueue([aGroup({})]);
  const { tasks } = await store.claim({
    hostId: "h",
    kinds: [{ kind: "work", slots: 1 }],
    limit: 1,
    leaseMs: 60_000,
    suspects: "include",
  });
  const task = tasks[0]?.task;
  const settlement = {
    taskId: task?.id ?? "",
    attempt: 1,
    leaseToken: task?.leaseToken ?? "",
    started: true,
    settlement: { type: "succeed", output: "1" } as const,
  };
  mine.exec("begin");
  mine.exec("insert into orders (note) values ('effect')");
  expect(await store.within(mine).settle([settlement])).toMatchObject([{ status: "held", next: "succeeded" }]);
  mine.exec("rollback");
  expect((await store.get([settlement.taskId]))[0]).toMatchObject({ status: "claimed" });
  mine.transaction(() => {
    mine.exec("insert into orders (note) values ('effect')");
    store.withinSync?.(mine).settle([settlement]);
  })();
  expect((await store.get([settlement.taskId]))[0]).toMatchObject({ status: "succeeded", output: "1" });
  // The host's own settlement, which comes after, learns that it is done.
  expect(await store.settle([settlement])).toMatchObject([{ status: "held", replayed: true, next: "succeeded" }]);
  await store.close();
});

it("a refused group leaves the caller's transaction as it was", async () => {
  const store = createSqliteTaskStore({ path });
  await store.read({});
  mine.exec("begin");
  mine.exec("insert into orders (note) values ('kept')");
  const unknown = aRequest().id;
  const group = aGroup({}, { dependencies: [{ taskId: unknown, onFailure: "fail" }] });
  expect(store.withinSync?.(mine).enqueue([group])).toMatchObject([{ status: "refused", code: "DEPENDENCY_UNKNOWN" }]);
  mine.exec("commit");
  expect(mine.prepare("select note from orders").pluck().all()).toEqual(["kept"]);
  expect((await store.read({})).tasks).toEqual([]);
  await store.close();
});

it("wakes watchers, and refuses what is no transaction", async () => {
  const store = createSqliteTaskStore({ path });
  await store.read({});
  let wakes = 0;
  store.watch(() => (wakes += 1));
  mine.transaction(() => store.withinSync?.(mine).enqueue([aGroup({})]))();
  await Promise.resolve();
  expect(wakes).toBe(1);
  const code = expect.objectContaining({ code: "TX_UNSUPPORTED" }) as Error;
  expect(() => store.withinSync?.(mine).enqueue([aGroup({})])).toThrow(code);
  await expect(store.within({} as Database.Database).enqueue([aGroup({})])).rejects.toMatchObject({
    code: "OPTION_INVALID",
    details: { path: "tx" },
  });
  await store.close();
});
