import type { ScheduleView } from "@millrace/scheduler";
import type { Access } from "../access/access.ts";
import { judgeActions, type Capabilities } from "../access/judge-actions.ts";
import { scheduleActions, type ScheduleAction } from "../access/task-right.ts";

/** What somebody may do to a schedule now, and why not the rest. */
export type ScheduleCapabilities = Capabilities<ScheduleAction>;

/** Judges every action on a schedule. Pure; the store has the last word. */
export function scheduleCapabilities(schedule: ScheduleView, access: Access): ScheduleCapabilities {
  return judgeActions(scheduleActions, access, (action) => obstacle(schedule, action));
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
