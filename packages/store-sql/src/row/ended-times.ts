import type { EndedTimes } from "@millrace/models";

/** The columns that `endedTimesOf` reads, of a task `t`. */
export const endedColumns: string = "t.kind, t.created_at, t.scheduled_at, t.started_at, t.finished_at";

/** When an ended task could begin, began and ended. */
export function endedTimesOf([kind, createdAt, scheduledAt, startedAt, finishedAt]: readonly unknown[]): EndedTimes {
  return {
    kind: String(kind),
    createdAt: Number(createdAt),
    scheduledAt: Number(scheduledAt),
    startedAt: startedAt === null ? null : Number(startedAt),
    finishedAt: Number(finishedAt),
  };
}
