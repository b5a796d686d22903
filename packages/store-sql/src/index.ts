export { atLeast, mostCounted } from "./aggregate/at-least.ts";
export { asksCountersOnly, CountedAggregate, isCounted } from "./aggregate/counted-aggregate.ts";
export { type ClaimPlace, comesBefore } from "./claims/claim-place.ts";
export { FairTurns } from "./claims/fair-turns.ts";
export { endedCode, endedOfCode } from "./codec/ended-code.ts";
export { controlEventOfCode, eventCode, firstControlCode, taskEventOfCode } from "./codec/event-code.ts";
export { statusCode, statusOfCode } from "./codec/status-code.ts";
export { valueOfColumn, valueToColumn } from "./codec/stored-value-column.ts";
export { createFollower } from "./effects/create-follower.ts";
export { FollowBudget, mostFollowed } from "./effects/follow-budget.ts";
export { activityCodes, activityCounts, activityRows } from "./journal/activity.ts";
export { groupColumns, groupRow } from "./journal/group-row.ts";
export { JournalBuffer, type JournalGroup, startedAndSucceeded } from "./journal/journal-buffer.ts";
export { eventFilter, type PackedEvents, unpackEvent, type UnjoinedEvent } from "./journal/packed-events.ts";
export { tellControl } from "./journal/tell-control.ts";
export { tellOccurrence } from "./journal/tell-occurrence.ts";
export {
  bucketAfter,
  freeOfKind,
  kindSettingsColumns,
  kindSettingsOf,
  type KindSettings,
} from "./limits/kind-settings.ts";
export { bucketOf, rateOfColumn, rateToColumn } from "./limits/rate-columns.ts";
export { madeBy, type MadePart } from "./migration/made-by.ts";
export { planMigrations, type Migration, type SchemaState } from "./migration/plan-migrations.ts";
export { statementsOf } from "./migration/statements-of.ts";
export { checkName, defaultTablePrefix, withTablePrefix } from "./names/table-prefix.ts";
export { flagOption, invalidOption, wholeOption } from "./options/check-option.ts";
export { OutdatedTally } from "./retention/outdated-tally.ts";
export { statusRules } from "./retention/status-rules.ts";
export { sweepOfColumn, sweepToColumn } from "./retention/sweep-column.ts";
export { attemptColumns, attemptOfRow } from "./row/attempt-row.ts";
export { deepFrozen } from "./row/deep-frozen.ts";
export { endedColumns, endedTimesOf } from "./row/ended-times.ts";
export { failureMarkColumns, failureMarkOfRow, failureMarkRow } from "./row/failure-mark-row.ts";
export { fixedOfColumn, fixedToColumn, usualFixed } from "./row/fixed-fields.ts";
export { hostColumns, hostOfRow, hostRow } from "./row/host-row.ts";
export { label, labelsOf } from "./row/labels.ts";
export { looseOfColumn, looseToColumn } from "./row/loose-fields.ts";
export { ownedRecord } from "./row/owned-record.ts";
export {
  occurrenceColumns,
  occurrenceOfRow,
  occurrenceRow,
  scheduleColumns,
  scheduleOfRow,
  scheduleRow,
} from "./row/schedule-row.ts";
export { stepColumns, stepPage } from "./row/step-page.ts";
export { taskRecordOf, type OwnFields } from "./row/task-record.ts";
