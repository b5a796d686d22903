import type { ErrorCodeEntry } from "./error-code-entry.ts";
import { type HttpErrorCode, httpErrorCodes } from "./http-error-codes.ts";
import { type OutcomeCode, outcomeCodes } from "./outcome-codes.ts";
import { type RequestErrorCode, requestErrorCodes } from "./request-error-codes.ts";
import { type ScheduleErrorCode, scheduleErrorCodes } from "./schedule-error-codes.ts";
import { type StoreErrorCode, storeErrorCodes } from "./store-error-codes.ts";

/** Every code a `TaskError` can carry. Append only: a code is never renamed. */
export type ErrorCode = RequestErrorCode | HttpErrorCode | ScheduleErrorCode | StoreErrorCode | OutcomeCode;

/** The one table of codes: what each means and how to get out of it. */
export const errorCodes: Readonly<Record<ErrorCode, ErrorCodeEntry>> = {
  ...requestErrorCodes,
  ...httpErrorCodes,
  ...scheduleErrorCodes,
  ...storeErrorCodes,
  ...outcomeCodes,
};
