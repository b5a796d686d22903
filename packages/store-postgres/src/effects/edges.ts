import type { OnDependencyFailure, TaskId } from "@millrace/models";
import type { Row, Sql } from "../connection/session.ts";
import { flag } from "../row/task-flags.ts";
import { numberOf } from "../row/task-row.ts";
import { getTask } from "../transaction/hold.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { setFlags } from "../transaction/task-table.ts";

/** A task waits for another. */
export interface Edge {
  readonly waiter: TaskId;
  /** The waiter's stage when it began to wait; its results are seen in the next. */
  readonly stage: number;
  readonly position: number;
  readonly dependency: TaskId;
  readonly onFailure: OnDependencyFailure;
}

const policies: readonly OnDependencyFailure[] = ["continue", "abort", "fail"];
const columns = "waiter, stage, position, dependency, on_failure";

const insertEdges: Sql = (n) => `
insert into ${n.edge} (${columns})
select * from unnest($1::uuid[], $2::integer[], $3::integer[], $4::uuid[], $5::smallint[])
on conflict (waiter, stage, position) do update set dependency = excluded.dependency, on_failure = excluded.on_failure`;
const selectOfStage: Sql = (n) => `select ${columns} from ${n.edge} where waiter = $1 and stage = $2 order by position`;
const selectInto: Sql = (n) => `
select ${columns} from ${n.edge} where dependency = any($1::uuid[]) order by waiter, stage, position`;
const selectDependencies: Sql = (n) => `select dependency from ${n.edge} where waiter = $1 order by stage, position`;
const selectOpenWaiter: Sql = (n) => `
select e.waiter from ${n.edge} e
where e.dependency = $1 and exists (select 1 from ${n.task} w where w.id = e.waiter and w.status < 6 offset 0) limit 1`;
const dropOfWaiter: Sql = (n) => `delete from ${n.edge} where waiter = $1`;
const dropInto: Sql = (n) => `delete from ${n.edge} where dependency = $1`;
const dropFromStage: Sql = (n) => `delete from ${n.edge} where waiter = $1 and stage >= $2`;

/** Adds waits, and marks both ends: whoever settles the dependency learns from the mark that someone waits. */
export async function addEdges(tx: StoreTransaction, edges: readonly Edge[]): Promise<void> {
  if (edges.length === 0) return;
  tx.write(insertEdges, [
    edges.map(({ waiter }) => waiter),
    edges.map(({ stage }) => stage),
    edges.map(({ position }) => position),
    edges.map(({ dependency }) => dependency),
    edges.map(({ onFailure }) => policies.indexOf(onFailure)),
  ]);
  for (const { waiter, dependency } of edges) {
    const to = await getTask(tx, dependency);
    if (to) setFlags(tx, to, flag.waitedFor);
    const from = await getTask(tx, waiter);
    if (from) setFlags(tx, from, flag.waits);
  }
}

/** What a task waited for at a stage, by position. */
export async function edgesOfStage(
  tx: Pick<StoreTransaction, "query">,
  waiter: TaskId,
  stage: number,
): Promise<readonly Edge[]> {
  return (await tx.query(selectOfStage, [waiter, stage])).map(edgeOf);
}

/** Edges into tasks, by waiter. */
export async function edgesInto(tx: StoreTransaction, dependencies: readonly TaskId[]): Promise<readonly Edge[]> {
  return (await tx.query(selectInto, [dependencies])).map(edgeOf);
}

/** What a task waited for at any stage. */
export async function dependenciesOf(tx: StoreTransaction, waiter: TaskId): Promise<readonly TaskId[]> {
  return (await tx.query(selectDependencies, [waiter])).map(([dependency]) => String(dependency));
}

/** The open task that still needs this one's result; null when none does. */
export async function neededBy(tx: StoreTransaction, dependency: TaskId): Promise<TaskId | null> {
  const [row] = await tx.query(selectOpenWaiter, [dependency]);
  return row ? String(row[0]) : null;
}

/** Takes out every edge from and into a task. */
export function dropEdges(tx: StoreTransaction, id: TaskId): void {
  tx.write(dropOfWaiter, [id]);
  tx.write(dropInto, [id]);
}

/** Takes the edges of a waiter out, from a stage on. */
export function dropEdgesFrom(tx: StoreTransaction, waiter: TaskId, stage: number): void {
  tx.write(dropFromStage, [waiter, stage]);
}

function edgeOf(row: Row): Edge {
  return {
    waiter: String(row[0]),
    stage: numberOf(row[1]),
    position: numberOf(row[2]),
    dependency: String(row[3]),
    onFailure: policies[numberOf(row[4])] ?? "continue",
  };
}
