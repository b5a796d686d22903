import type { TaskRecord } from "./task-record.ts";

/** A record as a line of a list: without input, output and the handler's state, which may be large. */
export function withoutValues(task: TaskRecord): TaskRecord {
  return Object.freeze({ ...task, input: null, output: null, state: null });
}
