import type { Client } from "pg";
import type { Connections } from "../connection/pools.ts";

/** Settings of a server that tells every session how each of its statements was run. */
export const tellsPlans: readonly string[] = [
  "session_preload_libraries=auto_explain",
  "auto_explain.log_min_duration=0",
  "auto_explain.log_analyze=on",
  "auto_explain.log_timing=off",
  "auto_explain.log_buffers=on",
  "auto_explain.log_format=json",
  "auto_explain.log_level=notice",
];

/** What a statement did. */
export interface StatementWork {
  readonly text: string;
  /** Rows that went through all nodes of its plan, with those that were read and then left out. */
  readonly rows: number;
  /** Pages that it touched, each as often as it did. */
  readonly pages: number;
}

type PlanNode = { readonly Plans?: readonly PlanNode[] } & Readonly<Record<string, unknown>>;

/** Notes what each statement of these connections does from now on. */
export function noteWork({ writers, readers }: Connections): StatementWork[] {
  const noted: StatementWork[] = [];
  for (const { pool } of [writers, readers]) {
    pool.on("connect", (client) => {
      (client as unknown as Client).on("notice", ({ message = "" }) => {
        const json = message.slice(message.indexOf("{"));
        if (message.includes("plan:")) noted.push(workOf(JSON.parse(json) as TopPlan));
      });
    });
  }
  return noted;
}

interface TopPlan {
  readonly "Query Text": string;
  readonly Plan: PlanNode;
}

function workOf({ "Query Text": text, Plan: plan }: TopPlan): StatementWork {
  return {
    text,
    rows: rowsOf(plan),
    pages: numberIn(plan, "Shared Hit Blocks") + numberIn(plan, "Shared Read Blocks"),
  };
}

function rowsOf(node: PlanNode): number {
  const names = [
    "Actual Rows",
    "Rows Removed by Filter",
    "Rows Removed by Join Filter",
    "Rows Removed by Index Recheck",
  ];
  const own = names.reduce((sum, name) => sum + numberIn(node, name), 0) * numberIn(node, "Actual Loops");
  return own + (node.Plans ?? []).reduce((sum, child) => sum + rowsOf(child), 0);
}

function numberIn(node: PlanNode, name: string): number {
  return Number(node[name] ?? 0);
}
