import { isTaskId, TaskError, type TaskFilter, type TaskId, type TaskSnapshot } from "@millrace/models";
import { invalidRequest } from "../answer/invalid-request.ts";
import type { HttpCall } from "./route.ts";

/** The filter that keeps a query to whoever asks. */
export function scopeOf({ access }: Pick<HttpCall, "access">): TaskFilter {
  return access.tenantId === null ? {} : { tenantId: access.tenantId };
}

/** A task that whoever asks may know of: the store is asked for it within their tenant. @throws `TASK_NOT_FOUND` */
export async function scopedTask(call: Pick<HttpCall, "access" | "api">, taskId: TaskId): Promise<TaskSnapshot> {
  if (!isTaskId(taskId)) throw invalidRequest("path.taskId", "must be a lower-case UUID");
  const { snapshots } = await call.api.client.listTasks({ ...scopeOf(call), taskIds: [taskId], limit: 1 });
  const [task] = snapshots;
  if (task) return task;
  throw notFound(taskId);
}

/** The answer to an id that is not there, or is another tenant's. */
export function notFound(taskId: TaskId): TaskError {
  return new TaskError("TASK_NOT_FOUND", `There is no task ${taskId}.`, { details: { path: "path.taskId" } });
}

/** The size of a page. @throws `QUERY_INVALID` for more than this handler gives */
export function pageLimit(call: Pick<HttpCall, "api">, asked: number | undefined, usual: number): number {
  const { pageSize } = call.api.limits;
  if (asked !== undefined && asked > pageSize) throw invalidRequest("query.limit", `may be ${pageSize} at most`);
  return asked ?? Math.min(usual, pageSize);
}
