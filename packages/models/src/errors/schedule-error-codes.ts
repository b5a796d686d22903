import type { ErrorCodeEntry } from "./error-code-entry.ts";

/** The code of what is wrong with a schedule. */
export type ScheduleErrorCode =
  | "CRON_INVALID"
  | "TIME_ZONE_UNKNOWN"
  | "SCHEDULE_INVALID"
  | "SCHEDULE_NEVER_FIRES"
  | "SCHEDULE_TAKEN"
  | "SCHEDULE_NOT_FOUND";

/** What can be wrong with a schedule. */
export const scheduleErrorCodes: Readonly<Record<ScheduleErrorCode, ErrorCodeEntry>> = {
  CRON_INVALID: {
    status: 400,
    retryable: false,
    summary: "A cron expression cannot be understood.",
    fix: "Correct the field that the message names; the message has an expression that works.",
  },
  TIME_ZONE_UNKNOWN: {
    status: 400,
    retryable: false,
    summary: "A time zone is not known here.",
    fix: "Use a name of the IANA list such as `Europe/Berlin`, or `UTC`.",
  },
  SCHEDULE_INVALID: {
    status: 400,
    retryable: false,
    summary: "A schedule has a field that is not allowed.",
    fix: "Change the field named in `details.path` to a value within its bounds.",
  },
  SCHEDULE_NEVER_FIRES: {
    status: 400,
    retryable: false,
    summary: "No time of a schedule ever comes.",
    fix: "Give it a date that exists, or an end behind its first occurrence.",
  },
  SCHEDULE_TAKEN: {
    status: 409,
    retryable: false,
    summary: "A schedule of this id is there already, from somewhere else.",
    fix: "Choose another id; or change the schedule where it comes from, which `details.origin` names.",
  },
  SCHEDULE_NOT_FOUND: {
    status: 404,
    retryable: false,
    summary: "There is no schedule of this id.",
    fix: "Check the id and the tenant.",
  },
};
