import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { aGroup } from "@millrace/conformance";
import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createSqliteTaskStore } from "../create-sqlite-task-store.ts";
import { bunSqliteDriver, overBunSqlite } from "./bun-sqlite-driver.ts";
import { chooseDriver } from "./choose-driver.ts";
import type { SqliteDriverName } from "./sqlite-database.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "millrace-driver-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const [major = 0] = process.versions.node.split(".").map(Number);
const here: readonly SqliteDriverName[] = major >= 24 ? ["better-sqlite3", "node:sqlite"] : ["better-sqlite3"];

it("R59: the drivers of this runtime do the same work, on the same file", async () => {
  const path = join(folder, "tasks.sqlite");
  for (const driver of here) {
    const store = createSqliteTaskStore({ path, driver });
    const bytes = new Uint8Array([0, 1, 255]);
    const [stored] = await store.enqueue([aGroup({ input: { codecId: "c", bytes }, tags: ["t"] })]);
    const id = stored?.status === "stored" ? (stored.results[0]?.task.id ?? "") : "";
    const { tasks } = await store.claim({
      hostId: driver,
      kinds: [{ kind: "work", slots: 1 }],
      limit: 1,
      leaseMs: 1_000,
      suspects: "include",
    });
    expect(tasks[0]?.task).toMatchObject({ id, input: { codecId: "c", bytes } });
    const lease = { taskId: id, attempt: 1, leaseToken: tasks[0]?.task.leaseToken ?? "" };
    const failure = { type: "fail", reason: "TASK_FAILED", failure: '{"name":"E"}', fingerprint: null } as const;
    const settlement = { ...failure, permanent: true, maxAttempts: 1, delayMs: 0 };
    expect(await store.settle([{ ...lease, started: true, settlement }])).toMatchObject([{ next: "failed" }]);
    expect((await store.read({ statuses: ["failed"], orderBy: "finished_desc" })).tasks[0]).toMatchObject({ id });
    expect((await store.events("", 100)).status).toBe("events");
    await store.close();
  }
  const store = createSqliteTaskStore({ path });
  expect((await store.aggregate({ statuses: ["failed"] })).total.count).toBe(here.length);
  await store.close();
});

it("R59: a driver that this runtime has not says how to get one", () => {
  if ("bun" in process.versions) return;
  expect(() => bunSqliteDriver.open({ path: ":memory:", readOnly: false })).toThrow(
    expect.objectContaining({ code: "DRIVER_UNSUPPORTED" }) as Error,
  );
  expect(chooseDriver(undefined).name).toBe("better-sqlite3");
});

it("R59: speaks to a database of Bun's shape", () => {
  const real = new Database(":memory:");
  const database = overBunSqlite({
    query: (sql) => {
      const statement = real.prepare(sql);
      return {
        run: (...values) => {
          const { changes, lastInsertRowid } = statement.run(...values);
          return { changes, lastInsertRowid: Number(lastInsertRowid) };
        },
        values: (...values) => statement.raw().all(...values) as unknown[][] as never,
      };
    },
    exec: (sql) => void real.exec(sql),
    close: () => void real.close(),
  });
  database.exec("create table a (b)");
  expect(database.prepare("insert into a values (?)").run("x")).toMatchObject({ changes: 1, lastInsertRowid: 1 });
  expect(database.prepare("select b from a").get()).toEqual(["x"]);
  expect(database.prepare("select b from a where b = ?").all("y")).toEqual([]);
  expect(database.prepare("select b from a where b = ?").get("y")).toBeUndefined();
  database.close();
});
