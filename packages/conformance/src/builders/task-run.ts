import { createTaskId, type HandlerRef, type TaskRun } from "@millrace/models";

/** A run of kind `work` whose handler returns null; `change` says what matters to the test. */
export function aRun(change: Partial<TaskRun> = {}): TaskRun {
  const id = createTaskId();
  const handler: HandlerRef = { type: "function", kind: "work", run: () => null };
  return {
    handler,
    task: {
      id,
      tenantId: "",
      kind: "work",
      kindVersion: 1,
      attempt: 1,
      maxAttempts: 3,
      failures: 0,
      stage: 0,
      priority: 0,
      metadata: {},
      channels: [],
      tags: [],
      dedupeKey: null,
      supersedeKey: null,
      rootId: id,
      parentId: null,
      flowId: null,
      createdAt: 0,
      scheduledAt: 0,
      traceParent: null,
    },
    input: undefined,
    state: null,
    wake: null,
    children: [],
    dependencies: [],
    context: {},
    logContext: {},
    timeoutMs: null,
    alone: false,
    mayHaveMemos: false,
    ...change,
  };
}
