import type { ScheduleView } from "@millrace/scheduler";
import type { Access } from "../access/access.ts";
import { judgeActions, type Capabilities } from "../access/judge-actions.ts";
import type { TaskRight } from "../access/task-right.ts";

/** What may be done to a schedule by whoever asks. */
export type ScheduleAction = Extract<
  TaskRight,
  "pause-schedule" | "resume-schedule" | "run-schedule" | "skip-schedule" | "update-schedule" | "remove-schedule"
>;

/** What somebody may do to a schedule now, and why not the rest. */
export type ScheduleCapabilities = Capabilities<ScheduleAction>;

const actions: readonly ScheduleAction[] = [
  "pause-schedule",
  "resume-schedule",
  "run-schedule",
  "skip-schedule",
  "update-schedule",
  "remove-schedule",
];

/** Judges every action on a schedule. Pure; the store has the last word. */
export function scheduleCapabilities(schedule: ScheduleView, access: Access): ScheduleCapabilities {
  return judgeActions(actions, access, (action) => obstacle(schedule, action));
}

function obstacle({ paused, nextRuns, origin }: ScheduleView, action: ScheduleAction): string | null {
  switch (action) {
    case "pause-schedule":
      return paused === null ? null : "It is paused.";
    case "resume-schedule":
      return paused === null ? "It is not paused." : null;
    case "skip-schedule":
      return nextRuns.length === 0 ? "No time of it comes any more." : null;
    case "update-schedule":
      return origin.type === "code" ? `It is described in the code of "${origin.source}".` : null;
    case "run-schedule":
    case "remove-schedule":
      return null;
  }
}
