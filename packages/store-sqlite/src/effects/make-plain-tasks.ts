import { type EnqueueRequest, newTask, type TaskRecord } from "@millrace/models";
import { fixedToColumn, valueToColumn } from "@millrace/store-sql";
import type { Sql } from "../connection/connection.ts";
import type { SqliteValue } from "../driver/sqlite-database.ts";
import { code } from "../row/task-flags.ts";
import { cutBySize, inSizes, listOf, type Piece, runsOf } from "../transaction/rows-at-once.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { insertStored, isUsualWhenNew, longestInlineInput } from "../transaction/task-table.ts";
import { tellEnqueued } from "./make-task.ts";

// What all of them share is bound once: binding a text costs as much as half of a row.
const insertMany = inSizes((rows): Sql => {
  const values = listOf(rows, "(?, ?)");
  return (n) => `
insert or fail into ${n.task} (id, tenant_id, kind, status, priority, scheduled_at, created_at, input)
select column1, ?, ?, 1, ?, ?, ?, column2 from (values ${values}) where true on conflict (id) do nothing`;
});

const selectNewer: Sql = (n) => `select id from ${n.task} where seq > ?`;

/** From how many on it is worth it. */
export const fewestPlain = 4;

/**
 * M1 of many tasks of which nothing special was said, several in a statement; null for one whose id is taken. Null instead of all,
 * and nothing done: one is not of that sort.
 */
export function makePlainTasks(
  tx: StoreTransaction,
  requests: readonly EnqueueRequest[],
): readonly (TaskRecord | null)[] | null {
  const tasks: TaskRecord[] = [];
  for (const request of requests) {
    const task = newTask(request, 0, tx.now);
    if (!isPlain(task, tx.now)) return null;
    tasks.push(Object.freeze(task));
  }
  const made = runsOf(tasks, isAlike).flatMap((run) => makeRun(tx, run));
  for (const task of made) if (task) tellEnqueued(tx, task);
  return made;
}

function isAlike(task: TaskRecord, first: TaskRecord): boolean {
  return (
    task.kind === first.kind &&
    task.tenantId === first.tenantId &&
    task.priority === first.priority &&
    task.scheduledAt === first.scheduledAt
  );
}

function makeRun(tx: StoreTransaction, run: readonly [TaskRecord, ...TaskRecord[]]): readonly (TaskRecord | null)[] {
  const { pieces, rest } = cutBySize(run, insertMany);
  return [
    ...pieces.flatMap((piece) => makePiece(tx, run[0], piece)),
    ...rest.map((task) => insertStored(tx, { task, fixed: null, labels: [] })?.task ?? null),
  ];
}

function makePiece(
  tx: StoreTransaction,
  like: TaskRecord,
  { sql, items }: Piece<TaskRecord>,
): readonly (TaskRecord | null)[] {
  const values: SqliteValue[] = [like.tenantId, like.kind, like.priority, like.scheduledAt, like.createdAt];
  for (const { id, input } of items) values.push(id, valueToColumn(input));
  const { changes, lastInsertRowid } = tx.use(sql).run(...values);
  const count = Number(changes);
  tx.counts.add(like, code.queued, count);
  return count === items.length ? items : onlyNew(tx, items, Number(lastInsertRowid) - count);
}

/** Some ids were taken: those that were stored just now are the ones behind all others. */
function onlyNew(tx: StoreTransaction, piece: readonly TaskRecord[], behind: number): readonly (TaskRecord | null)[] {
  const stored = new Set(
    tx
      .use(selectNewer)
      .all(behind)
      .map(([id]) => String(id)),
  );
  // An id that comes twice was stored once.
  return piece.map((task) => (stored.delete(task.id) ? task : null));
}

function isPlain(task: TaskRecord, now: number): boolean {
  const isDue = isUsualWhenNew(task) && task.scheduledAt <= now;
  return isDue && (valueToColumn(task.input)?.length ?? 0) <= longestInlineInput && fixedToColumn(task) === null;
}
