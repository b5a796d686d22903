import { type EnqueueRequest, newTask, type TaskRecord } from "@millrace/models";
import { fixedToColumn, valueToColumn } from "@millrace/store-sql";
import type { Sql } from "../connection/connection.ts";
import type { SqliteValue } from "../driver/sqlite-database.ts";
import { code } from "../row/task-flags.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { insertStored, isUsualWhenNew, longestInlineInput } from "../transaction/task-table.ts";
import { tellEnqueued } from "./make-task.ts";

const insertRows = (rows: number): Sql => {
  const values = Array.from({ length: rows }, () => "(?, ?, ?, 1, ?, ?, ?, ?)").join(", ");
  return (n) => `
insert into ${n.task} (id, tenant_id, kind, status, priority, scheduled_at, created_at, input)
values ${values} on conflict (id) do nothing`;
};

/** Many rows in one statement cost a third less each; a few sizes, so that there are few statements. */
const sizes: readonly { readonly rows: number; readonly insert: Sql }[] = [64, 20, 8].map((rows) => {
  return { rows, insert: insertRows(rows) };
});

/** From how many on it is worth it. */
export const fewestPlain = 4;

/**
 * M1 of many tasks of which nothing special was said, several in a statement. Null, and nothing done: one is not of that
 * sort, or its id is taken.
 */
export function makePlainTasks(
  tx: StoreTransaction,
  requests: readonly EnqueueRequest[],
): readonly TaskRecord[] | null {
  const tasks: TaskRecord[] = [];
  for (const request of requests) {
    const task = newTask(request, 0, tx.now);
    if (!isPlain(task, tx.now)) return null;
    tasks.push(Object.freeze(task));
  }
  return tx.atomically<readonly TaskRecord[] | null>((refuse) => {
    let at = 0;
    for (const { rows, insert } of sizes) {
      for (; at + rows <= tasks.length; at += rows) {
        const piece = tasks.slice(at, at + rows);
        if (Number(tx.use(insert).run(...piece.flatMap(columnsOf)).changes) < rows) refuse(null);
        for (const task of piece) tx.counts.add(task, code.queued, 1);
      }
    }
    for (const task of tasks.slice(at)) if (!insertStored(tx, { task, fixed: null, labels: [] })) refuse(null);
    for (const task of tasks) tellEnqueued(tx, task);
    return tasks;
  });
}

function isPlain(task: TaskRecord, now: number): boolean {
  const isDue = isUsualWhenNew(task) && task.scheduledAt <= now;
  return isDue && (valueToColumn(task.input)?.length ?? 0) <= longestInlineInput && fixedToColumn(task) === null;
}

function columnsOf(task: TaskRecord): readonly SqliteValue[] {
  const { id, tenantId, kind, priority, scheduledAt, createdAt, input } = task;
  return [id, tenantId, kind, priority, scheduledAt, createdAt, valueToColumn(input)];
}
