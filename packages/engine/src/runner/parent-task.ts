import type { ParentTask } from "../client/enqueue-request.ts";
import type { HeldTask } from "./running-tasks.ts";

/** What the children of a suspension inherit. */
export function childOf({ claimed: { task } }: HeldTask): ParentTask {
  return {
    parentId: task.id,
    rootId: task.rootId,
    flowId: task.flowId,
    tenantId: task.tenantId,
    priority: task.priority,
    context: task.context,
    logContext: task.logContext,
    traceParent: task.traceParent,
    origin: { type: "task", id: task.id },
  };
}

/** What a task inherits that its maker does not wait for. */
export function ownLifeOf(parent: HeldTask): ParentTask {
  return { ...childOf(parent), parentId: null, rootId: null, flowId: null };
}
