import type { History, Violation } from "./history.ts";
import { checkJournal } from "./journal-invariants.ts";
import { checkObserved } from "./observed-invariants.ts";
import { checkRecord } from "./record-invariants.ts";
import { taskHistories, tellInto } from "./task-history.ts";

/**
 * Holds a history against the invariants I1–I15 and answers what is broken; an empty list is a proof of nothing but a
 * good sign. It knows the table of legal moves and no more: never how a move is made. I16 is for the process to see.
 * What a history does not tell (writes, holdings, flows …) is not checked.
 */
export function checkInvariants(history: History): readonly Violation[] {
  const violations: Violation[] = [];
  const tasks = taskHistories(history);
  for (const task of tasks) {
    const tell = tellInto(violations, task.taskId);
    checkJournal(task, tell);
    checkRecord(task, tell);
  }
  checkObserved(history, tasks, violations);
  return violations;
}
