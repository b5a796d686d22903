import { aGroup } from "@millrace/conformance";
import {
  createTaskId,
  type ClaimedTask,
  isTaskError,
  journalStart,
  type Lease,
  type TaskError,
  type TaskStore,
} from "@millrace/models";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { createPostgresTaskStore } from "../create-postgres-task-store.ts";
import type { PostgresTaskStoreOptions } from "../postgres-store-options.ts";
import { openTcpProxy, type TcpProxy } from "../testing/tcp-proxy.ts";
import { openTestSchema, type TestSchema } from "../testing/test-schema.ts";
import { startTestServer, type TestServer } from "../testing/test-server.ts";

const kinds = [{ kind: "work", slots: 5 }];
const claimOf = { hostId: "h", kinds, limit: 5, leaseMs: 30_000, suspects: "include" } as const;
// Short enough to wait for, long enough for a busy machine.
const patience = { connectTimeoutMs: 2_000, queryTimeoutMs: 2_000, lockTimeoutMs: 1_000, listen: false } as const;

vi.setConfig({ testTimeout: 30_000 });

// A server that goes down serves no other test.
let server: TestServer;
let proxy: TcpProxy;
beforeAll(async () => {
  server = await startTestServer();
  proxy = await openTcpProxy(server.url);
}, 60_000);
afterAll(async () => {
  await proxy.close();
  await server.stop();
});

interface Open extends AsyncDisposable {
  readonly store: TaskStore;
  readonly place: TestSchema;
}

/** A store over the proxy, with its tables made. */
async function openStore(options: Partial<PostgresTaskStoreOptions> = {}): Promise<Open> {
  const place = await openTestSchema("millrace_", server.url);
  const connectionString = proxy.over(server.url);
  const store = createPostgresTaskStore({ connectionString, schema: place.schema, ...patience, ...options });
  place.client.on("error", () => {});
  await store.read({});
  return {
    store,
    place,
    async [Symbol.asyncDispose]() {
      await store.close();
      await place.client.end().catch(() => null);
    },
  };
}

const thrown = async (work: Promise<unknown>): Promise<TaskError> => {
  const error: unknown = await work.then(
    () => new Error("It did not throw."),
    (reason: unknown) => reason,
  );
  if (isTaskError(error)) return error;
  throw error;
};

/** Calls until the store answers again, as hosts do: the server is back, but connections to the one before must be met first. */
async function whenBack<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      if (!isTaskError(error) || attempt > 100) throw error;
    }
  }
}

/** Makes a call of which the server does everything, and the caller hears nothing; answers what the same call answers then. */
async function afterLostReply<Answer>(
  deafness: "deaf" | "deaf-to-commit",
  call: () => Promise<Answer>,
  isDone: () => Promise<boolean>,
): Promise<Answer> {
  expect(proxy.spoil("all", deafness)).toBe(true);
  const lost = thrown(call());
  let isCut = false;
  while (!isCut) isCut = (await isDone()) && proxy.cut("deaf") > 0;
  expect(await lost).toMatchObject({ code: "STORE_UNAVAILABLE", retryable: true });
  return call();
}

async function claimOne(store: TaskStore): Promise<ClaimedTask["task"] & { readonly leaseToken: string }> {
  const [claimed] = (await store.claim(claimOf)).tasks;
  if (!claimed?.task.leaseToken) throw new Error("nothing was claimed");
  return { ...claimed.task, leaseToken: claimed.task.leaseToken };
}

const leaseOf = ({ id: taskId, attempt, leaseToken }: Awaited<ReturnType<typeof claimOne>>): Lease => {
  return { taskId, attempt, leaseToken };
};

it("F58: an enqueue whose reply was lost is stored once, whichever way it went", async () => {
  await using open = await openStore();
  const { store, place } = open;
  const { client, schema } = place;
  const count = async (): Promise<number> =>
    Number((await client.query(`select count(*) as n from "${schema}".millrace_task`)).rows[0]?.["n"]);
  const groups = [
    [aGroup({ id: createTaskId(), mustKnowKind: false })],
    [aGroup({ id: createTaskId(), mustKnowKind: false, dedupeKey: "k" })],
  ];
  for (const [index, group] of groups.entries()) {
    const answers = await afterLostReply(
      index === 0 ? "deaf" : "deaf-to-commit",
      () => store.enqueue(group),
      async () => (await count()) === index + 1,
    );
    expect(answers).toMatchObject([{ status: "stored", results: [{ task: { id: group[0]?.tasks[0]?.id } }] }]);
  }
  expect(await count()).toBe(2);
});

it("F58: what an owner said, whose reply was lost, is neither lost nor done twice", async () => {
  await using open = await openStore();
  const { store } = open;
  await using direct = await openOther(open);
  await store.enqueue([aGroup({ mustKnowKind: false })]);
  const first = await claimOne(store);
  const lease = leaseOf(first);
  const now = async (): Promise<ClaimedTask["task"]> => {
    const [task] = await direct.store.get([first.id]);
    if (!task) throw new Error("the task is gone");
    return task;
  };
  const step = { n: 1, kind: "log", level: "info", message: "one", meta: null, percent: null } as const;
  await afterLostReply(
    "deaf-to-commit",
    () => store.report([{ ...lease, started: true, steps: [step] }]),
    async () => (await now()).status === "running",
  );
  expect((await direct.store.steps({ taskId: first.id })).steps).toHaveLength(1);
  const reported = await now();
  const memo = await afterLostReply(
    "deaf-to-commit",
    () => store.memo([{ ...lease, key: "once", value: "1" }]),
    async () => (await now()).version > reported.version,
  );
  expect(memo).toMatchObject([{ status: "held", value: "1" }]);
  const fail = {
    type: "fail",
    reason: "TASK_FAILED",
    failure: '{"name":"Error","message":"no"}',
    fingerprint: null,
    permanent: false,
    maxAttempts: 3,
    delayMs: 0,
  } as const;
  const failed = await afterLostReply(
    "deaf-to-commit",
    () => store.settle([{ ...lease, started: true, settlement: fail }]),
    async () => (await now()).status === "queued",
  );
  expect(failed).toMatchObject([{ status: "held", replayed: true, next: "queued" }]);
  const second = await claimOne(store);
  const succeeded = { ...leaseOf(second), started: true, settlement: { type: "succeed", output: "7" } } as const;
  const done = await afterLostReply(
    "deaf-to-commit",
    () => store.settle([succeeded]),
    async () => (await now()).status === "succeeded",
  );
  expect(done).toMatchObject([{ status: "held", replayed: true, next: "succeeded" }]);
  expect(await now()).toMatchObject({ output: "7", failures: 1, attempt: 2 });
});

it("F58: a success in one statement whose reply was lost is there, and known again", async () => {
  await using open = await openStore();
  const { store } = open;
  await using direct = await openOther(open);
  await store.enqueue([aGroup({ mustKnowKind: false })]);
  const task = await claimOne(store);
  const answers = await afterLostReply(
    "deaf",
    () => store.settle([{ ...leaseOf(task), started: true, settlement: { type: "succeed", output: "7" } }]),
    async () => (await direct.store.get([task.id]))[0]?.status === "succeeded",
  );
  expect(answers).toMatchObject([{ status: "held", replayed: true, next: "succeeded" }]);
});

/** The same tables, past the proxy. */
async function openOther({ place }: Open): Promise<AsyncDisposable & { readonly store: TaskStore }> {
  const store = createPostgresTaskStore({ connectionString: server.url, schema: place.schema, listen: false });
  return { store, [Symbol.asyncDispose]: () => store.close() };
}

it("F58: of connections that have all fallen silent, one costs the time of a query and none after it", async () => {
  await using open = await openStore();
  const { store } = open;
  await store.enqueue([aGroup({ mustKnowKind: false })]);
  await Promise.all(Array.from({ length: 4 }, () => store.expire(1)));
  const before = proxy.accepted();
  proxy.spoil("all", "half-open");
  expect(await thrown(store.claim(claimOf))).toMatchObject({ code: "STORE_UNAVAILABLE" });
  expect((await store.claim(claimOf)).tasks).toHaveLength(1);
  await Promise.all(Array.from({ length: 4 }, () => store.expire(1)));
  expect(proxy.accepted()).toBeGreaterThanOrEqual(before + 4);
});

it("F58: a read over a silent connection ends after its time, and the next one is answered", async () => {
  await using open = await openStore({ readTimeoutMs: 500 });
  proxy.spoil("all", "half-open");
  expect(await thrown(open.store.read({}))).toMatchObject({ code: "STORE_UNAVAILABLE" });
  expect((await open.store.read({})).tasks).toEqual([]);
});

it("F58: a listener that has fallen silent is replaced, and one that never answers is no hang", async () => {
  await using open = await openStore({ listen: proxy.over(server.url) });
  const { store } = open;
  const woken = (): Promise<void> =>
    new Promise((resolve) => {
      const stop = store.watch(() => {
        stop();
        resolve();
      });
    });
  await woken();
  proxy.cut();
  // It wakes once more when it hears itself again.
  await woken();
});

it("F58: many callers whose server is gone are told so together, and not one after the other", async () => {
  await using open = await openStore();
  const { store } = open;
  await server.restart("fast", async () => {
    const before = proxy.accepted();
    const calls = Array.from({ length: 50 }, () => thrown(store.enqueue([aGroup({ mustKnowKind: false })])));
    for (const error of await Promise.all(calls)) expect(error.code).toBe("STORE_UNAVAILABLE");
    expect(proxy.accepted()).toBeLessThan(before + 10);
  });
});

it("F58: what was acknowledged outlives a crash of the server, and the same store goes on", async () => {
  await using open = await openStore();
  const { store } = open;
  const [result] = await store.enqueue([aGroup({ mustKnowKind: false })]);
  await server.restart("immediate", async () => {
    expect(await thrown(store.claim(claimOf))).toMatchObject({ code: "STORE_UNAVAILABLE", retryable: true });
  });
  const { tasks } = await whenBack(() => store.claim(claimOf));
  expect(tasks.map(({ task }) => task.id)).toEqual(result?.status === "stored" ? [result.results[0]?.task.id] : []);
});

it("F58, I9: a reader misses nothing of transactions whose numbers a crashed server gives a second time", async () => {
  await using open = await openStore();
  const { store, place } = open;
  await store.enqueue([aGroup({ mustKnowKind: false })]);
  // Numbers of which nothing is on the disk: after a crash they are given again.
  for (let n = 0; n < 50; n += 1) await place.client.query("begin; select pg_current_xact_id(); rollback");
  const before = await store.events(journalStart, 100);
  await server.restart("immediate");
  for (let n = 0; n < 5; n += 1) await whenBack(() => store.enqueue([aGroup({ mustKnowKind: false })]));
  const after = await store.events(before.cursor, 100);
  expect(after).toMatchObject({ status: "events", events: Array.from({ length: 5 }, () => ({ type: "enqueued" })) });
  expect((await store.aggregate({})).total.count).toBe(6);
});

it("F58: a server that has become a follower is read only, also for a store that begins there, until it is promoted", async () => {
  await using open = await openStore();
  const { store } = open;
  await store.enqueue([aGroup({ mustKnowKind: false })]);
  await server.demote();
  expect((await whenBack(() => store.read({}))).tasks).toHaveLength(1);
  const refused = await thrown(store.claim(claimOf));
  expect(refused).toMatchObject({ code: "STORE_READ_ONLY" });
  expect(refused.fix).toContain("primary");
  await using other = await openOther(open);
  expect(await thrown(other.store.claim(claimOf))).toMatchObject({ code: "STORE_READ_ONLY" });
  server.promote();
  expect((await whenBack(() => store.claim(claimOf))).tasks).toHaveLength(1);
  expect((await whenBack(() => other.store.claim(claimOf))).tasks).toHaveLength(0);
});

it("F58: sessions that may only read are replaced by ones that may write, once there are such", async () => {
  await using open = await openStore();
  const { store, place } = open;
  await place.client.query("alter role postgres set default_transaction_read_only = on");
  proxy.cut();
  const refused = await whenUnlike(() => store.enqueue([aGroup({ mustKnowKind: false })]), "STORE_UNAVAILABLE");
  expect(refused).toMatchObject({ code: "STORE_READ_ONLY" });
  await place.client.query("alter role postgres reset default_transaction_read_only");
  expect(await whenBack(() => store.enqueue([aGroup({ mustKnowKind: false })]))).toMatchObject([{ status: "stored" }]);
});

/** What a call throws, once it is not this any more. */
async function whenUnlike(call: () => Promise<unknown>, code: string): Promise<TaskError> {
  for (;;) {
    const error = await thrown(call());
    if (error.code !== code) return error;
  }
}
