import type { ScheduleAsk, ScheduleRecord, ScheduleStep } from "@millrace/models";
import { aRequest } from "./enqueue-request.ts";

/** A wish for a schedule `nightly` of kind `work`, made at run time; `change` says what matters to the test. */
export function aScheduleAsk(change: Partial<ScheduleAsk> = {}): ScheduleAsk {
  return {
    mode: "add",
    tenantId: "",
    scheduleId: "nightly",
    origin: { type: "run-time", source: "ann" },
    times: { cron: "0 2 * * *" },
    policy: { catchUp: "latest" },
    request: aRequest({ id: "00000000-0000-7000-8000-00000000aaaa" }),
    ...change,
  };
}

/** A step of a schedule as it was taken, that enqueues nothing and leaves it where it is. */
export function aScheduleStep(schedule: ScheduleRecord, change: Partial<ScheduleStep> = {}): ScheduleStep {
  const { tenantId, scheduleId, revision, placeAt, nextAt } = schedule;
  return {
    tenantId,
    scheduleId,
    revision,
    takenAt: placeAt,
    fromAt: placeAt,
    occurrences: [],
    placeAt,
    nextAt,
    lookAt: nextAt,
    ...change,
  };
}
