import type { TaskRecord } from "@millrace/models";
import { endedOfCode } from "../codec/ended-code.ts";
import type { FixedFields } from "./fixed-fields.ts";
import { usualProgress, type LooseFields } from "./loose-fields.ts";

/** What a row says of a task in columns of its own. */
export type OwnFields = Omit<
  TaskRecord,
  Exclude<keyof FixedFields | keyof LooseFields, "lastLeaseToken"> | "lastEndedBy" | "lastEndedAs" | "started"
> & {
  /** Who ended the last ended attempt and what it led to, as one number. */
  readonly ended: number | null;
};

/** The record of a row, put together of its parts. */
export function taskRecordOf(own: OwnFields, fixed: FixedFields, loose: LooseFields): TaskRecord {
  const ended = own.ended === null ? null : endedOfCode(own.ended);
  // Field by field: an object that is begun as a copy and then grows is copied again for every few fields.
  return Object.freeze({
    id: own.id,
    tenantId: own.tenantId,
    kind: own.kind,
    kindVersion: fixed.kindVersion,
    status: own.status,
    reason: loose.reason,
    priority: own.priority,
    scheduledAt: own.scheduledAt,
    expiresAt: loose.expiresAt,
    input: own.input,
    output: own.output,
    failure: loose.failure,
    state: loose.state,
    failureFingerprint: loose.failureFingerprint,
    metadata: fixed.metadata,
    context: fixed.context,
    logContext: fixed.logContext,
    traceParent: fixed.traceParent,
    summary: fixed.summary,
    tags: fixed.tags,
    channels: fixed.channels,
    origin: fixed.origin,
    rootId: fixed.rootId ?? own.id,
    parentId: fixed.parentId,
    flowId: fixed.flowId,
    stage: loose.stage,
    dedupeKey: fixed.dedupeKey,
    dedupeUntil: fixed.dedupeUntil,
    supersedeKey: fixed.supersedeKey,
    concurrencyKeys: fixed.concurrencyKeys,
    retry: fixed.retry,
    timeoutMs: fixed.timeoutMs,
    watchdogMs: fixed.watchdogMs,
    retainForMs: fixed.retainForMs,
    maxInterruptions: fixed.maxInterruptions,
    afterCrash: fixed.afterCrash,
    attempt: own.attempt,
    failures: own.failures,
    interruptions: loose.interruptions,
    releases: loose.releases,
    snoozes: loose.snoozes,
    version: own.version,
    hostId: own.hostId,
    leaseToken: own.leaseToken,
    leaseExpiresAt: own.leaseExpiresAt,
    lastHostId: own.lastHostId,
    lastLeaseToken: own.lastLeaseToken,
    lastEndedBy: ended ? ended.by : null,
    lastEndedAs: ended ? ended.as : null,
    suspect: loose.suspect,
    started: own.startedAt !== null,
    pausedFrom: loose.pausedFrom,
    pausedBy: loose.pausedBy,
    pausedWhy: loose.pausedWhy,
    openDependencies: loose.openDependencies,
    waitSignal: loose.waitSignal,
    wakeAt: loose.wakeAt,
    wakeReason: loose.wakeReason,
    wakePayload: loose.wakePayload,
    waitAborted: loose.waitAborted,
    lastSignAt: own.lastSignAt,
    staleAt: loose.staleAt,
    staleReason: loose.staleReason,
    cancelRequestedAt: loose.cancelRequestedAt,
    cancelReason: loose.cancelReason,
    cancelledBy: loose.cancelledBy,
    progress: loose.progress ?? usualProgress(own.status, own.finishedAt),
    createdAt: own.createdAt,
    updatedAt: own.updatedAt,
    claimedAt: own.claimedAt,
    startedAt: own.startedAt,
    finishedAt: own.finishedAt,
  });
}
