import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { aGroup, aRequest, readHistory } from "@millrace/conformance";
import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createSqliteTaskStore, prepareSqliteTaskStoreSchema } from "../create-sqlite-task-store.ts";
import type { SqliteDatabase } from "../driver/sqlite-database.ts";

let folder = "";
let path = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "millrace-writer-"));
  path = join(folder, "tasks.sqlite");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A database that notes each commit. */
function countCommits(): { readonly database: Database.Database; readonly commits: readonly string[] } {
  const database = new Database(path);
  const commits: string[] = [];
  const exec = database.prepare.bind(database);
  // Statements are prepared once and run often, so runs are what has to be counted.
  database.prepare = ((sql: string) => {
    const statement = exec(sql);
    if (sql !== "commit") return statement;
    const run = statement.run.bind(statement);
    statement.run = (...values: readonly unknown[]) => {
      commits.push(sql);
      return run(...values);
    };
    return statement;
  }) as typeof database.prepare;
  return { database, commits };
}

it("a claim that the hint of an enqueue leads to shares its transaction", async () => {
  const { database, commits } = countCommits();
  const store = createSqliteTaskStore({ database });
  await store.kinds();
  const claims: ReturnType<typeof store.claim>[] = [];
  const stop = store.watch(() => {
    const kinds = [{ kind: "work", slots: 5 }];
    claims.push(store.claim({ hostId: "h", kinds, limit: 5, leaseMs: 1_000, suspects: "include" }));
  });
  await store.enqueue([aGroup({}, {})]);
  stop();
  const [first] = await Promise.all(claims);
  expect(first?.tasks).toHaveLength(2);
  expect(commits).toHaveLength(1);
  await store.close();
  database.close();
});

it("what is asked for in one turn of the event loop is one transaction", async () => {
  const { database, commits } = countCommits();
  const store = createSqliteTaskStore({ database });
  await store.kinds();
  await Promise.all(Array.from({ length: 20 }, () => store.enqueue([aGroup({})])));
  expect(commits).toHaveLength(1);
  expect(Number(database.prepare("select count(*) from millrace_event").pluck().get())).toBe(1);
  await store.enqueue([aGroup({})]);
  expect(commits).toHaveLength(2);
  await store.close();
  database.close();
});

it("R59: settings of the file: WAL, FULL unless relaxed, 16 MiB, no memory map, no waiting inside SQLite", async () => {
  for (const [relaxedDurability, synchronous] of [
    [false, 2],
    [true, 1],
  ] as const) {
    const { connection, close } = await opened(relaxedDurability);
    const pragma = (name: string): unknown => connection.prepare(`pragma ${name}`).get()?.[0];
    expect(pragma("journal_mode")).toBe("wal");
    expect(pragma("synchronous")).toBe(synchronous);
    expect(pragma("busy_timeout")).toBe(0);
    expect(pragma("cache_size")).toBe(-16_384);
    expect(pragma("mmap_size")).toBe(0);
    expect(pragma("wal_autocheckpoint")).toBe(1000);
    close();
  }
});

async function opened(relaxedDurability: boolean): Promise<{
  readonly connection: SqliteDatabase;
  readonly close: () => void;
}> {
  const { openStore } = await import("../open-store.ts");
  const { resolveSqliteOptions } = await import("../sqlite-store-options.ts");
  const connection = openStore(resolveSqliteOptions({ path, relaxedDurability }));
  return { connection: connection.database, close: () => connection.close() };
}

it("F58: three processes on one file neither starve nor lose a task", async () => {
  await prepareSqliteTaskStoreSchema({ path });
  const module = new URL("../create-sqlite-task-store.ts", import.meta.url).href;
  const [rounds, perRound] = [40, 25];
  const codeOf = (writer: string): string => `
    const { createSqliteTaskStore } = await import(${JSON.stringify(module)});
    const request = ${JSON.stringify(aRequest({ kind: writer }))};
    const aGroup = () => ({ tasks: [{ ...request, id: crypto.randomUUID() }] });
    const store = createSqliteTaskStore({ path: ${JSON.stringify(path)} });
    let longest = 0;
    for (let round = 0; round < ${rounds}; round += 1) {
      const before = performance.now();
      await Promise.all(Array.from({ length: ${perRound} }, () => store.enqueue([aGroup()])));
      longest = Math.max(longest, performance.now() - before);
    }
    await store.close();
    console.log(Math.ceil(longest));`;
  const writers = ["first", "second", "third"];
  const outputs = await Promise.all(writers.map((writer) => runNode(codeOf(writer))));
  const store = createSqliteTaskStore({ path });
  expect((await store.aggregate({})).total).toEqual({ count: 3_000, exact: true });
  const { events } = await readHistory(store);
  await store.close();
  expect(events).toHaveLength(writers.length * rounds * perRound);
  // With SQLite's own waiting one of them waits for as long as the others write.
  for (const { stdout } of outputs) expect(Number(stdout)).toBeLessThan(2_000);
  // Nor does it while the others take turn after turn.
  const commits = events
    .filter((_, place) => place % perRound === 0)
    .map((event) => ("kind" in event ? event.kind : ""));
  for (const writer of writers) {
    const places = commits.flatMap((kind, place) => (kind === writer ? [place] : []));
    const othersBetween = places.slice(1).map((place, index) => place - (places[index] ?? 0) - 1);
    expect(Math.max(...othersBetween), commits.join(" ")).toBeLessThan(rounds);
  }
}, 60_000);

const runNode = (code: string): Promise<{ readonly stdout: string }> =>
  promisify(execFile)(process.execPath, ["--conditions=@millrace/source", "--input-type=module", "-e", code]);
