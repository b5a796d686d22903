import type { EpochMs, TaskError, TaskLiveEnd } from "@millrace/models";

/** The last word to a reader: what is wrong and how to get out of it, and nothing of where it was thrown. */
export function liveEnd({ code, message, fix, details, retryable }: TaskError, now: EpochMs): TaskLiveEnd {
  const { path } = details;
  const timestamp = new Date(now).toISOString();
  return { type: "end", code, message, fix, path: typeof path === "string" ? path : null, retryable, timestamp };
}
