import { aGroup, aRequest } from "@millrace/conformance";
import {
  createManualClock,
  createTaskId,
  type EventPage,
  journalStart,
  type ManualClock,
  type TaskStore,
} from "@millrace/models";
import { Client } from "pg";
import { expect, it } from "vitest";
import { createPostgresTaskStore } from "../create-postgres-task-store.ts";
import { ownServer } from "../testing/own-server.ts";
import { openStores, type TestStores } from "../testing/stores.ts";

const server = ownServer();
const keepMs = 1_000;
const request = () => aRequest({ id: createTaskId(), mustKnowKind: false });

interface Bench {
  readonly store: TestStores["stores"][number];
  readonly clock: ManualClock;
  readonly open: TestStores;
}

async function withBench(work: (bench: Bench) => Promise<void>): Promise<void> {
  const clock = createManualClock();
  await using open = await openStores(1, { connectionString: server(), clock, listen: false });
  const [store] = open.stores;
  if (store) await work({ store, clock, open });
}

async function prune(store: TaskStore): Promise<number> {
  let deleted = 0;
  for (let more = true; more;) {
    const bite = await store.facet("retention")?.prune({ journalKeepMs: keepMs }, 100);
    deleted += bite?.deletedEvents ?? 0;
    more = bite?.more ?? false;
  }
  return deleted;
}

/** How many rows lie in each part that has any. */
async function rowsByPart({ client, schema }: TestStores["place"]): Promise<Record<string, number>> {
  const { rows } = await client.query<{ readonly part: number; readonly n: string }>(
    `select part, count(*) as n from "${schema}".millrace_event group by part order by part`,
  );
  return Object.fromEntries(rows.map(({ part, n }) => [part, Number(n)]));
}

/** Prunes until so many rows lie where: a transaction of the server itself may put it off to the next time. */
async function expectRows({ store, open }: Bench, expected: Record<string, number>): Promise<void> {
  const look = async (): Promise<Record<string, number>> => {
    await prune(store);
    return rowsByPart(open.place);
  };
  await expect.poll(look, { timeout: 15_000 }).toEqual(expected);
}

/** A page read while nobody else on the server had a transaction open but so many: one that was open is waited for by retention. */
async function pageBeside(store: TaskStore, open: number): Promise<EventPage> {
  const openIn = ({ cursor }: EventPage): number => cursor.split(":").at(-1)?.split(",").filter(Boolean).length ?? 0;
  let page = await store.events(journalStart, 10);
  while (openIn(page) > open) page = await store.events(journalStart, 10);
  return page;
}

const enqueue = (store: TaskStore) => store.enqueue([{ tasks: [request()] }]);

it("the journal goes part by part, each as a whole, and only once all of it is old", { timeout: 30_000 }, () =>
  withBench(async ({ store, clock, open }) => {
    await enqueue(store);
    clock.advance(keepMs / 4);
    await prune(store);
    await enqueue(store);
    expect(await rowsByPart(open.place), "a quarter of the time is over: another part").toEqual({ 0: 1, 1: 1 });
    clock.advance(keepMs * 0.75);
    expect(await prune(store)).toBe(1);
    await expectRows({ store, clock, open }, { 1: 1 });
    const { rows } = await open.place.client.query<{ readonly n: string }>(
      `select sum(n_tup_del) as n from pg_stat_user_tables where schemaname = $1 and relname like '%event%'`,
      [open.place.schema],
    );
    expect(Number(rows[0]?.n), "no row was deleted by itself").toBe(0);
  }),
);

it("retention for ever turns the parts round and never writes to one that is not empty", { timeout: 30_000 }, () =>
  withBench(async ({ store, clock, open }) => {
    const seen = new Set<string>();
    for (let round = 0; round < 20; round += 1) {
      await enqueue(store);
      await prune(store);
      const parts = Object.keys(await rowsByPart(open.place));
      for (const part of parts) seen.add(part);
      expect(parts.length).toBeLessThanOrEqual(7);
      clock.advance(keepMs / 4);
    }
    expect(seen.size).toBeGreaterThan(2);
  }),
);

it("no part goes before the slowest registered reader has passed it", { timeout: 30_000 }, () =>
  withBench(async ({ store, clock, open }) => {
    const cursors = store.facet("cursors");
    await enqueue(store);
    const page = await store.events(journalStart, 1);
    await enqueue(store);
    await cursors?.save("audit", page.cursor);
    clock.advance(keepMs);
    await prune(store);
    clock.advance(keepMs * 2);
    await prune(store);
    expect(await rowsByPart(open.place)).toEqual({ 0: 2 });
    const rest = await store.events(page.cursor, 10);
    expect(rest.status === "events" && rest.events).toHaveLength(1);
    await cursors?.save("audit", rest.cursor);
    await expectRows({ store, clock, open }, {});
  }),
);

/** A transaction of somebody who has changed something, and has not ended. */
async function openTransaction({ place }: TestStores): Promise<{ readonly client: Client; end: () => Promise<void> }> {
  const client = new Client({ connectionString: place.connectionString });
  await client.connect();
  await client.query("begin");
  await client.query("select pg_current_xact_id()");
  const end = async (): Promise<void> => {
    await client.query("commit");
    await client.end();
  };
  return { client, end };
}

it(
  "a reader is not passed for a transaction that was open when it read, and has ended since",
  { timeout: 30_000 },
  () =>
    withBench(async ({ store, clock, open }) => {
      const other = await openTransaction(open);
      await enqueue(store);
      const page = await store.events(journalStart, 1);
      await other.end();
      await enqueue(store);
      await store.facet("cursors")?.save("audit", page.cursor);
      for (let round = 0; round < 3; round += 1) {
        clock.advance(keepMs);
        await prune(store);
      }
      expect(await store.events(page.cursor, 10)).toMatchObject({ status: "events", events: [{ type: "enqueued" }] });
    }),
);

it("nor when a part goes after it has ended, of which all was read before it began", { timeout: 30_000 }, () =>
  withBench(async ({ store, clock, open }) => {
    await enqueue(store);
    clock.advance(keepMs / 4);
    await prune(store);
    const other = await openTransaction(open);
    await enqueue(store);
    const page = await store.events(journalStart, 2);
    await store.facet("cursors")?.save("audit", page.cursor);
    // It keeps the first part where it is, while the rows of both are cut.
    const reader = await openTransaction(open);
    await reader.client.query(`select * from "${open.place.schema}".millrace_event_0`);
    clock.advance(keepMs);
    await prune(store).catch(() => null);
    await reader.end();
    await other.end();
    await prune(store);
    await enqueue(store);
    expect(await store.events(page.cursor, 10)).toMatchObject({ status: "events", events: [{ type: "enqueued" }] });
  }),
);

it(
  "an open transaction that wrote to a part keeps it, and neither its own nor anybody else's writes wait",
  { timeout: 30_000 },
  () =>
    withBench(async ({ store, clock, open }) => {
      await enqueue(store);
      const client = new Client({ connectionString: open.place.connectionString });
      await client.connect();
      await client.query("begin");
      await store.within?.(client).enqueue([{ tasks: [request()] }]);
      clock.advance(keepMs);
      await prune(store);
      clock.advance(keepMs);
      const begun = performance.now();
      const [, stored] = await Promise.all([prune(store), enqueue(store)]);
      expect(stored[0]?.status).toBe("stored");
      expect(performance.now() - begun, "it asked for the lock, briefly").toBeLessThan(5_000);
      expect((await rowsByPart(open.place))[0]).toBe(1);
      const before = await store.read({});
      await client.query("commit");
      await client.end();
      const page = await store.events(before.cursor, 10);
      expect(page.status === "events" && page.events.map(({ type }) => type), "its event comes after it").toEqual([
        "enqueued",
      ]);
      clock.advance(keepMs);
      await expectRows({ store, clock, open }, {});
    }),
);

it(
  "a transaction that is open for longer than the journal is kept takes no reader's place away",
  { timeout: 30_000 },
  () =>
    withBench(async ({ store, clock, open }) => {
      const stranger = new Client({ connectionString: open.place.connectionString });
      await stranger.connect();
      await stranger.query("begin");
      await stranger.query("select pg_current_xact_id()");
      await enqueue(store);
      const page = await pageBeside(store, 1);
      await store.facet("cursors")?.save("audit", page.cursor);
      clock.advance(keepMs);
      await enqueue(store);
      expect(await prune(store)).toBe(1);
      const rest = await store.events(page.cursor, 10);
      expect(rest).toMatchObject({ status: "events", events: [{ type: "enqueued" }] });
      await stranger.query("rollback");
      await stranger.end();
    }),
);

it("a reader that began before a part went sees all of it, or is told that it has gone", { timeout: 30_000 }, () =>
  withBench(async ({ store, clock, open }) => {
    await enqueue(store);
    clock.advance(keepMs);
    await prune(store);
    const reader = new Client({ connectionString: open.place.connectionString });
    await reader.connect();
    await reader.query("begin isolation level repeatable read read only");
    await reader.query(`lock table "${open.place.schema}".millrace_event in access share mode`);
    clock.advance(keepMs);
    await prune(store);
    const { rows } = await reader.query(`select 1 from "${open.place.schema}".millrace_event where part = 0`);
    expect(rows).toHaveLength(1);
    await reader.query("commit");
    await reader.end();
    await expectRows({ store, clock, open }, {});
    expect(await store.events(journalStart, 10)).toMatchObject({ status: "reset", why: "retention" });
  }),
);

it("a user that may only read, write and truncate keeps the journal small", { timeout: 30_000 }, () =>
  withBench(async ({ store, clock, open }) => {
    const { client, schema, connectionString } = open.place;
    await enqueue(store);
    const role = `${schema}_plain`;
    await client.query(`create role ${role} login password 'plain' nosuperuser`);
    try {
      await client.query(`grant usage on schema "${schema}" to ${role};
        grant select, insert, update, delete, truncate on all tables in schema "${schema}" to ${role};
        grant select, update on all sequences in schema "${schema}" to ${role}`);
      const url = new URL(connectionString);
      url.username = role;
      url.password = "plain";
      const plain = createPostgresTaskStore({ connectionString: url.href, schema, clock, listen: false });
      await plain.enqueue([aGroup({ mustKnowKind: false })]);
      clock.advance(keepMs);
      await expectRows({ store: plain, clock, open }, {});
      await plain.close();
    } finally {
      await client.query(`drop owned by ${role}; drop role ${role}`);
    }
  }),
);
