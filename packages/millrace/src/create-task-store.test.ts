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
import { openPostgresSchema, type PostgresSchema } from "./testing/postgres-schema.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "millrace-store-"));
});
afterEach(() => rm(folder, { recursive: true }));

type SqliteOptions = Extract<TaskStoreFactoryOptions, { driver: "sqlite" }>;

const optionsFor = (name: string): SqliteOptions => {
  return { driver: "sqlite", sqlite: { path: join(folder, name) } };
};

/** Enqueues into one store and looks into another that was opened after it. */
async function expectKept(options: TaskStoreFactoryOptions): Promise<void> {
  const first = createTaskStore(options);
  const client = createTaskClient({ store: first, allowUnknownKinds: true });
  const { task } = await client.enqueue("mail.send", { to: "ada" });
  await first.close();
  const second = createTaskStore(options);
  const [found] = await second.get([task.id]);
  await second.close();
  expect(found).toMatchObject({ kind: "mail.send", status: "queued", input: '{"to":"ada"}' });
}

describe("a store by the name of its database", { timeout: 30_000 }, () => {
  it("keeps what it was given for the next who opens the file", () => expectKept(optionsFor("tasks.sqlite")));

  it("R58: keeps what it was given for the next who opens the schema", async () => {
    await using place = await openPostgresSchema();
    const { connectionString, schema } = place;
    await expectKept({ driver: "postgres", postgres: { connectionString, schema } });
  });

  it.each(["mysql", "", undefined, 7])("refuses the driver %j by its path, and says which there are", (driver) => {
    const options = { driver } as unknown as TaskStoreFactoryOptions;
    const expected = { code: "OPTION_INVALID", details: { path: "driver", allowed: ["sqlite", "postgres"] } };
    expect(() => createTaskStore(options)).toThrow(expect.objectContaining(expected));
    expect(() => createTaskStoreSchema(options)).toThrow(expect.objectContaining(expected));
  });

  it("refuses to prepare for a driver that is not there by a rejection, not by a throw", async () => {
    const options = { driver: "mysql" } as unknown as TaskStoreFactoryOptions;
    await expect(prepareTaskStoreSchema(options)).rejects.toMatchObject({ code: "OPTION_INVALID" });
  });

  it.each(["sqlite", "postgres"])("refuses a store of %s without a place", (driver) => {
    expect(() => createTaskStore({ driver } as unknown as TaskStoreFactoryOptions)).toThrow(
      expect.objectContaining({ code: "OPTION_INVALID" }),
    );
  });
});

describe("the schema", { timeout: 30_000 }, () => {
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

  it("R60: can be prepared in a schema of Postgres twice, and by several at once, and not by the store itself", async () => {
    await using place = await openPostgresSchema();
    const postgres = { connectionString: place.connectionString, schema: place.schema, tablePrefix: "work_" };
    const unprepared = createTaskStore({ driver: "postgres", postgres: { ...postgres, migrate: false } });
    await expect(unprepared.kinds()).rejects.toMatchObject({ code: "STORE_SCHEMA_OLDER" });
    await prepareTaskStoreSchema({ driver: "postgres", postgres });
    await Promise.all([1, 2].map(() => prepareTaskStoreSchema({ driver: "postgres", postgres })));
    expect(await unprepared.kinds()).toEqual([]);
    await unprepared.close();
  });

  it("R60: makes as text the same tables of Postgres as preparing does", async () => {
    await using prepared = await openPostgresSchema();
    await using byText = await openPostgresSchema();
    const { connectionString, schema } = prepared;
    await prepareTaskStoreSchema({ driver: "postgres", postgres: { connectionString, schema } });
    await byText.client.query(createTaskStoreSchema({ driver: "postgres", postgres: { schema: byText.schema } }));
    const columnsOf = async ({ client, schema: of }: PostgresSchema): Promise<readonly unknown[]> => {
      const text = `
        select table_name, column_name, data_type, is_nullable, replace(column_default, $1 || '.', '') as column_default
        from information_schema.columns where table_schema = $1 order by 1, 2`;
      return (await client.query(text, [of])).rows as readonly unknown[];
    };
    const columns = await columnsOf(byText);
    expect(columns.length).toBeGreaterThan(50);
    expect(columns).toEqual(await columnsOf(prepared));
  });
});
