import type { TaskExplanation } from "@millrace/models";
import type { ShownTask } from "../api/answers.ts";
import { durationText, relativeText } from "../format/durations.ts";
import { lineText } from "../format/texts.ts";

/** Why a task is where it is, and what one may do about it. */
export interface WhatHappened {
  readonly tone: "run" | "ok" | "warn" | "bad" | "idle";
  readonly text: string;
  /** What to do next; null = nothing. */
  readonly next: string | null;
}

/** Says in a few sentences what became of a task. Pure. */
export function whatHappened(task: ShownTask, explanation: TaskExplanation | null, now: number): WhatHappened {
  const { state, failure, attempt } = task;
  const why = explanation === null ? "" : lineText(explanation.text, 1_500);
  switch (state) {
    case "failed": {
      const tries = attempt === 1 ? "its only attempt" : `${attempt} attempts`;
      const error =
        failure === null ? (task.reason ?? "an unknown reason") : `${failure.code ?? failure.name}: ${failure.message}`;
      return {
        tone: "bad",
        text: `Failed for good after ${tries}. ${lineText(error, 400)}`,
        next: "Mend the cause, then retry this one, or all that failed the same way.",
      };
    }
    case "succeeded": {
      const ran =
        task.startedAt !== null && task.finishedAt !== null
          ? ` It ran ${durationText(task.finishedAt - task.startedAt)}.`
          : "";
      return { tone: "ok", text: `Succeeded on attempt ${attempt}.${ran}`, next: null };
    }
    case "cancelled": {
      const by = task.cancelledBy === null ? "" : ` by ${task.cancelledBy}`;
      const reason =
        task.cancelReason === null
          ? task.reason === null || task.reason === "TASK_CANCELLED"
            ? ""
            : `: ${task.reason}`
          : `: ${task.cancelReason}`;
      return {
        tone: "idle",
        text: lineText(`Cancelled${by}${reason}.`, 500),
        next: task.actions.can.includes("retry") ? "It can be run again." : null,
      };
    }
    case "stale": {
      const silent =
        task.lastSignAt === null ? "" : ` Its handler was last heard of ${relativeText(task.lastSignAt, now)}.`;
      return {
        tone: "warn",
        text: `${why || "Its handler has gone silent."}${silent}`,
        next: "If its host is gone, it is taken from it when the lease ends; if the handler hangs, cancel it.",
      };
    }
    case "running":
    case "claimed":
      return { tone: "run", text: why || "It runs.", next: null };
    case "retrying":
      return {
        tone: "warn",
        text: why || `It is tried again ${relativeText(task.scheduledAt, now)}.`,
        next: "It goes on by itself; retry runs it at once.",
      };
    default:
      return { tone: "idle", text: why || `It is ${state}.`, next: nextOf(explanation) };
  }
}

function nextOf(explanation: TaskExplanation | null): string | null {
  switch (explanation?.reasons[0]?.code) {
    case "no-host":
      return "Start a host that serves this kind, or look why the one that did has gone.";
    case "kind-paused":
      return "Resume the kind when what it was paused for is over.";
    case "task-paused":
      return "Resume it when what it was paused for is over.";
    case "limit-full":
      return "It goes on when one of those that hold its key ends; raise the limit if that takes too long.";
    case "hosts-busy":
      return "It starts when a slot is free; more hosts or more slots make that sooner.";
    case "waits-for-person":
      return "Resume it, or send it the signal it waits for.";
    case "not-due":
      return "Retry runs it at once.";
    default:
      return null;
  }
}
