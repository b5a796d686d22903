import type { AttemptRecord, TaskId } from "@millrace/models";
import { endedOfCode } from "../codec/ended-code.ts";

/** The columns that `attemptOfRow` reads; each database keeps the failure, which is the last, in its own way. */
export const attemptColumns: string =
  "attempt, lease_token, host_id, claimed_at, started_at, ended_at, ended, outcome, failure";

/** An ended attempt of a task. */
export function attemptOfRow(
  taskId: TaskId,
  row: readonly unknown[],
  failure: AttemptRecord["failure"],
): AttemptRecord {
  const [attempt, leaseToken, hostId, claimedAt, startedAt, endedAt, ended, outcome] = row;
  const { by: endedBy, as: endedAs } = endedOfCode(Number(ended));
  return Object.freeze({
    taskId,
    attempt: Number(attempt),
    leaseToken: String(leaseToken),
    hostId: typeof hostId === "string" ? hostId : null,
    claimedAt: claimedAt === null ? null : Number(claimedAt),
    startedAt: startedAt === null ? null : Number(startedAt),
    endedAt: Number(endedAt),
    endedBy,
    outcome: String(outcome),
    endedAs,
    failure,
  });
}
