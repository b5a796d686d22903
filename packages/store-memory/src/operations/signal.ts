import { isFinal, type SignalAnswer, type SignalAsk, type TaskRecord, waitsAs } from "@millrace/models";
import { inTransaction } from "../effects/in-transaction.ts";
import { makeMove } from "../effects/make-move.ts";
import { frozenCopy } from "../state/frozen.ts";
import type { MemoryState, SignalBox } from "../state/memory-state.ts";

/** How many signals of one name may wait unread at one task. */
const mostKept = 100;

const emptyBox: SignalBox = { kept: [], seen: new Set() };

/** M11 by signal; a signal that nobody waits for is kept for the next wait of its name. */
export function signal(state: MemoryState, asks: readonly SignalAsk[]): readonly SignalAnswer[] {
  return asks.map((ask) => inTransaction(state, () => signalOne(state, ask)));
}

function signalOne(state: MemoryState, ask: SignalAsk): SignalAnswer {
  const task = state.tasks.get(ask.taskId);
  if (!task) return { status: "not-found" };
  if (isFinal(task.status)) return { status: "closed" };
  const box = state.signals.get(task.id) ?? emptyBox;
  if (box.seen.has(ask.signalId)) return { status: "repeated" };
  const isAwaited = waitsAs(task) === "suspended" && task.waitSignal === ask.name;
  if (!isAwaited && box.kept.filter(({ name }) => name === ask.name).length >= mostKept) return { status: "full" };
  const payload = frozenCopy(ask.payload);
  const kept = isAwaited ? box.kept : [...box.kept, { name: ask.name, payload }];
  state.signals.set(task.id, { kept, seen: new Set([...box.seen, ask.signalId]) });
  const told = tell(state, task, ask.name);
  if (!isAwaited) return { status: "kept" };
  makeMove(state, told, { type: "wake", reason: "signal", payload, aborted: false });
  return { status: "woke" };
}

function tell(state: MemoryState, task: TaskRecord, name: string): TaskRecord {
  const told = makeMove(state, task, { type: "signalled", name });
  return told.type === "made" ? told.task : task;
}
