import type { EnqueueRequest } from "../src/contracts/enqueue.ts";
import { newTask } from "../src/lifecycle/new-task.ts";
import type { TaskRecord } from "../src/task/task-record.ts";

/** 2026-01-01T00:00:00Z, where manual clocks stand too. */
export const startOfTests = 1_767_225_600_000;

/** An id that is easy to tell apart in a failed expectation. */
export function anId(n: number): string {
  return `01b00000-0000-7000-8000-${n.toString(16).padStart(12, "0")}`;
}

/** A request with every field at its plainest. */
export function aRequest(over: Partial<EnqueueRequest> = {}): EnqueueRequest {
  return {
    id: anId(1),
    tenantId: "",
    kind: "report.generate",
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
    ...over,
  };
}

/** A queued task, due now, with some fields changed by hand: for functions that only look. */
export function aTask(over: Partial<TaskRecord> = {}): TaskRecord {
  return { ...newTask(aRequest(), 0, startOfTests), ...over };
}
