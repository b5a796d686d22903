import {
  applyMove,
  type LeaseAnswer,
  type LeasedSettlement,
  type MadeMove,
  type Move,
  type RefusedMove,
  type TaskRecord,
} from "@millrace/models";
import { drainEnded } from "../effects/drain-ended.ts";
import { inTransaction } from "../effects/in-transaction.ts";
import { storeMove } from "../effects/make-move.ts";
import { suspend } from "../effects/suspend.ts";
import { frozenCopy } from "../state/frozen.ts";
import type { MemoryState } from "../state/memory-state.ts";
import { lostAnswer } from "./lease-answer.ts";

/** M6–M10, and in the same transaction whatever the end of an attempt means for other tasks. */
export function settle(state: MemoryState, settlements: readonly LeasedSettlement[]): readonly LeaseAnswer[] {
  return settlements.map((settlement) => inTransaction(state, () => settleOne(state, settlement)));
}

function settleOne(state: MemoryState, asked: LeasedSettlement): LeaseAnswer {
  const task = state.tasks.get(asked.taskId);
  if (!task) return { status: "lost", why: "not-found" };
  const settlement = frozenCopy(asked.settlement);
  const move: Extract<Move, { type: "settle" }> = {
    type: "settle",
    lease: asked,
    started: asked.started,
    settlement,
    waitMet: null,
    openDependencies: 0,
  };
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
  const next = task.lastEndedAs ?? task.status;
  return {
    status: "held",
    version: removedAt ?? state.tasks.get(task.id)?.version ?? task.version,
    next,
    ...(next === "queued" ? { scheduledAt: task.scheduledAt } : {}),
    ...(removedAt === undefined ? {} : { removed: true }),
  };
}

/** A refused settlement may be a repeated one, of the last attempt or of an older one that has become a row. */
function answerAgain(
  state: MemoryState,
  task: TaskRecord,
  refused: { readonly asked: LeasedSettlement; readonly result: RefusedMove },
): LeaseAnswer {
  const { asked, result } = refused;
  const { version } = task;
  if (result.type === "replayed") return { status: "held", version, replayed: true, next: result.next };
  const row = state.attempts
    .get(task.id)
    ?.find(({ attempt, leaseToken }) => attempt === asked.attempt && leaseToken === asked.leaseToken);
  if (row?.endedBy === "owner") return { status: "held", version, replayed: true, next: row.endedAs };
  return lostAnswer(result);
}
