import type { OnDependencyFailure, TaskId } from "@millrace/models";
import type { Sql } from "../connection/connection.ts";
import { flag } from "../row/task-flags.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { setFlags } from "../transaction/task-table.ts";

/** A task waits for another; both by their numbers. */
export interface Edge {
  readonly waiter: number;
  /** The waiter's stage when it began to wait; its results are seen in the next. */
  readonly stage: number;
  readonly position: number;
  readonly dependency: number;
  readonly onFailure: OnDependencyFailure;
}

const policies: readonly OnDependencyFailure[] = ["continue", "abort", "fail"];

const insertEdge: Sql = (n) => `
insert or replace into ${n.edge} (waiter, stage, position, dependency, on_failure) values (?, ?, ?, ?, ?)`;
const selectOfStage: Sql = (n) => `
select waiter, stage, position, dependency, on_failure from ${n.edge} where waiter = ? and stage = ? order by position`;
const selectInto: Sql = (n) => `
select e.waiter, e.stage, e.position, e.dependency, e.on_failure
from ${n.edge} e indexed by ${n.edge}_dependency join ${n.task} w on w.seq = e.waiter
where e.dependency = ? order by w.id, e.stage, e.position`;
const selectDependencies: Sql = (n) => `select dependency from ${n.edge} where waiter = ? order by stage, position`;
const selectOpenWaiter: Sql = (n) => `
select w.id from ${n.edge} e indexed by ${n.edge}_dependency join ${n.task} w on w.seq = e.waiter
where e.dependency = ? and w.status < 6 limit 1`;
const dropOfWaiter: Sql = (n) => `delete from ${n.edge} where waiter = ?`;
const dropInto: Sql = (n) => `delete from ${n.edge} where dependency = ?`;
const dropFromStage: Sql = (n) => `delete from ${n.edge} where waiter = ? and stage >= ?`;

/** Adds waits, and marks both ends: whoever settles the dependency learns from the mark that someone waits. */
export function addEdges(tx: StoreTransaction, edges: readonly Edge[]): void {
  for (const { waiter, stage, position, dependency, onFailure } of edges) {
    tx.use(insertEdge).run(waiter, stage, position, dependency, policies.indexOf(onFailure));
    setFlags(tx, dependency, flag.waitedFor);
    setFlags(tx, waiter, flag.waits);
  }
}

/** What a task waited for at a stage, by position. */
export function edgesOfStage(tx: Pick<StoreTransaction, "use">, waiter: number, stage: number): readonly Edge[] {
  return tx.use(selectOfStage).all(waiter, stage).map(edgeOf);
}

/** Edges into a task, by waiter. */
export function edgesInto(tx: StoreTransaction, dependency: number): readonly Edge[] {
  return tx.use(selectInto).all(dependency).map(edgeOf);
}

/** What a task waited for at any stage. */
export function dependenciesOf(tx: StoreTransaction, waiter: number): readonly number[] {
  return tx
    .use(selectDependencies)
    .all(waiter)
    .map(([dependency]) => Number(dependency));
}

/** The open task that still needs this one's result; null when none does. */
export function neededBy(tx: StoreTransaction, dependency: number): TaskId | null {
  return (tx.use(selectOpenWaiter).get(dependency)?.[0] as TaskId | undefined) ?? null;
}

/** Takes out every edge from and into a task. */
export function dropEdges(tx: StoreTransaction, seq: number): void {
  tx.use(dropOfWaiter).run(seq);
  tx.use(dropInto).run(seq);
}

/** Takes the edges of a waiter out, from a stage on. */
export function dropEdgesFrom(tx: StoreTransaction, waiter: number, stage: number): void {
  tx.use(dropFromStage).run(waiter, stage);
}

function edgeOf(row: readonly unknown[]): Edge {
  const [waiter, stage, position, dependency, policy] = row as readonly [number, number, number, number, number];
  return { waiter, stage, position, dependency, onFailure: policies[policy] ?? "continue" };
}
