import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  createTaskClient,
  createTaskStore,
  createTaskStoreSchema,
  prepareTaskStoreSchema,
  type TaskStoreFactoryOptions,
} from "./index.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "millrace-store-"));
});
afterEach(() => rm(folder, { recursive: true }));

const optionsFor = (name: string): TaskStoreFactoryOptions => {
  return { driver: "sqlite", sqlite: { path: join(folder, name) } };
};

describe("a store by the name of its database", () => {
  it("keeps what it was given for the next who opens the file", async () => {
    const first = createTaskStore(optionsFor("tasks.sqlite"));
    const { task } = await createTaskClient({ store: first, allowUnknownKinds: true }).enqueue("mail.send", {
      to: "ada",
    });
    await first.close();
    const second = createTaskStore(optionsFor("tasks.sqlite"));
    const [found] = await second.get([task.id]);
    await second.close();
    expect(found).toMatchObject({ kind: "mail.send", status: "queued", input: '{"to":"ada"}' });
  });

  it.each(["postgres", "", undefined, 7])("refuses the driver %j by its path, and says which there are", (driver) => {
    const options = { driver } as unknown as TaskStoreFactoryOptions;
    const expected = { code: "OPTION_INVALID", details: { path: "driver", allowed: ["sqlite"] } };
    expect(() => createTaskStore(options)).toThrow(expect.objectContaining(expected));
    expect(() => createTaskStoreSchema(options)).toThrow(expect.objectContaining(expected));
  });

  it("refuses to prepare for a driver that is not there by a rejection, not by a throw", async () => {
    const options = { driver: "mysql" } as unknown as TaskStoreFactoryOptions;
    await expect(prepareTaskStoreSchema(options)).rejects.toMatchObject({ code: "OPTION_INVALID" });
  });

  it("refuses a store without a path", () => {
    expect(() => createTaskStore({ driver: "sqlite" })).toThrow(expect.objectContaining({ code: "OPTION_INVALID" }));
  });
});

describe("the schema", () => {
  it("can be prepared twice, and by several at once", async () => {
    const options = optionsFor("prepared.sqlite");
    await prepareTaskStoreSchema(options);
    await Promise.all([prepareTaskStoreSchema(options), prepareTaskStoreSchema(options)]);
    const store = createTaskStore({ driver: "sqlite", sqlite: { ...options.sqlite, migrate: false } });
    expect(await store.kinds()).toEqual([]);
    await store.close();
  });

  it("is missing for a store that must not migrate", async () => {
    const store = createTaskStore({
      driver: "sqlite",
      sqlite: { ...optionsFor("empty.sqlite").sqlite, migrate: false },
    });
    await expect(store.kinds()).rejects.toMatchObject({ code: "STORE_SCHEMA_OLDER" });
    await store.close();
  });

  it("makes as text the same tables as preparing does", async () => {
    await prepareTaskStoreSchema(optionsFor("prepared.sqlite"));
    const prepared = new Database(join(folder, "prepared.sqlite"));
    const byText = new Database(join(folder, "text.sqlite"));
    byText.exec(createTaskStoreSchema({ driver: "sqlite" }));
    const schemaOf = (database: Database.Database): unknown =>
      database.prepare("select type, name, sql from sqlite_schema order by type, name").all();
    expect(schemaOf(byText)).toEqual(schemaOf(prepared));
    prepared.close();
    byText.close();
  });

  it("takes a prefix of its own", () => {
    const text = createTaskStoreSchema({ driver: "sqlite", sqlite: { tablePrefix: "work_" } });
    expect(text).toContain("create table work_task");
    expect(text).not.toContain("millrace_");
  });
});
