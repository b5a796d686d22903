import type { TaskId } from "@millrace/models";

/** One run of the demo, written down before its first task is enqueued. */
export interface RunRecord {
  readonly runId: string;
  readonly startedAt: number;
  /** The id of each dataset's task. Decided once: enqueuing them again after a crash makes no second task. */
  readonly taskIds: Readonly<Record<string, TaskId>>;
  readonly reportTaskId: TaskId;
}

/** A run's name: its start, readable and sortable, in UTC. */
export function runIdAt(startedAt: number): string {
  return new Date(startedAt).toISOString().slice(0, 19).replace("T", "-").replaceAll(":", "");
}
