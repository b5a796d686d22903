import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createHost, createTaskStore, type TaskHost, type TaskStore } from "./index.ts";
import { openPostgresSchema } from "./testing/postgres-schema.ts";
import type { Sale } from "./testing/shop.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "millrace-shop-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** A host whose handler runs in a child process. */
function hostOf(store: TaskStore<unknown>, name: "sellOnSqlite" | "sellOnPostgres"): TaskHost<unknown> {
  const entrypoint = { module: new URL("./testing/shop.ts", import.meta.url), export: name };
  return createHost({ store, handlers: [{ kind: "sell", entrypoint, maxInterruptions: 1 }] });
}

/** Sells three times, and says how each task ended. */
async function sellAll(host: TaskHost<unknown>, place: Pick<Sale, "where" | "schema">): Promise<unknown[]> {
  const ends: unknown[] = [];
  for (const end of ["commit", "rollback", "exit"] as const) {
    const { task } = await host.enqueue("sell", { item: end, end, ...place });
    await host.awaitResult(task.id).catch(() => null);
    const { status, output, failure } = (await host.getTask(task.id)) ?? {};
    ends.push({ status, output, message: failure?.message ?? null });
  }
  return ends;
}

const expected = [
  { status: "succeeded", output: { sold: "commit", pid: expect.any(Number) as number }, message: null },
  { status: "failed", output: undefined, message: expect.stringContaining("was not committed") as string },
  { status: "failed", output: undefined, message: expect.stringContaining("exit") as string },
];

describe("completeInTx in a child process", { timeout: 30_000 }, () => {
  it("I12: on SQLite what the handler wrote exists exactly when its task has succeeded", async () => {
    const where = join(folder, "shop.sqlite");
    const shop = new Database(where);
    shop.exec("create table sold (item text)");
    await using host = hostOf(createTaskStore({ driver: "sqlite", sqlite: { path: where } }), "sellOnSqlite");
    await host.start();
    expect(await sellAll(host, { where })).toEqual(expected);
    expect(shop.prepare("select item from sold").pluck().all()).toEqual(["commit"]);
    shop.close();
  });

  it("I12: on Postgres too", async () => {
    await using place = await openPostgresSchema();
    const { connectionString: where, schema, client } = place;
    const store = createTaskStore({ driver: "postgres", postgres: { connectionString: where, schema } });
    await using host = hostOf(store, "sellOnPostgres");
    await host.start();
    await client.query(`create table "${schema}".sold (item text)`);
    expect(await sellAll(host, { where, schema })).toEqual(expected);
    expect((await client.query(`select item from "${schema}".sold`)).rows).toEqual([{ item: "commit" }]);
  });
});
