import { applyMove, isFinal, isLeased, type TaskId } from "@millrace/models";
import { labelsOf } from "@millrace/store-sql";
import type { Sql } from "../connection/session.ts";
import { flag } from "../row/task-flags.ts";
import type { StoredTask } from "../row/task-row.ts";
import { getTask } from "../transaction/hold.ts";
import { changeKeyUse } from "../transaction/key-use.ts";
import { moveEntries } from "../transaction/place-entries.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { dependenciesOf, dropEdges, neededBy } from "./edges.ts";

const dropTask: Sql = (n) => `delete from ${n.task} where id = $1`;
const dropQueued: Sql = (n) => `delete from ${n.queue} where id = $1`;
const dropRunning: Sql = (n) => `delete from ${n.running} where id = $1`;
const dropLabels: Sql = (n) => `delete from ${n.label} where label = any($1::text[]) and id = $2`;
const dropSteps: Sql = (n) => `delete from ${n.step} where task = $1`;
const dropAttempts: Sql = (n) => `delete from ${n.attempt} where task = $1`;
const dropMemos: Sql = (n) => `delete from ${n.memo} where task = $1`;
const dropSignals: Sql = (n) => `delete from ${n.signal} where task = $1`;
const dropDedupe: Sql = (n) => `delete from ${n.dedupe} where tenant_id = $1 and kind = $2 and key = $3 and id = $4`;

/** Removes a task whose end has come and that nobody needs, if it said `retainForMs: 0`. */
export async function removeIfDone(tx: StoreTransaction, id: TaskId): Promise<void> {
  const stored = await getTask(tx, id);
  if (!stored || !isFinal(stored.task.status) || stored.task.retainForMs !== 0) return;
  if ((await neededBy(tx, id)) === null) await removeTask(tx, stored);
}

/** Whether nothing of a final task lies anywhere but in its record. */
export function isAlone({ flags, task }: StoredTask): boolean {
  return flags === 0 && task.dedupeKey === null && isFinal(task.status);
}

/** Tells that a task goes whose record the caller deletes; answers its id. */
export function forget(tx: StoreTransaction, { task }: StoredTask): TaskId {
  const result = applyMove(task, { type: "remove" }, tx.now);
  if (result.type === "made") {
    for (const event of result.events) tx.journal.tell(task, event);
    tx.removed.set(task.id, result.task.version);
  }
  tx.held.set(task.id, null);
  return task.id;
}

/** The record goes, and all that belongs to it; the journal keeps its events. */
export async function removeTask(tx: StoreTransaction, stored: StoredTask): Promise<void> {
  const { flags, task } = stored;
  forget(tx, stored);
  const dependencies = flags & flag.waits ? await dependenciesOf(tx, task.id) : [];
  moveEntries(tx, stored, null);
  if (stored.place !== null) tx.write(dropQueued, [task.id]);
  if (isLeased(task.status)) tx.write(dropRunning, [task.id]);
  tx.write(dropTask, [task.id]);
  if (flags & flag.keys) changeKeyUse(tx, task, null);
  dropRows(tx, stored);
  // What only this task needed may have outlived its own end.
  for (const dependency of dependencies) await removeIfDone(tx, dependency);
}

function dropRows(tx: StoreTransaction, { flags, task }: StoredTask): void {
  const { id, tenantId, kind, dedupeKey } = task;
  if (flags & flag.signals) tx.write(dropSignals, [id]);
  if (flags & flag.rows) for (const drop of [dropSteps, dropAttempts, dropMemos]) tx.write(drop, [id]);
  if (flags & (flag.waits | flag.waitedFor)) dropEdges(tx, id);
  if (flags & flag.labels) tx.write(dropLabels, [labelsOf(task), id]);
  if (dedupeKey !== null) tx.write(dropDedupe, [tenantId, kind, dedupeKey, id]);
}
