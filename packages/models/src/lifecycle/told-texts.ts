import type { Settlement } from "../contracts/settlement.ts";
import type { ErrorCode } from "../errors/error-codes.ts";
import type { TaskId } from "../ids/task-id.ts";
import type { StoredValue } from "../task/stored-value.ts";
import type { TaskRecord } from "../task/task-record.ts";

/** The failure that M19 stores: which dependency ended how. The same text from every store. */
export function dependencyFailure(dependency: Pick<TaskRecord, "id" | "kind" | "status" | "reason">): StoredValue {
  const { id, kind, status, reason } = dependency;
  return JSON.stringify({
    name: "TaskError",
    message: `Task ${id} (${kind}), which it needed, ended as ${status}.`,
    code: "TASK_DEPENDENCY_FAILED",
    details: { taskId: id, kind, status, reason },
  });
}

/** The `cancelReason` of tasks that an aborted wait no longer needs. */
export function siblingCancelReason(waiterId: TaskId): string {
  return `Task ${waiterId} no longer waits for it: another task it waited for has failed.`;
}

/** The `cancelReason` of a task that a newer one of its supersede key ended. */
export function supersededReason(byTaskId: TaskId): string {
  return `Superseded by task ${byTaskId}.`;
}

/** The `staleReason` of a leased task that gave no sign of life for so long. */
export function silenceReason(silentForMs: number): string {
  return `no sign of life for ${silentForMs} ms`;
}

/** What `LIMIT_DIFFERS` says. */
export function limitDiffersMessage(key: string, limit: number, asked: number): string {
  return `Concurrency key "${key}" has the limit ${limit}; the ${asked} of this enqueue changes nothing.`;
}

/** What becomes of a suspension whose children are refused: a failure that is not retried. */
export function refusedChildrenSettlement(code: ErrorCode, message: string): Settlement {
  return {
    type: "fail",
    reason: "TASK_FAILED",
    failure: JSON.stringify({ name: "TaskError", message, code }),
    fingerprint: code,
    permanent: true,
    maxAttempts: null,
    delayMs: 0,
  };
}
