import { formatDuration } from "../format/format-number.ts";
import { hasEnded, type ProgressModel, type ProgressTask } from "./progress-model.ts";

/** A running task is mentioned again each time it passes one of these percents; more would be noise in a log. */
const milestones = [25, 50, 75];

/**
 * What a log should say after a change: one line for each task that started, passed a quarter, failed an attempt or
 * ended. Nothing when nothing of this happened.
 */
export function renderChanges(before: ProgressModel | null, after: ProgressModel): readonly string[] {
  const earlier = new Map(before?.tasks.map((task) => [task.id, task]));
  return after.tasks.flatMap((task) => {
    const line = before === null && hasEnded(task) ? endedBefore(task) : changeOf(earlier.get(task.id), task);
    return line === null ? [] : [`${task.label}: ${line}`];
  });
}

/** What an earlier process of the same run had finished already. */
function endedBefore({ state, note }: ProgressTask): string {
  return withNote(`${state} before this start`, note);
}

function changeOf(before: ProgressTask | undefined, task: ProgressTask): string | null {
  const isSame = before?.state === task.state && before.attempt === task.attempt;
  if (!isSame) return stateLine(task);
  if (task.state !== "running") return null;
  const passed = milestones.findLast((percent) => percentOf(before) < percent && percentOf(task) >= percent);
  return passed === undefined ? null : withNote(`${String(Math.floor(percentOf(task)))}%`, task.note);
}

function stateLine(task: ProgressTask): string | null {
  const tries = `attempt ${String(task.attempt)} of ${String(task.maxAttempts)}`;
  switch (task.state) {
    case "waiting":
      return null;
    case "running":
      return task.attempt > 1 ? `started again, ${tries}` : "started";
    case "retrying":
      return withNote(`${tries} failed`, task.note);
    case "succeeded":
      return withNote(`done in ${took(task)}`, task.note);
    case "failed":
      return withNote(
        `failed for good after ${String(task.attempt)} ${task.attempt === 1 ? "attempt" : "attempts"}`,
        task.note,
      );
    case "cancelled":
      return withNote("cancelled", task.note);
  }
}

function withNote(text: string, note: string): string {
  return note === "" ? text : `${text}, ${note}`;
}

function percentOf({ percent }: ProgressTask): number {
  return percent ?? 0;
}

function took({ startedAt, finishedAt }: ProgressTask): string {
  return formatDuration((finishedAt ?? 0) - (startedAt ?? 0));
}
