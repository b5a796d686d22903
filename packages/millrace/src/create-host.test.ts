import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  createHost,
  createInProcessTaskExecutor,
  createTaskStore,
  defaultStorePath,
  defineTask,
  type TaskExecutor,
} from "./index.ts";
import { openPostgresSchema } from "./testing/postgres-schema.ts";

const inline = defineTask({ kind: "inline", run: (n: number) => ({ double: 2 * n, pid: process.pid }) });
const greet = { kind: "greet", entrypoint: { module: new URL("./testing/greet.ts", import.meta.url), export: "run" } };

const before = process.cwd();
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "millrace-host-"));
  process.chdir(folder);
});
afterEach(async () => {
  process.chdir(before);
  await rm(folder, { recursive: true });
});

describe("a host with everything a first project needs", { timeout: 30_000 }, () => {
  it("keeps its tasks in a file of the working directory, which it makes when it is first used", async () => {
    await using host = createHost({ tasks: [inline] });
    expect(existsSync(join(folder, ".millrace"))).toBe(false);
    await host.start();
    const { task } = await host.enqueue(inline, 21);
    await host.awaitResult(task.id);
    expect(existsSync(join(folder, defaultStorePath))).toBe(true);
  });

  it("tells of an enqueue before it tells of the claim that shares its transaction", async () => {
    await using host = createHost({ tasks: [inline] });
    const told: string[] = [];
    host.onLifecycleEvent(({ event }) => void told.push(event));
    await host.start();
    const { task } = await host.enqueue(inline, 21);
    await host.awaitResult(task.id);
    expect(told).toEqual(["enqueued", "claimed", "started", "succeeded"]);
  });

  it("runs a function in this process, and a module in a child process", async () => {
    await using host = createHost({ tasks: [inline], handlers: [greet] });
    await host.start();
    const { task: here } = await host.enqueue(inline, 21);
    const { task: there } = await host.enqueue("greet", "Ada");
    expect(await host.awaitResult(here.id)).toEqual({ double: 42, pid: process.pid });
    const result = await host.awaitResult<{ readonly greeting: string; readonly pid: number }>(there.id);
    expect(result.greeting).toBe("Hello Ada");
    expect(result.pid).not.toBe(process.pid);
    expect(host.getTaskInfo("inline")?.executor).toBe("in-process");
    expect(host.getTaskInfo("greet")?.executor).toBe("child-process");
  });

  it("keeps its tasks over a restart", async () => {
    const first = createHost({ tasks: [inline] });
    const { task } = await first.enqueue(inline, 4);
    await first.close();
    await using second = createHost({ tasks: [inline] });
    await second.start();
    expect(await second.awaitResult(task.id)).toMatchObject({ double: 8 });
  });

  it("takes another path", async () => {
    await using host = createHost({ path: "elsewhere/work.sqlite" });
    expect(await host.listKinds()).toEqual([]);
    expect(existsSync(join(folder, "elsewhere/work.sqlite"))).toBe(true);
    expect(existsSync(join(folder, ".millrace"))).toBe(false);
  });

  it("takes another store, and makes no file then", async () => {
    const store = createTaskStore({ driver: "sqlite", sqlite: { path: ":memory:" } });
    await using host = createHost({ store, tasks: [inline] });
    await host.start();
    const { task } = await host.enqueue(inline, 5);
    expect(await host.awaitResult(task.id)).toMatchObject({ double: 10 });
    expect(existsSync(join(folder, ".millrace"))).toBe(false);
  });

  it("R58: takes a Postgres, and makes no file then", async () => {
    await using place = await openPostgresSchema();
    const { connectionString, schema } = place;
    await using host = createHost({ postgres: { connectionString, schema }, tasks: [inline], handlers: [greet] });
    await host.start();
    const { task: here } = await host.enqueue(inline, 5);
    const { task: there } = await host.enqueue("greet", "Ada");
    expect(await host.awaitResult(here.id)).toMatchObject({ double: 10 });
    expect(await host.awaitResult(there.id)).toMatchObject({ greeting: "Hello Ada" });
    const { rows } = await place.client.query(`select count(*)::int as tasks from "${schema}".millrace_task`);
    expect(rows).toEqual([{ tasks: 2 }]);
    expect(existsSync(join(folder, ".millrace"))).toBe(false);
  });

  it("refuses two places for its tasks", () => {
    const postgres = { connectionString: "postgres://nobody@localhost/nothing" };
    expect(() => createHost({ path: "here.sqlite", postgres })).toThrow(
      expect.objectContaining({ code: "OPTION_INVALID", details: { path: "postgres" } }),
    );
    const store = createTaskStore({ driver: "sqlite", sqlite: { path: ":memory:" } });
    expect(() => createHost({ path: "here.sqlite", store })).toThrow(
      expect.objectContaining({ code: "OPTION_INVALID", details: { path: "store" } }),
    );
  });

  it("takes another executor, which then runs modules too", async () => {
    await using host = createHost({ executor: createInProcessTaskExecutor(), tasks: [inline], handlers: [greet] });
    await host.start();
    const { task } = await host.enqueue("greet", "Ada");
    expect(await host.awaitResult(task.id)).toEqual({ greeting: "Hello Ada", pid: process.pid });
  });

  it("passes every other option on", async () => {
    await using host = createHost({ path: ":memory:", runner: { id: "the-one" }, defaultMaxAttempts: 5 });
    expect(host.id).toBe("the-one");
    expect(() => createHost({ runner: { leaseMs: 1 } })).toThrow(expect.objectContaining({ code: "OPTION_INVALID" }));
  });

  it("says that no executor runs a handler as the executors say it", () => {
    const picky: TaskExecutor = { ...createInProcessTaskExecutor(), refuses: () => "not today" };
    expect(() => createHost({ executor: picky, tasks: [inline] })).toThrow(
      expect.objectContaining({ code: "HANDLER_REFUSED", message: expect.stringContaining("not today") }),
    );
  });
});
