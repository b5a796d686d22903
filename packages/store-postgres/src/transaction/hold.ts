import { isTaskId, TaskError, type TaskId } from "@millrace/models";
import { databaseNow } from "../connection/clock-sql.ts";
import type { Sql } from "../connection/session.ts";
import { type StoredTask, storedTask, taskColumnCount, taskColumns, taskTables } from "../row/task-row.ts";
import type { StoreTransaction } from "./store-transaction.ts";

const lockRunning: Sql = (n) => `select id from ${n.running} where id = any($1::uuid[]) order by id for update`;
const lockQueued: Sql = (n) => `select id from ${n.queue} where id = any($1::uuid[]) order by id for update`;
const lockTasks: Sql = (n) => `select id from ${n.task} where id = any($1::uuid[]) order by id for update`;
export const readLocked: Sql = (n) => `
select ${taskColumns}, ${databaseNow} as now from ${taskTables(n)} where t.id = any($1::uuid[])`;
const readNow: Sql = () => `select ${databaseNow} as now`;

const savepoint: Sql = () => "savepoint millrace_hold";
const release: Sql = () => "release savepoint millrace_hold";
const rollbackTo: Sql = () => "rollback to savepoint millrace_hold";

// A task that moves between two looks is looked for again; nothing moves that often.
const mostRounds = 10;

/**
 * Locks tasks wherever they stand, in the order of their ids, and reads them as they are from then on. The row of the lease or
 * of the queue is the lock of a task that has one, because the short statements begin there; the record is the lock of
 * every other. A record is never kept locked while one of the other two is waited for.
 */
export async function hold(tx: StoreTransaction, ids: readonly TaskId[]): Promise<void> {
  const wanted = [...new Set(ids)].filter((id) => !tx.held.has(id) && isTaskId(id)).toSorted();
  if (wanted.length === 0) {
    if (tx.held.size === 0) await readClock(tx);
    return;
  }
  for (let round = 0; round < mostRounds; round += 1) {
    const found = await lockHot(tx, wanted);
    const resting = found?.filter((stored) => !isHot(stored)) ?? [];
    const locked = found === null || resting.length === 0 ? found : await lockResting(tx, resting);
    if (found === null || locked === null) continue;
    for (const id of wanted) tx.held.set(id, null);
    for (const stored of [...found.filter(isHot), ...locked]) tx.held.set(stored.task.id, stored);
    if (found.length === 0) await readClock(tx);
    return;
  }
  throw new TaskError("STORE_BUSY", "A task moved each time it was about to be locked.");
}

/** Locks the rows of leases and of the queue; null when a task came to one of them between two looks. */
async function lockHot(tx: StoreTransaction, wanted: readonly TaskId[]): Promise<readonly StoredTask[] | null> {
  // None of these needs the answer of another, so they travel together.
  const [running, queued, rows] = await Promise.all([
    tx.query(lockRunning, [wanted]),
    tx.query(lockQueued, [wanted]),
    tx.query(readLocked, [wanted]),
  ]);
  const locked = new Set([...running, ...queued].map(([id]) => String(id)));
  const found = rows.map((row) => storedTask(row));
  tx.tick(rows[0]?.[taskColumnCount] ?? 0);
  return found.every((stored) => !isHot(stored) || locked.has(stored.task.id)) ? found : null;
}

/** Locks the records of tasks that are neither leased nor queued; null, and nothing locked, when one of them is so by now. */
async function lockResting(
  tx: StoreTransaction,
  resting: readonly StoredTask[],
): Promise<readonly StoredTask[] | null> {
  const ids = resting.map(({ task }) => task.id).toSorted();
  tx.write(savepoint);
  const [, rows] = await Promise.all([tx.query(lockTasks, [ids]), tx.query(readLocked, [ids])]);
  const found = rows.map((row) => storedTask(row));
  tx.tick(rows[0]?.[taskColumnCount] ?? 0);
  const isMoved = found.some(isHot);
  if (isMoved) tx.write(rollbackTo);
  tx.write(release);
  return isMoved ? null : found;
}

function isHot({ place, task }: StoredTask): boolean {
  return place !== null || task.leaseToken !== null;
}

/** Takes the time when there was nothing to lock. */
export async function readClock(tx: StoreTransaction): Promise<void> {
  if (tx.clock !== null) return;
  const [row] = await tx.query(readNow);
  tx.tick(row?.[0] ?? 0);
}

/** A task by id, locked; undefined when there is none. */
export async function getTask(tx: StoreTransaction, id: TaskId): Promise<StoredTask | undefined> {
  const known = tx.held.get(id);
  if (known !== undefined) return known ?? undefined;
  await hold(tx, [id]);
  return tx.held.get(id) ?? undefined;
}

/** Tasks as they are seen now, without a lock; those that this transaction holds as it has left them. */
export async function peekTasks(
  tx: StoreTransaction,
  ids: readonly TaskId[],
): Promise<ReadonlyMap<TaskId, StoredTask>> {
  const found = new Map<TaskId, StoredTask>();
  const unknown: TaskId[] = [];
  for (const id of new Set(ids)) {
    const known = tx.held.get(id);
    if (known) found.set(id, known);
    else if (known === undefined && isTaskId(id)) unknown.push(id);
  }
  if (unknown.length === 0) return found;
  for (const row of await tx.query(readLocked, [unknown])) {
    const stored = storedTask(row);
    found.set(stored.task.id, stored);
  }
  return found;
}
