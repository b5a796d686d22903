import { createTaskId, type EnqueueGroup, type EnqueueRequest } from "@millrace/models";

/** A plain request of kind `work`; `change` says what matters to the test. */
export function aRequest(change: Partial<EnqueueRequest> = {}): EnqueueRequest {
  return {
    id: change.id ?? createTaskId(),
    tenantId: "",
    kind: "work",
    kindVersion: 1,
    priority: 0,
    scheduledAt: null,
    delayMs: 0,
    expiresAt: null,
    expiresInMs: null,
    input: null,
    state: null,
    metadata: {},
    context: {},
    logContext: {},
    traceParent: null,
    summary: null,
    tags: [],
    channels: [],
    origin: { type: "client", id: null },
    rootId: null,
    parentId: null,
    flowId: null,
    dedupeKey: null,
    dedupePolicy: "reuse",
    dedupeForMs: null,
    debounceMs: null,
    supersedeKey: null,
    supersedeExisting: false,
    concurrencyKeys: [],
    retry: {},
    timeoutMs: null,
    watchdogMs: null,
    retainForMs: null,
    maxInterruptions: 3,
    afterCrash: "retry",
    dependencies: [],
    waitTimeoutMs: null,
    mustKnowKind: false,
    ...change,
  };
}

/** A group of plain requests, made together or not at all. */
export function aGroup(...changes: readonly Partial<EnqueueRequest>[]): EnqueueGroup {
  return { tasks: changes.map((change) => aRequest(change)) };
}
