import {
  applyMove,
  type LeaseAnswer,
  type LeasedSettlement,
  lostAnswer,
  type MadeMove,
  type RefusedMove,
  replayedAnswer,
  settledAnswer,
  settleMove,
} from "@millrace/models";
import { endedOfCode } from "@millrace/store-sql";
import type { Sql } from "../connection/session.ts";
import { drainEnded } from "../effects/drain-ended.ts";
import { storeMove } from "../effects/make-move.ts";
import { suspend } from "../effects/suspend.ts";
import { numberOf, type StoredTask } from "../row/task-row.ts";
import { lockKeysOfHeld } from "../transaction/key-rows.ts";
import { getTask, hold } from "../transaction/hold.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { withLease } from "./lease-answer.ts";

const attemptOf: Sql = (n) => `select ended from ${n.attempt} where task = $1 and attempt = $2 and lease_token = $3`;

/** M6–M10, and in the same transaction whatever the end of an attempt means for other tasks. */
export async function settle(
  tx: StoreTransaction,
  settlements: readonly LeasedSettlement[],
): Promise<readonly LeaseAnswer[]> {
  tx.journal.begin("settle");
  const ids = settlements.map(({ taskId }) => taskId);
  await hold(tx, ids);
  await lockKeysOfHeld(tx, ids);
  const answers: LeaseAnswer[] = [];
  for (const asked of settlements) {
    answers.push(await withLease<LeaseAnswer>(tx, asked, (stored) => settleOne(tx, stored, asked)));
  }
  return answers;
}

async function settleOne(tx: StoreTransaction, stored: StoredTask, asked: LeasedSettlement): Promise<LeaseAnswer> {
  const { settlement } = asked;
  const move = settleMove(asked);
  const result = applyMove(stored.task, move, tx.now);
  if (result.type !== "made") return answerAgain(tx, stored, { asked, result });
  // A cancel that was asked for turns a suspension into an end: then nothing is waited for.
  if (settlement.type === "suspend" && result.task.status === "suspended") {
    return answerOf(tx, await suspend(tx, stored, { ...move, settlement }));
  }
  storeMove(tx, stored, result);
  return answerOf(tx, result);
}

async function answerOf(tx: StoreTransaction, { task }: MadeMove): Promise<LeaseAnswer> {
  // A child that had ended before may have ended the wait at once.
  const mayHaveMoved = tx.ended.length > 0 || task.status === "suspended";
  tx.removed.clear();
  await drainEnded(tx);
  // The version at which the task went in this very transaction, or to which its own end led.
  const removedAt = tx.removed.get(task.id);
  const version = removedAt ?? (mayHaveMoved ? (await getTask(tx, task.id))?.task.version : null) ?? task.version;
  return settledAnswer(task, { version, removed: removedAt !== undefined });
}

/** A refused settlement may be a repeated one, of the last attempt or of an older one that has become a row. */
async function answerAgain(
  tx: StoreTransaction,
  stored: StoredTask,
  refused: { readonly asked: LeasedSettlement; readonly result: RefusedMove },
): Promise<LeaseAnswer> {
  const { asked, result } = refused;
  if (result.type === "replayed") return replayedAnswer(stored.task, result.next);
  const [row] = await tx.query(attemptOf, [stored.task.id, asked.attempt, asked.leaseToken]);
  const ended = row ? endedOfCode(numberOf(row[0])) : null;
  if (ended?.by === "owner") return replayedAnswer(stored.task, ended.as);
  return lostAnswer(result);
}
