import { applyMove, isFinal, type TaskRecord } from "@millrace/models";
import { labelsOf } from "@millrace/store-sql";
import type { Sql } from "../connection/connection.ts";
import { countCode, flag } from "../row/task-flags.ts";
import type { StoredTask } from "../row/task-row.ts";
import { changeKeyUse } from "../transaction/key-use.ts";
import { moveEntries } from "../transaction/place-entries.ts";
import { getBySeq } from "../transaction/read-stored.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { dependenciesOf, dropEdges, neededBy } from "./edges.ts";

const dropTask: Sql = (n) => `delete from ${n.task} where seq = ?`;
const dropLoose: Sql = (n) => `delete from ${n.loose} where seq = ?`;
const dropInput: Sql = (n) => `delete from ${n.input} where seq = ?`;
const dropLabel: Sql = (n) => `delete from ${n.label} where label = ? and seq = ?`;
const dropSteps: Sql = (n) => `delete from ${n.step} where task = ?`;
const dropAttempts: Sql = (n) => `delete from ${n.attempt} where task = ?`;
const dropMemos: Sql = (n) => `delete from ${n.memo} where task = ?`;
const dropSignals: Sql = (n) => `delete from ${n.signal} where task = ?`;
const dropDedupe: Sql = (n) => `delete from ${n.dedupe} where tenant_id = ? and kind = ? and key = ? and seq = ?`;

/** Removes a task whose end has come and that nobody needs, if it said `retainForMs: 0`. */
export function removeIfDone(tx: StoreTransaction, seq: number): void {
  const stored = getBySeq(tx, seq);
  if (!stored || !isFinal(stored.task.status) || stored.task.retainForMs !== 0) return;
  if (neededBy(tx, seq) === null) removeTask(tx, stored);
}

/** The record goes, and all that belongs to it; the journal keeps its events. */
export function removeTask(tx: StoreTransaction, stored: StoredTask): void {
  const { seq, flags, task } = stored;
  const result = applyMove(task, { type: "remove" }, tx.now);
  if (result.type === "made") {
    for (const event of result.events) tx.journal.tell(task, event);
    tx.removed.set(task.id, result.task.version);
  }
  const dependencies = flags & flag.waits ? dependenciesOf(tx, seq) : [];
  moveEntries(tx, { before: stored, after: null, parkedKey: null });
  if (flags & flag.keys) changeKeyUse(tx, task, null);
  tx.use(dropTask).run(seq);
  dropRows(tx, stored);
  tx.counts.add(task, countCode(stored), -1);
  tx.leases.delete(task.id);
  // What only this task needed may have outlived its own end.
  for (const dependency of dependencies) removeIfDone(tx, dependency);
}

function dropRows(tx: StoreTransaction, { seq, flags, task }: StoredTask): void {
  if (flags & flag.loose) tx.use(dropLoose).run(seq);
  if (flags & flag.input) tx.use(dropInput).run(seq);
  if (flags & flag.signals) tx.use(dropSignals).run(seq);
  if (flags & flag.rows) for (const drop of [dropSteps, dropAttempts, dropMemos]) tx.use(drop).run(seq);
  if (flags & (flag.waits | flag.waitedFor)) dropEdges(tx, seq);
  if (flags & flag.labels) for (const label of labelsOf(task)) tx.use(dropLabel).run(label, seq);
  if (task.dedupeKey !== null) dropDedupeOf(tx, seq, task);
}

function dropDedupeOf(tx: StoreTransaction, seq: number, { tenantId, kind, dedupeKey }: TaskRecord): void {
  tx.use(dropDedupe).run(tenantId, kind, dedupeKey, seq);
}
