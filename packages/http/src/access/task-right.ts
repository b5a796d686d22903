/** What somebody may do. Every route asks for one of these. */
export type TaskRight =
  | "health"
  | "read"
  | "enqueue"
  | "retry"
  | "cancel"
  | "terminate"
  | "remove"
  | "signal"
  | "pause"
  | "resume"
  | "drain";

/** Every right there is. */
export const taskRights: readonly TaskRight[] = [
  "health",
  "read",
  "enqueue",
  "retry",
  "cancel",
  "terminate",
  "remove",
  "signal",
  "pause",
  "resume",
  "drain",
];

/** Rights that change nothing, and so stay in a handler that only reads. */
export const readingRights: ReadonlySet<TaskRight> = new Set<TaskRight>(["health", "read"]);
