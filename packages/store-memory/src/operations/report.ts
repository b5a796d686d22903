import {
  heldAnswer,
  type LeaseAnswer,
  type LeasedReport,
  lostAnswer,
  type NewStep,
  type TaskRecord,
} from "@millrace/models";
import { inTransaction } from "../effects/in-transaction.ts";
import { makeMove } from "../effects/make-move.ts";
import { frozenCopy } from "../state/frozen.ts";
import type { MemoryState } from "../state/memory-state.ts";

/** M3 and M5: what owners tell of running tasks. */
export function report(state: MemoryState, reports: readonly LeasedReport[]): readonly LeaseAnswer[] {
  return reports.map((told) =>
    inTransaction<LeaseAnswer>(state, () => {
      const task = state.tasks.get(told.taskId);
      if (!task) return { status: "lost", why: "not-found" };
      const result = makeMove(state, task, {
        type: "report",
        lease: told,
        started: told.started ?? false,
        progress: frozenCopy(told.progress ?? null),
        steps: newSteps(state, task, told.steps ?? []),
        alive: told.alive ?? false,
      });
      return result.type === "made" ? heldAnswer(result.task) : lostAnswer(result);
    }),
  );
}

/** Without those stored before, or named twice: a flush that is sent again adds nothing. */
function newSteps(state: MemoryState, task: TaskRecord, steps: readonly NewStep[]): readonly NewStep[] {
  const known = state.steps.ofTask(task.id);
  const seen = new Set<number>();
  return steps.filter(({ n }) => !known.has(`${task.attempt}.${n}`) && !seen.has(n) && seen.add(n)).map(frozenCopy);
}
