import { aGroup } from "@millrace/conformance";
import { expect, inject, it } from "vitest";
import { createPostgresTaskStore } from "../create-postgres-task-store.ts";
import { resolvePostgresOptions } from "../postgres-store-options.ts";
import { openStores } from "../testing/stores.ts";
import { startTestServer } from "../testing/test-server.ts";
import { createConnections, endConnections } from "./pools.ts";

const kinds = [{ kind: "work", slots: 5 }];
const claimOf = { hostId: "h", kinds, limit: 5, leaseMs: 30_000, suspects: "include" } as const;

// The first of the file: a process is warned of each thing only once.
it("no connection is used in a way that pg warns of", async () => {
  await using open = await openStores(1);
  const [store] = open.stores;
  if (!store) return;
  const warnings: string[] = [];
  const note = ({ message }: Error): void => void warnings.push(message);
  process.on("warning", note);
  await store.enqueue([aGroup({ mustKnowKind: false })]);
  const { tasks } = await store.claim(claimOf);
  const ids = tasks.map(({ task }) => task.id);
  await Promise.all([store.aggregate({}), store.read({}), store.get(ids), store.kinds()]);
  await Promise.all([store.facet("waits")?.look(ids[0] ?? "", 10), store.facet("health")?.look()]);
  await new Promise((resolve) => void setImmediate(resolve));
  process.off("warning", note);
  expect(warnings).toEqual([]);
});

it("F58: the same store goes on after the server was restarted", { timeout: 60_000 }, async () => {
  const server = await startTestServer();
  const store = createPostgresTaskStore({ connectionString: server.url, connectTimeoutMs: 1_000 });
  try {
    let wakes = 0;
    store.watch(() => (wakes += 1));
    await store.enqueue([aGroup({ mustKnowKind: false })]);
    await server.restart();
    const until = performance.now() + 5_000;
    let tasks = 0;
    while (tasks === 0 && performance.now() < until) {
      const answer = await store.claim(claimOf).catch(() => null);
      tasks = answer?.tasks.length ?? 0;
    }
    expect(tasks).toBe(1);
    expect(wakes).toBeGreaterThan(0);
  } finally {
    await store.close();
    await server.stop();
  }
});

it("F58: a connection that the server ends is heard from the moment it is lent to the moment it is back", async () => {
  const connections = createConnections(resolvePostgresOptions({ connectionString: inject("postgresUrl") }));
  for (const { pool } of [connections.writers, connections.readers]) {
    const client = await pool.connect();
    expect(client.listenerCount("error")).toBeGreaterThan(0);
    client.release(true);
    expect(client.listenerCount("error")).toBeGreaterThan(0);
  }
  await endConnections(connections);
});

it("behind a pooler everything is told within its transaction, and nothing is prepared by name", async () => {
  await using open = await openStores(1, { pooler: "transaction" });
  const [store] = open.stores;
  if (!store) return;
  await store.enqueue([aGroup({ mustKnowKind: false }), aGroup({ mustKnowKind: false, dedupeKey: "k" })]);
  const { tasks } = await store.claim(claimOf);
  expect(tasks).toHaveLength(2);
  const answers = await store.settle(
    tasks.map(({ task }) => ({
      taskId: task.id,
      attempt: task.attempt,
      leaseToken: task.leaseToken ?? "",
      started: true,
      settlement: { type: "succeed" as const, output: null },
    })),
  );
  expect(answers.map(({ status }) => status)).toEqual(["held", "held"]);
  expect((await store.read({ statuses: ["succeeded"] })).tasks).toHaveLength(2);
});

it(
  "a dedupe key in a long transaction of somebody else is busy, and the neighbours are stored",
  { timeout: 20_000 },
  async () => {
    await using open = await openStores(1);
    const [store] = open.stores;
    if (!store) return;
    const { client } = open.place;
    await client.query("begin");
    await store.within(client).enqueue([aGroup({ mustKnowKind: false, dedupeKey: "k" })]);
    const [busy, plain] = await store.enqueue([
      aGroup({ mustKnowKind: false, dedupeKey: "k" }),
      aGroup({ mustKnowKind: false }),
    ]);
    expect(busy).toMatchObject({ status: "refused", code: "DEDUPE_BUSY", index: 0 });
    expect(plain).toMatchObject({ status: "stored" });
    await client.query("rollback");
    expect(await store.enqueue([aGroup({ mustKnowKind: false, dedupeKey: "k" })])).toMatchObject([
      { status: "stored" },
    ]);
  },
);
