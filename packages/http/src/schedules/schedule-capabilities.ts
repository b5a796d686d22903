import type { ScheduleView } from "@millrace/scheduler";
import type { Access } from "../access/access.ts";
import type { TaskRight } from "../access/task-right.ts";

/** What may be done to a schedule by whoever asks. */
export type ScheduleAction = Extract<
  TaskRight,
  "pause-schedule" | "resume-schedule" | "run-schedule" | "skip-schedule" | "update-schedule" | "remove-schedule"
>;

/** What somebody may do to a schedule now, and why not the rest. */
export interface ScheduleCapabilities {
  readonly can: readonly ScheduleAction[];
  readonly cannot: Readonly<Partial<Record<ScheduleAction, string>>>;
}

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
  const reasons = actions.map((action) => {
    const why = access.rights.has(action) ? obstacle(schedule, action) : `You lack the right "${action}".`;
    return [action, why] as const;
  });
  return {
    can: reasons.flatMap(([action, why]) => (why === null ? [action] : [])),
    cannot: Object.fromEntries(reasons.filter(([, why]) => why !== null)),
  };
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
