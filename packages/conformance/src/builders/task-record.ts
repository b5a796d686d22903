import { newTask, type TaskRecord } from "@millrace/models";
import { aRequest } from "./enqueue-request.ts";

/** A queued task of kind `work`, made at the epoch of the manual clock; `change` says what matters to the test. */
export function aTask(change: Partial<TaskRecord> = {}): TaskRecord {
  const request = aRequest(change.id === undefined ? {} : { id: change.id });
  return { ...newTask(request, 0, 1_767_225_600_000), ...change };
}
