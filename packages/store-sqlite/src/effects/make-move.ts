import {
  applyMove,
  type AttemptRecord,
  type MadeMove,
  type Move,
  type MoveResult,
  type TaskStep,
} from "@millrace/models";
import { endedCode, valueToColumn } from "@millrace/store-sql";
import type { Sql } from "../connection/connection.ts";
import { flag } from "../row/task-flags.ts";
import type { StoredTask } from "../row/task-row.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { saveInput, saveStored } from "../transaction/task-table.ts";

const insertStep: Sql = (n) => `
insert or ignore into ${n.step} (task, attempt, n, kind, level, message, meta, percent, at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const insertAttempt: Sql = (n) => `
insert or ignore into ${n.attempt}
  (task, attempt, lease_token, host_id, claimed_at, started_at, ended_at, ended, outcome, failure)
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** Makes a move of a task and stores what it did to that task. What it does to others follows in `drainEnded`. */
export function makeMove(tx: StoreTransaction, stored: StoredTask, move: Move): MoveResult {
  const result = applyMove(stored.task, move, tx.now);
  if (result.type === "made" && !storeMove(tx, stored, result))
    throw new Error(`task ${stored.task.id} was not as read`);
  return result;
}

/**
 * Stores a move that was made: record, events, steps, the ended attempt. Null, and nothing stored, when the task in the
 * table is not the one the move was made of.
 */
export function storeMove(tx: StoreTransaction, before: StoredTask, made: MadeMove): StoredTask | null {
  const { task, steps, endedAttempt } = made;
  const moreFlags = steps.length > 0 || endedAttempt ? flag.rows : 0;
  const after = saveStored(tx, before, { task, moreFlags });
  if (!after) return null;
  if (task.input !== before.task.input) saveInput(tx, after);
  for (const event of made.events) tx.journal.tell(task, event);
  for (const step of steps) addStep(tx, before.seq, step);
  if (endedAttempt) addAttempt(tx, before.seq, endedAttempt);
  return after;
}

function addStep(tx: StoreTransaction, seq: number, step: TaskStep): void {
  const { attempt, n, kind, level, message, meta, percent, at } = step;
  const metaText = meta === null ? null : JSON.stringify(meta);
  tx.use(insertStep).run(seq, attempt, n, kind, level, message, metaText, percent, at);
}

function addAttempt(tx: StoreTransaction, seq: number, row: AttemptRecord): void {
  tx.use(insertAttempt).run(
    seq,
    row.attempt,
    row.leaseToken,
    row.hostId,
    row.claimedAt,
    row.startedAt,
    row.endedAt,
    endedCode(row.endedBy, row.endedAs),
    row.outcome,
    valueToColumn(row.failure),
  );
}
