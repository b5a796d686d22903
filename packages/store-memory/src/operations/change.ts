import type { ChangeAnswer, ChangeAsk, EpochMs, Move, TaskRecord } from "@millrace/models";
import { inTransaction } from "../effects/in-transaction.ts";
import { makeMove } from "../effects/make-move.ts";
import { frozenCopy } from "../state/frozen.ts";
import type { MemoryState } from "../state/memory-state.ts";

/** M17, M18, and `resume` of a manual wait. */
export function change(state: MemoryState, asks: readonly ChangeAsk[]): readonly ChangeAnswer[] {
  return asks.map((ask) =>
    inTransaction<ChangeAnswer>(state, () => {
      const task = state.tasks.get(ask.taskId);
      if (!task) return { status: "refused", why: "not-found" };
      const result = makeMove(state, task, moveOf(task, ask, state.now));
      if (result.type === "made") return { status: "changed", task: result.task };
      return { status: "refused", why: "wrong-status", task };
    }),
  );
}

function moveOf(task: TaskRecord, ask: ChangeAsk, now: EpochMs): Move {
  switch (ask.type) {
    case "pause":
      return { type: "pause", by: ask.by, why: ask.why };
    case "resume":
      if (task.status === "paused") return { type: "resume" };
      return { type: "wake", reason: "manual", payload: frozenCopy(ask.payload ?? null), aborted: false };
    case "reschedule":
      return {
        type: "reschedule",
        scheduledAt: ask.scheduledAt ?? now + ask.delayMs,
        priority: ask.priority ?? null,
      };
    case "replace-input":
      return { type: "replace-input", input: frozenCopy(ask.input), scheduledAt: null };
  }
}
