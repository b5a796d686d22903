import { aRequest } from "@millrace/conformance";
import { createTaskId, type EnqueueRequest, type TaskQuery } from "@millrace/models";
import { Client } from "pg";
import { expect, it } from "vitest";
import { engineSettings } from "./connection/pools.ts";
import { clientSession, type Session, type Sql, Statements } from "./connection/session.ts";
import { tableNames } from "./connection/table-names.ts";
import { lockHolders } from "./effects/dedupe.ts";
import { openOfNames } from "./effects/supersede.ts";
import { nextEvents } from "./facets/prune-journal.ts";
import { selectParts } from "./facets/journal-parts.ts";
import { selectEnded } from "./facets/activity.ts";
import { countGoverned, countPurgeable } from "./facets/count-outdated.ts";
import { selectTooMany, selectTooOld } from "./facets/outdated-tasks.ts";
import { dropEmpty, dropPlain } from "./facets/retention.ts";
import {
  addOccurrences,
  dropOld,
  selectOdd,
  selectOddOfTenant,
  selectOfSchedule,
  setPlaces,
} from "./facets/occurrences.ts";
import { holdDue, selectNamed, selectPage } from "./facets/schedules.ts";
import { selectDue } from "./facets/unserved.ts";
import { countFallenDue, countReady } from "./facets/waits.ts";
import { claimFirst, claimFirstOfKinds, claimTasks, claimTasksBehind } from "./operations/claim-statements.ts";
import { selectReady } from "./operations/claim-queue.ts";
import { extendLeases } from "./operations/extend.ts";
import {
  insertAlikeTasks,
  insertLabelledTasks,
  insertNewLabelledTasks,
  insertNewTasks,
  insertOneTask,
  insertTasks,
} from "./operations/insert-tasks.ts";
import { promoteDue } from "./operations/promote.ts";
import { tellAlive } from "./operations/report-plain.ts";
import { succeedTasks } from "./operations/settle-plain.ts";
import { openStores, type TestStores } from "./testing/stores.ts";
import { selectFirstRows, selectRows } from "./read/journal-reader.ts";
import { readTasks } from "./read/read-tasks.ts";
import { readLocked } from "./transaction/hold.ts";
import { parkTasks, release } from "./transaction/key-use.ts";

const hot: Readonly<Record<string, Sql>> = {
  claimTasks,
  claimTasksBehind,
  claimFirst,
  claimFirstOfKinds,
  selectReady,
  insertTasks,
  insertNewTasks,
  insertLabelledTasks,
  insertNewLabelledTasks,
  insertAlikeTasks,
  insertOneTask,
  extendLeases,
  promoteDue,
  tellAlive,
  succeedTasks,
  readLocked,
  release,
  parkTasks,
  nextEvents,
  selectTooOld,
  selectTooMany,
  countGoverned,
  countPurgeable,
  selectDue,
  selectEnded,
  countReady,
  countFallenDue,
  dropPlain,
  dropEmpty,
  holdDue,
  selectNamed,
  selectPage,
  addOccurrences,
  setPlaces,
  selectOfSchedule,
  selectOdd,
  selectOddOfTenant,
  dropOld,
  lockHolders,
  openOfNames,
};

interface PlanNode {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Index Cond"?: string;
  readonly "TID Cond"?: string;
  readonly "Index Name"?: string;
  readonly Plans?: readonly PlanNode[];
}

/** Nodes that read a large table without being told where. */
function wholeReads(node: PlanNode): readonly string[] {
  const table = node["Relation Name"] ?? "";
  const isLarge = /_(task|resting|queue|running|label|dedupe|supersede|schedule|occurrence|event_[0-9])$/.test(table);
  const isRead = node["Node Type"].includes("Scan");
  const isTold = node["Index Cond"] !== undefined || node["TID Cond"] !== undefined;
  const own = isLarge && isRead && !isTold ? [`${node["Node Type"]} on ${table}`] : [];
  return [...own, ...(node.Plans ?? []).flatMap(wholeReads)];
}

function parametersOf(text: string): number {
  return Math.max(0, ...[...text.matchAll(/\$([0-9]+)/g)].map(([, n]) => Number(n)));
}

async function badPlans(open: TestStores): Promise<readonly string[]> {
  const client = new Client({
    connectionString: open.place.connectionString,
    options: engineSettings.map((setting) => `-c ${setting}`).join(" "),
  });
  await client.connect();
  const found: string[] = [];
  for (const [name, sql] of Object.entries(hot)) {
    const text = sql(tableNames(open.place.schema, "millrace_"));
    // By EXECUTE, since a plan for any values cannot be asked for otherwise before Postgres 16.
    await client.query(`prepare hot as ${text}`);
    const nulls = Array.from({ length: parametersOf(text) }, () => "null").join(", ");
    const { rows } = await client.query<{ "QUERY PLAN": readonly [{ readonly Plan: PlanNode }] }>(
      `explain (format json) execute hot${nulls === "" ? "" : `(${nulls})`}`,
    );
    await client.query("deallocate hot");
    for (const [{ Plan }] of rows.map((row) => row["QUERY PLAN"])) {
      found.push(...wholeReads(Plan).map((read) => `${name}: ${read}`));
    }
  }
  await client.end();
  return found;
}

async function work(open: TestStores, count: number): Promise<void> {
  const [store] = open.stores;
  const request = (change: Partial<EnqueueRequest>): EnqueueRequest =>
    aRequest({ id: createTaskId(), mustKnowKind: false, tags: ["t"], ...change });
  await store?.enqueue(Array.from({ length: count }, () => ({ tasks: [request({})] })));
  const keyed = (): EnqueueRequest => request({ dedupeKey: createTaskId(), supersedeKey: createTaskId() });
  await store?.enqueue(Array.from({ length: count / 4 }, () => ({ tasks: [keyed()] })));
}

async function drain(open: TestStores): Promise<void> {
  const [store] = open.stores;
  const kinds = [{ kind: "work", slots: 500 }];
  for (;;) {
    const answer = await store?.claim({ hostId: "h", kinds, limit: 500, leaseMs: 30_000, suspects: "include" });
    const tasks = answer?.tasks ?? [];
    if (tasks.length === 0) return;
    await store?.settle(
      tasks.map(({ task }) => ({
        taskId: task.id,
        attempt: task.attempt,
        leaseToken: task.leaseToken ?? "",
        started: true,
        settlement: { type: "succeed", output: null },
      })),
    );
  }
}

it("no hot statement reads a large table as a whole, whatever the statistics", { timeout: 60_000 }, async () => {
  await using open = await openStores(1, { listen: false });
  const { client, schema } = open.place;
  await client.query("set search_path to public");
  await work(open, 1);
  expect(await badPlans(open), "never analyzed, nearly empty").toEqual([]);
  await work(open, 3_000);
  expect(await badPlans(open), "never analyzed, full").toEqual([]);
  await drain(open);
  const tables = Object.values(tableNames(schema, "millrace_"));
  await client.query(`analyze ${tables.join(", ")}`);
  expect(await badPlans(open), "analyzed while nothing was queued or leased").toEqual([]);
  await work(open, 3_000);
  expect(await badPlans(open), "analyzed while empty, full again").toEqual([]);
  await client.query(`analyze ${tables.join(", ")}`);
  expect(await badPlans(open), "analyzed while full").toEqual([]);
});

/** The pages that a statement touches. */
async function pagesOf(client: Client, text: string, values: readonly unknown[]): Promise<number> {
  const { rows } = await client.query<{ "QUERY PLAN": readonly [{ readonly Plan: Readonly<Record<string, number>> }] }>(
    `explain (analyze, buffers, timing off, format json) ${text}`,
    [...values],
  );
  const [first] = rows[0]?.["QUERY PLAN"] ?? [];
  return (first?.Plan["Shared Hit Blocks"] ?? 0) + (first?.Plan["Shared Read Blocks"] ?? 0);
}

it("a reader at the end of a long journal reads the end, whatever the statistics", { timeout: 60_000 }, async () => {
  await using open = await openStores(1, { listen: false });
  const { client, schema } = open.place;
  await work(open, 1);
  const names = tableNames(schema, "millrace_");
  const old = `insert into ${names.event} (xid, at, type, tenant_id, kind, n, ids)
    select pg_current_xact_id(), 0, 1, '', 'work', 1, array[gen_random_uuid()] from generate_series(1, 30000)`;
  await client.query(old);
  // A transaction of another test that began before these rows would have its reader look through them once more.
  const past = `select pg_current_snapshot()::text as seen
    where pg_snapshot_xmin(pg_current_snapshot()) > (select max(xid) from ${names.event})`;
  let seen: string | undefined;
  await expect
    .poll(async () => (seen = (await client.query<{ readonly seen: string }>(past)).rows[0]?.seen), { timeout: 30_000 })
    .toBeDefined();
  await work(open, 3);
  const after = await client.query<{ readonly now: string; readonly seq: string }>(
    `select pg_current_snapshot()::text as now, max(seq) - 2 as seq from ${names.event}`,
  );
  const [{ now, seq } = { now: "", seq: "" }] = after.rows;
  for (const state of ["never analyzed", "analyzed"]) {
    if (state === "analyzed") await client.query(`analyze ${names.event}`);
    expect(await pagesOf(client, selectFirstRows(names), [seen, now, 64]), `${state}: where it begins`).toBeLessThan(
      60,
    );
    expect(await pagesOf(client, selectRows(names), [seen, now, seq, 64]), `${state}: its rows`).toBeLessThan(60);
    expect(await pagesOf(client, nextEvents(names), [seq, 100]), `${state}: what may be cut`).toBeLessThan(60);
    expect(await pagesOf(client, selectParts(names), [[0, 1, 2, 3, 4, 5, 6, 7]]), `${state}: its parts`).toBeLessThan(
      60,
    );
  }
});

it(
  "a list goes neither through all others for a rare kind or status, nor through all of a common one",
  { timeout: 60_000 },
  async () => {
    await using open = await openStores(1, { listen: false });
    const { client, schema } = open.place;
    const [store] = open.stores;
    const rare = (): readonly { readonly tasks: readonly [ReturnType<typeof aRequest>] }[] => [
      { tasks: [aRequest({ id: createTaskId(), kind: "rare", mustKnowKind: false })] },
    ];
    await store?.enqueue(rare());
    await work(open, 3_000);
    await store?.enqueue(rare());
    const { tasks: some = [] } = (await store?.read({ kinds: ["work"], orderBy: "created_asc", limit: 50 })) ?? {};
    await store?.cancel(some.map(({ id }) => ({ taskId: id, mode: "terminate", reason: null, by: null })));
    const names = tableNames(schema, "millrace_");
    const session = clientSession(client, new Statements(names, true));
    const pages: number[] = [];
    const counting: Session = {
      ...session,
      text: async (text, values = []) => {
        pages.push(await pagesOf(client, text, values));
        return session.text(text, values);
      },
    };
    const lists: readonly (readonly [TaskQuery, number])[] = [
      [{ limit: 10, kinds: ["rare"] }, 2],
      [{ limit: 10, statuses: ["failed"] }, 0],
      [{ limit: 10, kinds: ["work"], statuses: ["cancelled"] }, 10],
      [{ limit: 10, statuses: ["cancelled", "failed"], orderBy: "created_asc", offset: 5 }, 10],
      [{ limit: 10, kinds: ["work"] }, 10],
      [{ limit: 10, kinds: ["work"], orderBy: "created_asc" }, 10],
      [{ limit: 10, kinds: ["work"], statuses: ["queued"] }, 10],
      [{ limit: 10, statuses: ["queued"] }, 10],
      [{ limit: 10 }, 10],
    ];
    for (const state of ["never analyzed", "analyzed"]) {
      if (state === "analyzed") await client.query(`analyze ${names.task}, ${names.queue}`);
      for (const [query, count] of lists) {
        await client.query("begin");
        const { tasks } = await readTasks(counting, query, null);
        await client.query("commit");
        expect(tasks, `${state}: ${JSON.stringify(query)}`).toHaveLength(count);
        expect(pages.pop(), `${state}: pages for ${JSON.stringify(query)}`).toBeLessThan(150);
      }
    }
  },
);
