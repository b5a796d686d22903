import { aRequest } from "@millrace/conformance";
import { createTaskId } from "@millrace/models";
import { Client } from "pg";
import { expect, it } from "vitest";
import { engineSettings } from "./connection/pools.ts";
import type { Sql } from "./connection/session.ts";
import { tableNames } from "./connection/table-names.ts";
import { claimTasks } from "./operations/claim-plain.ts";
import { selectReady } from "./operations/claim-queue.ts";
import { insertTasks } from "./operations/enqueue-plain.ts";
import { extendLeases } from "./operations/extend.ts";
import { promoteDue } from "./operations/promote.ts";
import { tellAlive } from "./operations/report-plain.ts";
import { succeedTasks } from "./operations/settle-plain.ts";
import { openStores, type TestStores } from "./testing/stores.ts";
import { readLocked } from "./transaction/hold.ts";
import { parkTasks, release } from "./transaction/key-use.ts";

const hot: Readonly<Record<string, Sql>> = {
  claimTasks,
  selectReady,
  insertTasks,
  extendLeases,
  promoteDue,
  tellAlive,
  succeedTasks,
  readLocked,
  release,
  parkTasks,
};

interface PlanNode {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Index Cond"?: string;
  readonly "Index Name"?: string;
  readonly Plans?: readonly PlanNode[];
}

/** Nodes that read a large table without being told where. */
function wholeReads(node: PlanNode): readonly string[] {
  const table = node["Relation Name"] ?? "";
  const isLarge = /_(task|queue|running|label|event)$/.test(table);
  const isRead = node["Node Type"].includes("Scan");
  const own = isLarge && isRead && node["Index Cond"] === undefined ? [`${node["Node Type"]} on ${table}`] : [];
  return [...own, ...(node.Plans ?? []).flatMap(wholeReads)];
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
    const { rows } = await client.query<{ "QUERY PLAN": readonly [{ readonly Plan: PlanNode }] }>(
      `explain (generic_plan, format json) ${text}`,
    );
    for (const [{ Plan }] of rows.map((row) => row["QUERY PLAN"])) {
      found.push(...wholeReads(Plan).map((read) => `${name}: ${read}`));
    }
  }
  await client.end();
  return found;
}

async function work(open: TestStores, count: number): Promise<void> {
  const [store] = open.stores;
  const groups = Array.from({ length: count }, () => ({
    tasks: [aRequest({ id: createTaskId(), mustKnowKind: false, tags: ["t"] })],
  }));
  await store?.enqueue(groups);
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
