import type { Lease, TaskRecord } from "@millrace/models";

/** The lease of a task as a claim answered it. */
export function leaseOf(task: TaskRecord): Lease {
  if (task.leaseToken === null) {
    throw new Error(`Task ${task.id} is ${task.status} and has no lease; pass the record that the claim answered.`);
  }
  return { taskId: task.id, attempt: task.attempt, leaseToken: task.leaseToken };
}
