/** Every right there is. Each route asks for one of them. */
export const taskRights = [
  "health",
  "read",
  "read-audit",
  "enqueue",
  "retry",
  "cancel",
  "terminate",
  "remove",
  "signal",
  "pause",
  "resume",
  "reschedule",
  "replace-input",
  "drain",
  "set-limit",
  "add-schedule",
  "update-schedule",
  "remove-schedule",
  "pause-schedule",
  "resume-schedule",
  "run-schedule",
  "skip-schedule",
] as const;

/** What somebody may do. */
export type TaskRight = (typeof taskRights)[number];

/** Rights that change nothing, and so stay in a handler that only reads. */
export const readingRights: ReadonlySet<TaskRight> = new Set<TaskRight>(["health", "read", "read-audit"]);
