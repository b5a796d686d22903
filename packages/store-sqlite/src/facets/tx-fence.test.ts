import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { aGroup } from "@millrace/conformance";
import { type LeasedSettlement, type TaskStore, type TxFence, type TxFenceFacet } from "@millrace/models";
import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createSqliteTaskStore } from "../create-sqlite-task-store.ts";

let folder = "";
let path = "";
let store: TaskStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "millrace-fence-"));
  path = join(folder, "tasks.sqlite");
  store = createSqliteTaskStore({ path, tablePrefix: "x_" });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Opens a fence as another process would: by nothing but the plain facet. */
async function open(facet: TxFenceFacet | null): Promise<TxFence> {
  const plain = structuredClone(facet);
  const loaded = (await import(plain?.module ?? "")) as { openTxFence: (options: unknown) => TxFence };
  return loaded.openTxFence(plain?.options);
}

/** The settlement of a task that has just been claimed. */
async function claimed(): Promise<LeasedSettlement> {
  await store.enqueue([aGroup({})]);
  const kinds = [{ kind: "work", slots: 1 }];
  const { tasks } = await store.claim({ hostId: "h", kinds, limit: 1, leaseMs: 9_000, suspects: "include" });
  const task = tasks[0]?.task;
  const lease = { taskId: task?.id ?? "", attempt: 1, leaseToken: task?.leaseToken ?? "" };
  return { ...lease, started: true, settlement: { type: "succeed", output: "7" } };
}

it("I12: settles with the caller's transaction over its own connection, or not at all", async () => {
  const fence = await open(store.facet("txFence"));
  const settlement = await claimed();
  const database = new Database(path);
  database.exec("begin immediate");
  expect(await fence.settle(database, settlement)).toMatchObject({ status: "held", next: "succeeded" });
  database.exec("rollback");
  expect((await store.get([settlement.taskId]))[0]?.status).toBe("claimed");
  database.exec("begin immediate");
  const stranger = { ...settlement, leaseToken: "another" };
  expect(await fence.settle(database, stranger)).toEqual({ status: "lost", why: "stale-lease" });
  await fence.settle(database, settlement);
  database.exec("commit");
  expect((await store.get([settlement.taskId]))[0]).toMatchObject({ status: "succeeded", output: "7" });
  // What the host sends afterwards shows it that this had been done.
  expect(await store.settle([settlement])).toMatchObject([{ status: "held", replayed: true, next: "succeeded" }]);
  await expect(fence.settle(database, settlement)).rejects.toMatchObject({ code: "TX_UNSUPPORTED" });
  await expect(fence.settle({}, settlement)).rejects.toMatchObject({ code: "OPTION_INVALID" });
  database.close();
});

it("is there for every database but one in this process's memory", async () => {
  const inMemory = createSqliteTaskStore({ path: ":memory:" });
  expect(inMemory.facet("txFence")).toBeNull();
  await inMemory.close();
  const database = new Database(path);
  const given = createSqliteTaskStore({ database, tablePrefix: "x_" });
  const settlement = await claimed();
  const fence = await open(given.facet("txFence"));
  database.exec("begin immediate");
  expect(await fence.settle(database, settlement)).toMatchObject({ status: "held" });
  database.exec("commit");
  await given.close();
  database.close();
});
