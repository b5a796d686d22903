import { type DependencyResult, type TaskId, type TaskRecord } from "@millrace/models";
import type { Session, Sql } from "../connection/session.ts";
import { besideTask, storedTask, taskColumns } from "../row/task-row.ts";

const selectResults: Sql = (n) => `
select ${taskColumns}, e.waiter, e.position from unnest($1::uuid[], $2::integer[]) w(id, stage)
cross join lateral (select * from ${n.edge} x where x.waiter = w.id and x.stage = w.stage offset 0) e
cross join lateral (select * from ${n.task} x where x.id = e.dependency offset 0) t ${besideTask(n)}
order by e.waiter, e.position`;

const noResults: readonly DependencyResult[] = Object.freeze([]);

/** What tasks waited for before their stage, by position. */
export async function readResults(
  session: Pick<Session, "run">,
  tasks: readonly TaskRecord[],
): Promise<(id: TaskId) => readonly DependencyResult[]> {
  if (tasks.length === 0) return () => noResults;
  const rows = await session.run(selectResults, [tasks.map(({ id }) => id), tasks.map(({ stage }) => stage - 1)]);
  const found = new Map<TaskId, DependencyResult[]>();
  for (const row of rows) {
    const { id, kind, status, reason, output, failure } = storedTask(row).task;
    const waiter = String(row.at(-2));
    const list = found.get(waiter) ?? [];
    list.push(Object.freeze({ taskId: id, kind, status, reason, output, failure }));
    found.set(waiter, list);
  }
  return (id) => Object.freeze(found.get(id) ?? noResults);
}
