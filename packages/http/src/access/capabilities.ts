import { isFinal, isLeased, type TaskSnapshot } from "@millrace/models";
import type { Access } from "./access.ts";
import { judgeActions, type Capabilities } from "./judge-actions.ts";
import { taskActions, type TaskAction } from "./task-right.ts";

/** What somebody may do to a task now, and why not the rest. */
export type TaskCapabilities = Capabilities<TaskAction>;

/** Judges every action on a task. Pure; the store has the last word. */
export function taskCapabilities(task: TaskSnapshot, access: Access): TaskCapabilities {
  return judgeActions(taskActions, access, (action) => obstacle(task, action));
}

function obstacle(task: TaskSnapshot, action: TaskAction): string | null {
  const { status, state } = task;
  const hasEnded = isFinal(status);
  switch (action) {
    case "retry":
      return hasEnded || state === "scheduled" || state === "retrying" ? null : `It is ${state}.`;
    case "cancel":
      if (hasEnded) return "It has ended.";
      return task.cancelRequestedAt === null ? null : "It was asked to stop already.";
    case "terminate":
      return isLeased(status) ? null : "It does not run.";
    case "remove":
      return hasEnded ? null : "It has not ended.";
    case "signal":
      return hasEnded ? "It has ended." : null;
    case "pause":
      if (hasEnded) return "It has ended.";
      if (status === "paused") return "It is paused.";
      return isLeased(status) ? "It runs; ask it to stop instead." : null;
    case "resume":
      return status === "paused" || (status === "suspended" && task.reason === "manual") ? null : "It is not paused.";
    case "reschedule":
    case "replace-input":
      return status === "queued" ? null : `It is ${state}.`;
  }
}
