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
import type { Sql } from "../connection/connection.ts";
import { drainEnded } from "../effects/drain-ended.ts";
import { storeMove } from "../effects/make-move.ts";
import { suspend } from "../effects/suspend.ts";
import type { StoredTask } from "../row/task-row.ts";
import { getBySeq } from "../transaction/read-stored.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { withLease } from "./lease-answer.ts";
import { type PlainSuccess, plainSuccessOf, succeedPlain } from "./succeed-plain.ts";

const attemptOf: Sql = (n) => `select ended from ${n.attempt} where task = ? and attempt = ? and lease_token = ?`;

/** M6–M10, and in the same transaction whatever the end of an attempt means for other tasks. */
export function settle(tx: StoreTransaction, settlements: readonly LeasedSettlement[]): readonly LeaseAnswer[] {
  tx.journal.begin("settle");
  const answers: LeaseAnswer[] = [];
  const settleAny = (asked: LeasedSettlement): LeaseAnswer =>
    withLease(tx, asked, (stored) => settleOne(tx, stored, asked));
  let successes: PlainSuccess[] = [];
  const succeedAll = (): void => {
    const made = succeedPlain(tx, successes);
    for (const [index, { asked }] of successes.entries()) answers.push(made[index] ?? settleAny(asked));
    successes = [];
  };
  for (const asked of settlements) {
    const success = plainSuccessOf(tx, asked);
    if (success) {
      successes.push(success);
      continue;
    }
    succeedAll();
    answers.push(settleAny(asked));
  }
  succeedAll();
  return answers;
}

function settleOne(tx: StoreTransaction, stored: StoredTask, asked: LeasedSettlement): LeaseAnswer | null {
  const { settlement } = asked;
  const move = settleMove(asked);
  const result = applyMove(stored.task, move, tx.now);
  if (result.type !== "made") return answerAgain(tx, stored, { asked, result });
  // A cancel that was asked for turns a suspension into an end: then nothing is waited for.
  if (settlement.type === "suspend" && result.task.status === "suspended") {
    // Children are made before the parent's row is written: what is remembered of it must not be a guess.
    const current = getBySeq(tx, stored.seq);
    if (current?.task.version !== stored.task.version) return null;
    const made = suspend(tx, current, { ...move, settlement });
    return answerOf(tx, stored.seq, made);
  }
  if (!storeMove(tx, stored, result)) return null;
  return answerOf(tx, stored.seq, result);
}

function answerOf(tx: StoreTransaction, seq: number, { task }: MadeMove): LeaseAnswer {
  // A child that had ended before may have ended the wait at once.
  const mayHaveMoved = tx.ended.length > 0 || task.status === "suspended";
  tx.removed.clear();
  drainEnded(tx);
  // The version at which the task went in this very transaction, or to which its own end led.
  const removedAt = tx.removed.get(task.id);
  const version = removedAt ?? (mayHaveMoved ? getBySeq(tx, seq)?.task.version : null) ?? task.version;
  return settledAnswer(task, { version, removed: removedAt !== undefined });
}

/** A refused settlement may be a repeated one, of the last attempt or of an older one that has become a row. */
function answerAgain(
  tx: StoreTransaction,
  stored: StoredTask,
  refused: { readonly asked: LeasedSettlement; readonly result: RefusedMove },
): LeaseAnswer {
  const { asked, result } = refused;
  if (result.type === "replayed") return replayedAnswer(stored.task, result.next);
  const row = tx.use(attemptOf).get(stored.seq, asked.attempt, asked.leaseToken);
  const ended = row ? endedOfCode(Number(row[0])) : null;
  if (ended?.by === "owner") return replayedAnswer(stored.task, ended.as);
  return lostAnswer(result);
}
