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
  type TaskRecord,
} from "@millrace/models";
import { drainEnded } from "../effects/drain-ended.ts";
import { inTransaction } from "../effects/in-transaction.ts";
import { storeMove } from "../effects/make-move.ts";
import { suspend } from "../effects/suspend.ts";
import { frozenCopy } from "../state/frozen.ts";
import type { MemoryState } from "../state/memory-state.ts";

/** M6–M10, and in the same transaction whatever the end of an attempt means for other tasks. */
export function settle(state: MemoryState, settlements: readonly LeasedSettlement[]): readonly LeaseAnswer[] {
  return settlements.map((settlement) => inTransaction(state, () => settleOne(state, settlement)));
}

function settleOne(state: MemoryState, asked: LeasedSettlement): LeaseAnswer {
  const task = state.tasks.get(asked.taskId);
  if (!task) return { status: "lost", why: "not-found" };
  const settlement = frozenCopy(asked.settlement);
  const move = settleMove({ ...asked, settlement });
  const result = applyMove(task, move, state.now);
  if (result.type !== "made") return answerAgain(state, task, { asked, result });
  // A cancel that was asked for turns a suspension into an end: then nothing is waited for.
  const isSuspended = settlement.type === "suspend" && result.task.status === "suspended";
  const made = isSuspended ? suspend(state, task, { ...move, settlement }) : result;
  if (!isSuspended) storeMove(state, task, result);
  return answerOf(state, made, drainEnded(state).get(task.id));
}

/** `removedAt`: the version at which the task went in this very transaction. */
function answerOf(state: MemoryState, { task }: MadeMove, removedAt: number | undefined): LeaseAnswer {
  const version = removedAt ?? state.tasks.get(task.id)?.version ?? task.version;
  return settledAnswer(task, { version, removed: removedAt !== undefined });
}

/** A refused settlement may be a repeated one, of the last attempt or of an older one that has become a row. */
function answerAgain(
  state: MemoryState,
  task: TaskRecord,
  refused: { readonly asked: LeasedSettlement; readonly result: RefusedMove },
): LeaseAnswer {
  const { asked, result } = refused;
  if (result.type === "replayed") return replayedAnswer(task, result.next);
  const row = state.attempts
    .get(task.id)
    ?.find(({ attempt, leaseToken }) => attempt === asked.attempt && leaseToken === asked.leaseToken);
  if (row?.endedBy === "owner") return replayedAnswer(task, row.endedAs);
  return lostAnswer(result);
}
