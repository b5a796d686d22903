const otherRights = [
  "health",
  "read",
  "read-audit",
  "enqueue",
  "drain",
  "set-limit",
  "mark-failures",
  "add-schedule",
] as const;

/** What can be done to a task, in the order in which it is told. */
export const taskActions = [
  "retry",
  "cancel",
  "terminate",
  "remove",
  "signal",
  "pause",
  "resume",
  "reschedule",
  "replace-input",
] as const;

/** What can be done to a schedule, likewise. */
export const scheduleActions = [
  "pause-schedule",
  "resume-schedule",
  "run-schedule",
  "skip-schedule",
  "update-schedule",
  "remove-schedule",
] as const;

/** What may be done to a task by whoever asks. */
export type TaskAction = (typeof taskActions)[number];

/** What may be done to a schedule by whoever asks. */
export type ScheduleAction = (typeof scheduleActions)[number];

/** What somebody may do. */
export type TaskRight = (typeof otherRights)[number] | TaskAction | ScheduleAction;

/** Every right there is. Each route asks for one of them. */
export const taskRights: readonly TaskRight[] = [...otherRights, ...taskActions, ...scheduleActions];

/** Rights that change nothing, and so stay in a handler that only reads. */
export const readingRights: ReadonlySet<TaskRight> = new Set<TaskRight>(["health", "read", "read-audit"]);
