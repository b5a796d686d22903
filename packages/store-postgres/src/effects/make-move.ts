import {
  applyMove,
  type AttemptRecord,
  type MadeMove,
  type Move,
  type MoveResult,
  type TaskStep,
} from "@millrace/models";
import { endedCode } from "@millrace/store-sql";
import type { Sql } from "../connection/session.ts";
import { flag } from "../row/task-flags.ts";
import type { StoredTask } from "../row/task-row.ts";
import { valueToText } from "../row/value-column.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { saveInput, saveStored } from "../transaction/task-table.ts";

const insertStep: Sql = (n) => `
insert into ${n.step} (task, attempt, n, kind, level, message, meta, percent, at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict do nothing`;
const insertAttempt: Sql = (n) => `
insert into ${n.attempt}
  (task, attempt, lease_token, host_id, claimed_at, started_at, ended_at, ended, outcome, failure)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing`;

/** Makes a move of a locked task and stores what it did to that task. What it does to others follows in `drainEnded`. */
export function makeMove(tx: StoreTransaction, stored: StoredTask, move: Move): MoveResult {
  const result = applyMove(stored.task, move, tx.now);
  if (result.type === "made") storeMove(tx, stored, result);
  return result;
}

/** Stores a move that was made: record, events, steps, the ended attempt. */
export function storeMove(tx: StoreTransaction, before: StoredTask, made: MadeMove): StoredTask {
  const { task, steps, endedAttempt } = made;
  const moreFlags = steps.length > 0 || endedAttempt ? flag.rows : 0;
  const after = saveStored(tx, before, { task, moreFlags });
  if (task.input !== before.task.input) saveInput(tx, after);
  for (const event of made.events) tx.journal.tell(task, event);
  for (const step of steps) addStep(tx, step);
  if (endedAttempt) addAttempt(tx, endedAttempt);
  return after;
}

function addStep(tx: StoreTransaction, step: TaskStep): void {
  const { taskId, attempt, n, kind, level, message, meta, percent, at } = step;
  const metaText = meta === null ? null : JSON.stringify(meta);
  tx.write(insertStep, [taskId, attempt, n, kind, level, message, metaText, percent, at]);
}

function addAttempt(tx: StoreTransaction, row: AttemptRecord): void {
  tx.write(insertAttempt, [
    row.taskId,
    row.attempt,
    row.leaseToken,
    row.hostId,
    row.claimedAt,
    row.startedAt,
    row.endedAt,
    endedCode(row.endedBy, row.endedAs),
    row.outcome,
    valueToText(row.failure),
  ]);
}
