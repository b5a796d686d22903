import { applyMove, type LeasedMemo, lostAnswer, type MemoAnswer } from "@millrace/models";
import { inTransaction } from "../effects/in-transaction.ts";
import { storeMove } from "../effects/make-move.ts";
import { frozenCopy } from "../state/frozen.ts";
import type { MemoryState } from "../state/memory-state.ts";

/** What `context.once` remembers: the first value under a key stays. */
export function memo(state: MemoryState, asks: readonly LeasedMemo[]): readonly MemoAnswer[] {
  return asks.map((ask) => inTransaction(state, () => memoOne(state, ask)));
}

function memoOne(state: MemoryState, ask: LeasedMemo): MemoAnswer {
  const task = state.tasks.get(ask.taskId);
  if (!task) return { status: "lost", why: "not-found" };
  const result = applyMove(task, { type: "checkpoint", lease: ask, key: ask.key }, state.now);
  if (result.type !== "made") return lostAnswer(result);
  const memos = state.memos.get(task.id) ?? new Map();
  const known = memos.get(ask.key);
  if (known !== undefined) return { status: "held", value: known };
  if (ask.value === undefined) return { status: "held", value: null };
  const value = frozenCopy(ask.value);
  state.memos.set(task.id, new Map([...memos, [ask.key, value]]));
  storeMove(state, task, result);
  return { status: "held", value };
}
