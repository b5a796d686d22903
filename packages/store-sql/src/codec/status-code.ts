import { taskStatuses, type TaskStatus } from "@millrace/models";

const codes: ReadonlyMap<TaskStatus, number> = new Map(taskStatuses.map((status, code) => [status, code]));

/** The number of a status in a table. */
export function statusCode(status: TaskStatus): number {
  return codes.get(status) ?? 0;
}

/**
 * The status of a number in a table. Numbers below 0 are kinds of `queued` that a claim must not meet:
 * behind a full key, or not due.
 */
export function statusOfCode(code: number): TaskStatus {
  return code < 0 ? "queued" : (taskStatuses[code] ?? "queued");
}
