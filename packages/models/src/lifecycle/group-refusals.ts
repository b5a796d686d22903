import type { EnqueueGroupResult, EnqueueRequest } from "../contracts/enqueue.ts";
import type { TaskId } from "../ids/task-id.ts";

/** Why a group is not stored. The same words from every store. */
export type GroupRefusal = Extract<EnqueueGroupResult, { status: "refused" }>;

/** A request whose id belongs to a task of another kind or tenant. `index`: its place in the group. */
export function taskIdTaken({ id: taskId }: Pick<EnqueueRequest, "id">, index: number): GroupRefusal {
  const message = `Task ${taskId} exists already, of another kind or tenant.`;
  return { status: "refused", code: "TASK_ID_TAKEN", message, index, details: { taskId } };
}

/** A request that must know its kind, which nobody has registered. */
export function kindUnknown({ kind }: Pick<EnqueueRequest, "kind">, index: number): GroupRefusal {
  const message = `No host has registered the kind "${kind}".`;
  return { status: "refused", code: "KIND_UNKNOWN", message, index, details: { kind } };
}

/** A request whose dedupe key is held by a task that it may neither reuse nor change. */
export function dedupeConflict(
  { dedupeKey }: Pick<EnqueueRequest, "dedupeKey">,
  index: number,
  holder: TaskId,
): GroupRefusal {
  const message = `Task ${holder} holds the dedupe key "${dedupeKey ?? ""}".`;
  return { status: "refused", code: "DEDUPE_CONFLICT", message, index, details: { taskId: holder } };
}

/** A request that is to wait for a task which neither stands in the group nor is stored. */
export function dependencyUnknown(taskId: TaskId, index: number): GroupRefusal {
  const message = `Task ${taskId}, which it is to wait for, does not exist.`;
  return { status: "refused", code: "DEPENDENCY_UNKNOWN", message, index, details: { taskId } };
}

/** A request that would have to wait for itself, by way of the others in the circle. */
export function dependencyCycle(circle: readonly TaskId[], index: number): GroupRefusal {
  const message = `Tasks wait for each other in a circle: ${circle.join(" → ")}.`;
  return { status: "refused", code: "DEPENDENCY_CYCLE", message, index, details: { taskIds: [...circle] } };
}
