export { aGroup, aRequest } from "./builders/enqueue-request.ts";
export { aFailSettlement, aFailure } from "./builders/failure.ts";
export { aKind } from "./builders/kind.ts";
export { leaseOf } from "./builders/lease.ts";
export { aStep } from "./builders/step.ts";
export { aTask } from "./builders/task-record.ts";
export { recordedIo, type RecordedAnswers, type RecordedIo } from "./builders/recorded-io.ts";
export { aRun } from "./builders/task-run.ts";
export { aScheduleAsk, aScheduleStep } from "./builders/schedule.ts";
