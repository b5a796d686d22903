import type { TaskRecord } from "../task/task-record.ts";
import { taskStatuses } from "../task/task-status.ts";
import type { TaskOrder } from "./task-query.ts";

/** What an order looks at. */
export type OrderFields = Pick<TaskRecord, "id" | "status" | "createdAt" | "scheduledAt" | "updatedAt" | "finishedAt">;

/** The field a list is sorted by, and which way. Ids follow, the same way: their order is the order of creation. */
export interface TaskOrderRule {
  readonly field: Exclude<keyof OrderFields, "id">;
  readonly direction: "asc" | "desc";
}

/** Each order as field and direction, for stores that write it as SQL. */
export const taskOrders: Readonly<Record<TaskOrder, TaskOrderRule>> = {
  created_desc: { field: "createdAt", direction: "desc" },
  created_asc: { field: "createdAt", direction: "asc" },
  scheduled_asc: { field: "scheduledAt", direction: "asc" },
  scheduled_desc: { field: "scheduledAt", direction: "desc" },
  updated_desc: { field: "updatedAt", direction: "desc" },
  updated_asc: { field: "updatedAt", direction: "asc" },
  finished_desc: { field: "finishedAt", direction: "desc" },
  finished_asc: { field: "finishedAt", direction: "asc" },
  status_asc: { field: "status", direction: "asc" },
  status_desc: { field: "status", direction: "desc" },
};

/**
 * How two tasks stand in a list: negative when the first comes first. A task without the time in question comes last either
 * way; statuses stand in the order of `taskStatuses`; ties fall by id, in the list's own direction.
 */
export function compareTasks(orderBy: TaskOrder): (a: OrderFields, b: OrderFields) => number {
  const { field, direction } = taskOrders[orderBy];
  const sign = direction === "asc" ? 1 : -1;
  return (a, b) => {
    const left = orderValue(a, field);
    const right = orderValue(b, field);
    if (left === right) return compareIds(a.id, b.id, sign);
    if (left === null) return 1;
    if (right === null) return -1;
    return sign * (left - right);
  };
}

/** The number a task is sorted by; null when it has none. */
export function orderValue(task: OrderFields, field: TaskOrderRule["field"]): number | null {
  return field === "status" ? taskStatuses.indexOf(task.status) : task[field];
}

function compareIds(a: string, b: string, sign: number): number {
  if (a === b) return 0;
  return a < b ? -sign : sign;
}
