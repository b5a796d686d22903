import { aFailSettlement, aRequest, leaseOf } from "@millrace/conformance";
import { createTaskId, type EnqueueRequest, type Settlement, type TaskRecord, type TaskStore } from "@millrace/models";
import { Client } from "pg";
import { expect, it } from "vitest";
import { type Connections, createConnections, endConnections } from "./connection/pools.ts";
import { tableNames } from "./connection/table-names.ts";
import { openStore } from "./create-postgres-task-store.ts";
import { resolvePostgresOptions } from "./postgres-store-options.ts";
import { noteWork, type StatementWork, tellsPlans } from "./testing/statement-work.ts";
import { startTestServer } from "./testing/test-server.ts";

const many = 2_000;
const batch = 30;
/** A statement about `batch` tasks stays below both, and one that goes through `many`, or through `batch` for each, does not. */
const mostRows = 1_500;
const mostPages = 1_900;

/** The sweeps that go through all leased tasks: an index on what they look for would cost every renewal. */
const isSweepOfLeases = ({ text }: StatementWork): boolean =>
  /lease_expires_at < \$1|r\.flags & \d+ = 0/.test(text) && text.includes("_running");

/** Takes back what ANALYZE has ever learned. */
const neverAnalyzed = `
  delete from pg_statistic where starelid in (select oid from pg_class where relname like 'millrace%');
  update pg_class set relpages = 0, reltuples = -1 where relname like 'millrace%'`;

type Change = Partial<EnqueueRequest>;

/** The calls of a test, each for a batch. */
interface Caller {
  readonly store: TaskStore;
  readonly add: (count: number, change?: (n: number) => Change) => Promise<readonly string[]>;
  readonly claim: (kind: string, limit?: number) => Promise<readonly TaskRecord[]>;
  readonly settle: (tasks: readonly TaskRecord[], settlement?: Settlement) => Promise<void>;
}

function callerOf(store: TaskStore): Caller {
  return {
    store,
    add: async (count, change = () => ({})) => {
      const ids = Array.from({ length: count }, () => createTaskId());
      const groups = ids.map((id, n) => ({ tasks: [aRequest({ id, ...change(n) })] }));
      for (const one of await store.enqueue(groups)) expect(one.status).toBe("stored");
      return ids;
    },
    claim: async (kind, limit = batch) => {
      const kinds = [{ kind, slots: limit }];
      const { tasks } = await store.claim({ hostId: "h", kinds, limit, leaseMs: 600_000, suspects: "include" });
      return tasks.map(({ task }) => task);
    },
    settle: async (tasks, settlement = { type: "succeed", output: null }) => {
      const asks = tasks.map((task) => ({ ...leaseOf(task), started: true, settlement }));
      for (const { status } of await store.settle(asks)) expect(status).toBe("held");
    },
  };
}

/** Many of everything: queued, behind a key, not due, leased, waiting and final. */
async function fillAll({ store, add, claim }: Caller): Promise<void> {
  await add(many, () => ({ kind: "leased" }));
  for (let taken = 0; taken < many;) taken += (await claim("leased", 500)).length;
  await add(many, () => ({ tags: ["common"] }));
  await add(many, () => ({ kind: "later", delayMs: 3_600_000 }));
  await add(many, () => ({ kind: "keyed", concurrencyKeys: [{ key: "k", limit: batch }] }));
  // What the journal tells of them is counted.
  await store.facet("retention")?.prune({}, batch);
}

async function everything(caller: Caller): Promise<void> {
  await plainTasks(caller);
  await keyedTasks(caller);
  await waits(caller);
  await byHand(caller);
  await sweeps(caller);
}

async function plainTasks({ store, add, claim, settle }: Caller): Promise<void> {
  await add(batch, () => ({ kind: "rare", tags: ["rare"] }));
  const tasks = [...(await claim("work")), ...(await claim("rare", 1)), ...(await claim("rare"))];
  expect(tasks).toHaveLength(batch * 2);
  await store.extend(tasks.slice(0, batch).map(leaseOf), 600_000);
  await store.report(tasks.slice(0, batch).map((task) => ({ ...leaseOf(task), started: true, alive: true })));
  await settle(tasks.slice(0, batch));
  await settle(tasks.slice(batch), aFailSettlement({ permanent: false, maxAttempts: 3, delayMs: 0 }));
  await settle(await claim("rare"));
}

async function keyedTasks({ add, claim, settle }: Caller): Promise<void> {
  await settle(await claim("keyed"));
  await add(batch, (n) => ({ kind: "rare", dedupeKey: `d${n}`, supersedeKey: "s", supersedeExisting: true }));
  await add(batch, (n) => ({ kind: "rare", dedupeKey: `d${n}` }));
  await settle(await claim("rare"));
}

async function waits({ store, add, claim, settle }: Caller): Promise<void> {
  const dependencies = (await add(batch, () => ({ kind: "rare" }))).map((taskId) => ({
    taskId,
    onFailure: "continue" as const,
  }));
  await add(2, () => ({ kind: "join", dependencies }));
  await settle(await claim("rare"));
  const [parent, sleeper] = await claim("join");
  if (!parent || !sleeper) throw new Error("both joins were to be released");
  const children = Array.from({ length: batch }, () => aRequest({ kind: "rare" }));
  const onChildren = { reason: "children", children, onFailure: "continue", timeoutMs: null } as const;
  await settle([parent], { type: "suspend", state: null, wait: onChildren });
  await settle([sleeper], { type: "suspend", state: null, wait: { reason: "signal", name: "go", timeoutMs: 60_000 } });
  await store.signal([{ taskId: sleeper.id, signalId: createTaskId(), name: "go", payload: null }]);
  await settle(await claim("rare"));
  await settle(await claim("join"));
}

async function byHand({ store, add, claim }: Caller): Promise<void> {
  const [first, ...others] = await add(batch, () => ({ kind: "rare" }));
  if (first === undefined) return;
  const by = { mode: "request", reason: null, by: null } as const;
  await store.cancel(others.map((taskId) => ({ taskId, ...by })));
  await store.retry(others);
  for (const { id } of await claim("rare", 2))
    await store.cancel([{ taskId: id, mode: "terminate", reason: null, by: null }]);
  await store.cancel(others.map((taskId) => ({ taskId, ...by })));
  await store.remove(others.slice(0, 5).map((taskId) => ({ taskId })));
}

async function sweeps({ store }: Caller): Promise<void> {
  await store.expire(batch);
  await store.markStale(60_000, batch);
  await store.facet("retention")?.prune({ successTtlMs: 0, failedTtlMs: 0, keepLatestSuccessesPerKind: 10 }, batch);
}

it(
  "no statement of any operation does more than its batch asks for, whatever the statistics",
  { timeout: 120_000 },
  async () => {
    const server = await startTestServer({ settings: [...tellsPlans, "autovacuum=off"] });
    const options = resolvePostgresOptions({ connectionString: server.url, listen: false });
    const connections: Connections = createConnections(options);
    const noted = noteWork(connections);
    const store = openStore(options, connections, endConnections);
    const client = new Client({ connectionString: server.url });
    await client.connect();
    const tables = Object.values(tableNames("public", "millrace_")).join(", ");
    const tooMuch = async (state: string): Promise<readonly string[]> => {
      noted.length = 0;
      await everything(callerOf(store));
      expect(noted.length, state).toBeGreaterThan(100);
      return noted
        .filter((one) => (one.rows > mostRows || one.pages > mostPages) && !isSweepOfLeases(one))
        .map(({ rows, pages, text }) => `${state}: ${rows} rows, ${pages} pages: ${text.trim().slice(-900)}`);
    };
    try {
      await store.kinds();
      await client.query(`analyze ${tables}`);
      await fillAll(callerOf(store));
      expect(await tooMuch("analyzed while empty")).toEqual([]);
      await client.query(neverAnalyzed);
      expect(await tooMuch("never analyzed")).toEqual([]);
      await client.query(`analyze ${tables}`);
      expect(await tooMuch("analyzed while full")).toEqual([]);
    } finally {
      await client.end();
      await store.close();
      await server.stop();
    }
  },
);
