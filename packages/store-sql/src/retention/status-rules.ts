import type { TaskRetentionPolicy } from "@millrace/models";
import { statusCode } from "../codec/status-code.ts";

/** What a policy says of a final status; null = off. */
export interface StatusRule {
  readonly code: number;
  readonly ttlMs: number | null;
  /** The latest so many of each kind stay. */
  readonly keep: number | null;
}

/** What a policy says, status by status. */
export function statusRules(policy: TaskRetentionPolicy): readonly StatusRule[] {
  const { successTtlMs, failedTtlMs, cancelledTtlMs, keepLatestSuccessesPerKind, keepLatestFailuresPerKind } = policy;
  return [
    { code: statusCode("succeeded"), ttlMs: successTtlMs ?? null, keep: keepLatestSuccessesPerKind ?? null },
    { code: statusCode("failed"), ttlMs: failedTtlMs ?? null, keep: keepLatestFailuresPerKind ?? null },
    { code: statusCode("cancelled"), ttlMs: cancelledTtlMs ?? null, keep: null },
  ];
}
