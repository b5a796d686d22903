import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { aGroup } from "@millrace/conformance";
import { isTaskError } from "@millrace/models";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createSqliteTaskStore } from "../create-sqlite-task-store.ts";
import { resolveSqliteOptions } from "../sqlite-store-options.ts";
import { isQuickAggregate, isQuickQuery } from "./is-quick.ts";
import { ReaderThread } from "./reader-thread.ts";

let folder = "";
let path = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "millrace-thread-"));
  path = join(folder, "tasks.sqlite");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("T24, T25: reads that may be slow are done elsewhere, and see what was acknowledged before", async () => {
  const store = createSqliteTaskStore({ path });
  expect((await store.read({ orderBy: "status_asc" })).tasks).toEqual([]);
  await store.enqueue([aGroup({ priority: 1 }, { priority: 2, input: '"x"' }, { delayMs: 50_000 })]);
  const page = await store.read({ orderBy: "scheduled_desc", limit: 2 });
  expect(page.tasks).toHaveLength(2);
  expect(Object.isFrozen(page.tasks[0]) && Object.isFrozen(page)).toBe(true);
  const rest = await store.read({ orderBy: "scheduled_desc", limit: 2, after: page.next ?? "" });
  expect(rest.tasks).toHaveLength(1);
  expect(rest.next).toBeNull();
  expect((await store.aggregate({ originType: "client" })).total).toEqual({ count: 3, exact: true });
  await store.close();
});

it("what is wrong with a query comes back from the thread as it is", async () => {
  const store = createSqliteTaskStore({ path });
  await expect(store.read({ orderBy: "updated_asc", after: "nonsense" })).rejects.toThrow(
    expect.objectContaining({ code: "CURSOR_INVALID" }) as Error,
  );
  await store.close();
});

it("a read that takes too long is given up, and the next one is answered", async () => {
  const store = createSqliteTaskStore({ path });
  await store.enqueue([aGroup({})]);
  const options = resolveSqliteOptions({ path });
  // The thread itself takes longer to start than this.
  const hasty = new ReaderThread({ ...options, readTimeoutMs: 1 });
  const failure = await hasty.ask(Date.now(), { type: "tasks", query: {} }).catch((error: unknown) => error);
  expect(isTaskError(failure, "STORE_BUSY")).toBe(true);
  await hasty.close();
  const patient = new ReaderThread(options);
  expect(await patient.ask(Date.now(), { type: "tasks", query: {} })).toMatchObject({ tasks: [{}] });
  await patient.close();
  await store.close();
});

it("knows which reads are quick", () => {
  for (const query of [
    {},
    { kinds: ["a"], statuses: ["failed" as const] },
    { tags: ["t"] },
    { channels: ["scope:a"], limit: 5 },
  ]) {
    expect(isQuickQuery(query), JSON.stringify(query)).toBe(true);
  }
  for (const query of [
    { orderBy: "updated_desc" as const },
    { tags: ["t", "u"] },
    { tags: ["t"], kinds: ["a"] },
    { channels: ["kind:a"] },
    { reasons: ["TASK_FAILED"] },
    { offset: 5_000 },
    { kinds: ["a"], statuses: ["queued" as const] },
    { states: ["retrying" as const] },
  ]) {
    expect(isQuickQuery(query), JSON.stringify(query)).toBe(false);
  }
  expect(isQuickAggregate({ kinds: ["a"], tenantId: "" })).toBe(true);
  expect(isQuickAggregate({ tags: ["t"] })).toBe(false);
});
