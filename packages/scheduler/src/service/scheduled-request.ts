import type { EnqueueRequest, EpochMs, ScheduleRecord } from "@millrace/models";
import { jitterOf, policyOfJson, type Overlap } from "../schedule-policy.ts";

/** The request of a schedule with what its policy of overlaps needs. */
export function withOverlap(request: EnqueueRequest, scheduleId: string, overlap: Overlap): EnqueueRequest {
  const key = `millrace.schedule ${scheduleId}`;
  switch (overlap) {
    case "allow":
      return request;
    case "skip":
      return { ...request, dedupeKey: key, dedupePolicy: "reuse" };
    case "queue": {
      const keys = [...request.concurrencyKeys.filter((one) => one.key !== key), { key, limit: 1 }];
      return { ...request, concurrencyKeys: keys.toSorted((a, b) => (a.key < b.key ? -1 : 1)) };
    }
    case "replace":
      return { ...request, supersedeKey: key, supersedeExisting: true };
  }
}

/** The request of one occurrence: the copy of the schedule's, with its time. The handler finds it in its task's metadata. */
export function forOccurrence(
  copy: EnqueueRequest,
  { scheduleId, policy }: Pick<ScheduleRecord, "scheduleId" | "policy">,
  scheduledFor: EpochMs,
): EnqueueRequest {
  return {
    ...copy,
    scheduledAt: scheduledFor + jitterOf(scheduleId, scheduledFor, policyOfJson(policy).jitterMs),
    metadata: { ...copy.metadata, scheduledFor },
    origin: { type: "schedule", id: scheduleId },
  };
}

/** The request of a run that somebody asked for. */
export function forNow(copy: EnqueueRequest, scheduleId: string): EnqueueRequest {
  return { ...copy, scheduledAt: null, delayMs: 0, origin: { type: "schedule", id: scheduleId } };
}
