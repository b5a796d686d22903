import {
  stepCursor,
  type StepLevel,
  type StepPage,
  type StepQuery,
  type TaskId,
  type TaskStep,
} from "@millrace/models";
import { deepFrozen } from "./deep-frozen.ts";

/** The columns that `stepPage` reads. */
export const stepColumns: string = "attempt, n, kind, level, message, meta, percent, at";

/** A page of a task's steps out of its rows and, when there is more, one row that follows. */
export function stepPage(
  rows: readonly (readonly unknown[])[],
  { taskId, limit, from }: Required<Pick<StepQuery, "taskId" | "limit" | "from">>,
): StepPage {
  const steps = rows.slice(0, limit).map((row) => stepOf(taskId, row));
  const last = steps.at(-1);
  return Object.freeze({
    steps: Object.freeze(steps),
    next: rows.length > limit && last ? stepCursor(from, taskId, last) : null,
  });
}

function stepOf(taskId: TaskId, [attempt, n, kind, level, message, meta, percent, at]: readonly unknown[]): TaskStep {
  return Object.freeze({
    id: `${Number(attempt)}.${Number(n)}`,
    taskId,
    attempt: Number(attempt),
    n: Number(n),
    kind: String(kind),
    level: level as StepLevel,
    message: String(message),
    meta: typeof meta === "string" ? deepFrozen(JSON.parse(meta) as TaskStep["meta"]) : null,
    percent: percent === null ? null : Number(percent),
    at: Number(at),
  });
}
