import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { aGroup } from "@millrace/conformance";
import type { LeaseKeeper } from "@millrace/models";
import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createSqliteTaskStore } from "../create-sqlite-task-store.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "millrace-keeper-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("renews leases over a connection of its own, by the module and options it names", async () => {
  const store = createSqliteTaskStore({ path: join(folder, "tasks.sqlite"), tablePrefix: "x_" });
  await store.enqueue([aGroup({})]);
  const { tasks } = await store.claim({
    hostId: "h",
    kinds: [{ kind: "work", slots: 1 }],
    limit: 1,
    leaseMs: 1_000,
    suspects: "include",
  });
  const task = tasks[0]?.task;
  const lease = { taskId: task?.id ?? "", attempt: 1, leaseToken: task?.leaseToken ?? "" };
  const facet = store.facet("leaseKeeper");
  const module = (await import(facet?.module ?? "")) as { openLeaseKeeper: (options: unknown) => LeaseKeeper };
  const keeper = module.openLeaseKeeper(structuredClone(facet?.options));
  const stranger = { ...lease, leaseToken: "another" };
  expect(await keeper.extend([lease, stranger], 900_000)).toEqual([
    { status: "held", version: 2 },
    { status: "lost", why: "stale-lease" },
  ]);
  expect(await keeper.extend([], 1)).toEqual([]);
  await keeper.close();
  const [extended] = await store.get([lease.taskId]);
  expect((extended?.leaseExpiresAt ?? 0) - (task?.leaseExpiresAt ?? 0)).toBeGreaterThan(800_000);
  // What the store remembers of the lease is still good for the settlement.
  const settlement = { type: "succeed", output: null } as const;
  expect(await store.settle([{ ...lease, started: true, settlement }])).toMatchObject([
    { status: "held", next: "succeeded" },
  ]);
  await store.close();
});

it("is not there where no other connection can be", async () => {
  const inMemory = createSqliteTaskStore({ path: ":memory:" });
  expect(inMemory.facet("leaseKeeper")).toBeNull();
  await inMemory.close();
  const database = new Database(":memory:");
  const given = createSqliteTaskStore({ database });
  expect(given.facet("leaseKeeper")).toBeNull();
  await given.close();
  database.close();
});
