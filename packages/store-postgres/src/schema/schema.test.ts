import { isTaskError, type TaskError } from "@millrace/models";
import { Client } from "pg";
import { expect, inject, it } from "vitest";
import { createPostgresTaskStore, preparePostgresTaskStoreSchema } from "../create-postgres-task-store.ts";
import { openTestSchema, type TestSchema } from "../testing/test-schema.ts";
import { migrations } from "./migrations.generated.ts";
import { createPostgresTaskStoreSchema } from "./task-store-schema.ts";

const thrown = async (work: Promise<unknown>): Promise<TaskError> => {
  try {
    await work;
  } catch (error) {
    if (isTaskError(error)) return error;
    throw error;
  }
  throw new Error("It did not throw.");
};

async function withSchema(work: (place: TestSchema) => Promise<void>): Promise<void> {
  const place = await openTestSchema();
  try {
    await work(place);
  } finally {
    await place.drop();
  }
}

async function described({ client, schema }: TestSchema): Promise<readonly unknown[]> {
  // Else a default that names a sequence would be told with its schema or without it.
  await client.query("set search_path to pg_catalog");
  const { rows } = await client.query(
    `select table_name, column_name, data_type, is_nullable, column_default, collation_name
     from information_schema.columns where table_schema = $1
     union all select tablename, indexname, replace(indexdef, schemaname || '.', ''), null, null, null from pg_indexes where schemaname = $1
     order by 1, 2`,
    [schema],
  );
  return rows.map((row: Readonly<Record<string, unknown>>) => JSON.stringify(row).replaceAll(schema, "S"));
}

it("R60: migrators that come at once all succeed", () =>
  withSchema(async ({ connectionString, schema }) => {
    await Promise.all(Array.from({ length: 5 }, () => preparePostgresTaskStoreSchema({ connectionString, schema })));
    const store = createPostgresTaskStore({ connectionString, schema, migrate: false, listen: false });
    expect((await store.read({})).tasks).toEqual([]);
    await store.close();
  }));

it("R60: the exported text makes the schema that the store makes", () =>
  withSchema(async (made) => {
    const { connectionString } = made;
    await preparePostgresTaskStoreSchema({ connectionString, schema: made.schema });
    await withSchema(async (written) => {
      await written.client.query(createPostgresTaskStoreSchema({ schema: written.schema }));
      const expected = await described(made);
      expect(expected.length).toBeGreaterThan(100);
      expect(await described(written)).toEqual(expected);
    });
  }));

it("R60: a schema that is newer, missing or somebody else's is refused with what to do", () =>
  withSchema(async ({ connectionString, schema, client }) => {
    const open = async (migrate: boolean): Promise<TaskError> => {
      const store = createPostgresTaskStore({ connectionString, schema, migrate, listen: false });
      try {
        return await thrown(store.read({}));
      } finally {
        await store.close();
      }
    };
    expect(await open(false)).toMatchObject({ code: "STORE_SCHEMA_OLDER", details: { found: 0 } });
    await client.query(`create schema "${schema}"; create table "${schema}".millrace_task (a int)`);
    expect(await open(true)).toMatchObject({ code: "STORE_SCHEMA_FOREIGN" });
    await client.query(`drop table "${schema}".millrace_task`);
    await preparePostgresTaskStoreSchema({ connectionString, schema });
    await client.query(`update "${schema}".millrace_meta set value = '99' where name = 'schema_version'`);
    const newer = await open(true);
    expect(newer).toMatchObject({ code: "STORE_SCHEMA_NEWER", details: { found: 99 } });
    expect(newer.fix).not.toBe("");
  }));

it("R60: a store of the first version is brought up to date with all it holds", () =>
  withSchema(async ({ connectionString, schema, client }) => {
    const id = "01234567-89ab-7def-8123-456789abcdef";
    const seen = { hostId: "h1", kinds: ["work"], aliveForMs: 30_000, slots: 1, running: 0, label: "old", version: "" };
    await client.query(`create schema "${schema}"; set search_path to "${schema}"; ${migrations[0]?.sql ?? ""}
      insert into millrace_meta values ('schema_version', '1'), ('epoch', 'e');
      insert into millrace_kind (kind, last_seen_at) values ('work', 1);
      insert into millrace_task (id, kind, status, scheduled_at, created_at, updated_at, input)
        values ('${id}', 'work', 1, 5, 5, 5, '7');
      insert into millrace_queue (id, kind, scheduled_at) values ('${id}', 'work', 5);
      insert into millrace_count values ('', 'work', 1, 1);
      insert into millrace_host values
        ('h1', '${JSON.stringify({ ...seen, state: "running" })}', 'running', false, 1, ${Date.now()}, 3, null)`);
    const store = createPostgresTaskStore({ connectionString, schema, listen: false });
    const hosts = store.facet("hosts");
    expect(await hosts?.list()).toMatchObject([{ ...seen, podId: null, supersededAt: null, startedAt: 1 }]);
    expect(await hosts?.tellUnserved()).toEqual([{ kind: "work", queued: 1, since: 5 }]);
    const begins = { ...seen, podId: "p", state: "running", begins: { recover: true } } as const;
    expect(await hosts?.beat(begins)).toEqual({ drain: false, supersededBy: null });
    const claim = { hostId: "h1", kinds: [{ kind: "work", slots: 1 }], limit: 1, leaseMs: 1_000 };
    const { tasks } = await store.claim({ ...claim, suspects: "include" });
    expect(tasks.map(({ task }) => [task.id, task.input, task.attempt])).toEqual([[id, "7", 1]]);
    await store.close();
  }));

it("R60: a user without the right to create, or to write, is told which right is missing", () =>
  withSchema(async ({ connectionString, schema, client }) => {
    const user = `poor_${schema}`;
    await client.query(`create role "${user}" login password 'poor'`);
    try {
      const url = new URL(connectionString);
      url.username = user;
      url.password = "poor";
      const options = { connectionString: url.href, schema, listen: false as const };
      expect(await thrown(preparePostgresTaskStoreSchema(options))).toMatchObject({ code: "STORE_READ_ONLY" });
      await preparePostgresTaskStoreSchema({ connectionString, schema });
      const store = createPostgresTaskStore(options);
      const refused = await thrown(store.read({}));
      expect(refused).toMatchObject({ code: "STORE_READ_ONLY" });
      expect(refused.fix).toContain("Grant");
      await store.close();
    } finally {
      await client.query(`drop role "${user}"`);
    }
  }));

it("an ordinary user with rights on its schema needs no more", () =>
  withSchema(async ({ connectionString, schema, client }) => {
    const user = `plain_${schema}`;
    await client.query(
      `create role "${user}" login password 'plain'; create schema "${schema}" authorization "${user}"`,
    );
    try {
      const url = new URL(connectionString);
      url.username = user;
      url.password = "plain";
      const store = createPostgresTaskStore({ connectionString: url.href, schema, listen: false });
      expect((await store.read({})).tasks).toEqual([]);
      await store.close();
    } finally {
      const admin = new Client({ connectionString: inject("postgresUrl") });
      await admin.connect();
      await admin.query(`drop schema "${schema}" cascade; drop role "${user}"`);
      await admin.end();
    }
  }));

it("R60: a prefix or schema that is no identifier never reaches a statement", () => {
  for (const wrong of [{ schema: 'a"; drop' }, { tablePrefix: "A_" }, { schema: "" }, { tablePrefix: "x y" }]) {
    expect(() => createPostgresTaskStore({ connectionString: "postgres://a/b", ...wrong })).toThrow(
      expect.objectContaining({ code: "NAME_INVALID" }) as Error,
    );
    expect(() => createPostgresTaskStoreSchema(wrong)).toThrow(
      expect.objectContaining({ code: "NAME_INVALID" }) as Error,
    );
  }
});
