export * from "./contracts.ts";
export { type CancelTimer, type Clock, type EpochMs } from "./time/clock.ts";
export { createManualClock, type ManualClock } from "./time/manual-clock.ts";
export { systemClock } from "./time/system-clock.ts";
export { createSeededRandom, systemRandom, type Random } from "./ids/random.ts";
export { createTaskId, isTaskId, type TaskId } from "./ids/task-id.ts";
export { type ErrorCodeEntry } from "./errors/error-code-entry.ts";
export { errorCodes, type ErrorCode } from "./errors/error-codes.ts";
export { TaskError, isTaskError, type TaskErrorOptions } from "./errors/task-error.ts";
export { PermanentError, isPermanentError, type HandlerErrorOptions } from "./errors/permanent-error.ts";
export { RetryLaterError, retryLaterMs } from "./errors/retry-later-error.ts";
export { SnoozeError, snoozeMs } from "./errors/snooze-error.ts";
export { type Json, type JsonObject } from "./task/json.ts";
export { fromJsonText, type JsonValueAnswer } from "./task/from-json-text.ts";
export { toJsonText, type JsonProblem, type JsonTextAnswer } from "./task/to-json-text.ts";
export { byteLength, truncateBytes } from "./task/text-length.ts";
export { textHash } from "./task/text-hash.ts";
export { type BackoffPolicy } from "./task/retry-policy.ts";
export { backoffDelayMs, defaultBackoff } from "./task/backoff-delay.ts";
export { parseBackoff } from "./task/parse-backoff.ts";
export {
  normalizeTaskChannel,
  normalizeTaskChannels,
  parseDerivedChannel,
  taskChannel,
  taskChannels,
  type ChannelFields,
  type DerivedChannel,
  type TaskChannelPrefix,
} from "./task/task-channel.ts";
export { parseWithSchema, type ParseAnswer, type ParseIssue } from "./task/parse-with-schema.ts";
export { type SchemaIssue, type SchemaResult, type StandardSchema } from "./task/standard-schema.ts";
export { type EncodedValue, type StoredValue } from "./task/stored-value.ts";
export {
  type RunningTask,
  type SpawnOptions,
  type StepInput,
  type TaskAbortReason,
  type TaskContext,
  type WaitedTask,
  type Wake,
} from "./task/task-context.ts";
export {
  defineTask,
  defineTaskHandler,
  type AnyTaskDefinition,
  type BatchItem,
  type BatchOptions,
  type BatchOutcome,
  type HandlerEntrypoint,
  type KindOptions,
  type RetryOptions,
  type RetryResolver,
  type RunTask,
  type RunTaskBatch,
  type TaskDefinition,
  type TaskHandler,
  type TaskHandlerRegistration,
} from "./task/task-definition.ts";
export { type TaskFailure } from "./task/task-failure.ts";
export { bulkTaskKind } from "./task/reserved-kinds.ts";
export { failureKey, longestFailureKey } from "./task/failure-key.ts";
export { failureFingerprint } from "./task/failure-fingerprint.ts";
export { toTaskFailure } from "./task/to-task-failure.ts";
export { mergeProgress, noProgress, type ProgressPatch, type TaskProgress } from "./task/task-progress.ts";
export {
  type AttemptEndedBy,
  type AttemptRecord,
  type ConcurrencyKey,
  type TaskOrigin,
  type TaskRecord,
  type TaskRetry,
} from "./task/task-record.ts";
export { type TaskProgressState, type TaskSnapshot, type Unreadable } from "./task/task-snapshot.ts";
export {
  createTaskProgressState,
  createTaskSnapshot,
  readPlainFailure,
  readPlainValue,
  readPlainValues,
  resolveTaskLifecycleState,
  type DecodedValues,
  type SnapshotOptions,
} from "./task/create-task-snapshot.ts";
export { taskState, taskStates, type TaskState, type TaskStateFields } from "./task/task-state.ts";
export {
  isFinal,
  isLeased,
  taskStatuses,
  type FailureReason,
  type FinalStatus,
  type TaskReason,
  type TaskStatus,
  type WaitReason,
  type WakeReason,
} from "./task/task-status.ts";
export { withoutValues } from "./task/without-values.ts";
export { type NewStep, type StepLevel, type TaskStep } from "./task/task-step.ts";
export {
  applyBeat,
  isHostAlive,
  mayHavePeers,
  mostDueCounted,
  unservedLookMs,
  type HostEvent,
  type MadeBeat,
  type StoredHost,
} from "./lifecycle/apply-beat.ts";
export {
  applyFailureMarks,
  compareFailureMarks,
  mostFailureMarks,
  mostFailuresCounted,
  takenMarks,
} from "./lifecycle/apply-failure-marks.ts";
export { applyMove } from "./lifecycle/apply-move.ts";
export { cancelMove, changeMove, settleMove, staleMove } from "./lifecycle/asked-moves.ts";
export { beforeFirstStage, currentWait, isActedOn, releaseMove } from "./lifecycle/dependency-wait.ts";
export {
  dedupeConflict,
  dependencyCycle,
  dependencyUnknown,
  kindUnknown,
  taskIdTaken,
  type GroupRefusal,
} from "./lifecycle/group-refusals.ts";
export { groupTies, type GroupTie } from "./lifecycle/group-ties.ts";
export { heldAnswer, lostAnswer, replayedAnswer, settledAnswer, type LostLease } from "./lifecycle/lease-answers.ts";
export { legalMoves, type LegalMove } from "./lifecycle/legal-moves.ts";
export { type MadeMove, type Move, type MoveEvent, type MoveResult, type RefusedMove } from "./lifecycle/move.ts";
export { enqueuedEvent, newTask } from "./lifecycle/new-task.ts";
export {
  dependencyFailure,
  limitDiffersMessage,
  refusedChildrenSettlement,
  siblingCancelReason,
  silenceReason,
  supersededReason,
} from "./lifecycle/told-texts.ts";
export { waitsAs } from "./lifecycle/wait-moves.ts";
export {
  applyScheduleAsk,
  applyScheduleChange,
  type MadeSchedule,
  type ScheduleEvent,
  type ScheduleScene,
} from "./lifecycle/apply-schedule-ask.ts";
export {
  askedOccurrence,
  askedOccurrenceOf,
  isOutdatedStep,
  occurrenceEvent,
  occurrenceOf,
  placeAfterStep,
  type OccurrenceEvent,
} from "./lifecycle/schedule-step.ts";
export {
  createTaskHostEventAdapter,
  createTaskLifecycleEventAdapter,
  normalizeTaskHostEventEntry,
  normalizeTaskLifecycleEventEntry,
  type TaskEventEntry,
  type TaskEventEntryType,
} from "./events/event-entry.ts";
export { toTaskHostEvent, type TaskHostEvent, type TaskHostEventType } from "./events/host-event.ts";
export {
  taskEventResult,
  toTaskLifecycleEvent,
  type EnqueueDisposition,
  type LifecycleDetails,
  type TaskEventResult,
  type TaskLifecycleEvent,
} from "./events/lifecycle-event.ts";
export {
  type TaskLiveBootstrap,
  type TaskLiveEnd,
  type TaskLiveEvent,
  type TaskLiveMessage,
  type TaskLiveResync,
} from "./live/live-message.ts";
export { createWatchers, type Watchers } from "./live/watchers.ts";
export { IdMap } from "./memory/id-map.ts";
export { PlacedList, type Placed } from "./memory/placed-list.ts";
export {
  createSubscriptionBootstrap,
  parseTaskSubscription,
  type BootstrapParts,
  type ResolvedTaskSubscription,
  type TaskSubscriptionBootstrap,
  type TaskSubscriptionQuery,
} from "./live/task-subscription.ts";
export { journalStart, type EventCursor, type PageCursor } from "./events/event-cursor.ts";
export {
  controlEventTypes,
  isTaskEvent,
  taskEventTypes,
  type ControlEvent,
  type ControlEventType,
  type JournalEvent,
  type TaskEvent,
  type TaskEventType,
} from "./events/task-event.ts";
export { buildTaskAggregateSnapshot, type AggregateMoment } from "./query/build-task-aggregate.ts";
export { compareTasks, orderValue, taskOrders, type OrderFields, type TaskOrderRule } from "./query/compare-tasks.ts";
export {
  occurrenceCursor,
  placeOfOccurrence,
  placeOfSchedule,
  placeOfStep,
  placeOfTask,
  scheduleCursor,
  stepCursor,
  taskCursor,
  type OccurrencePlace,
  type StepPlace,
  type TaskPlace,
} from "./query/page-cursor.ts";
export { defaultOccurrenceLimit, occurrencePage } from "./query/occurrence-page.ts";
export { defaultScheduleLimit, matchesScheduleQuery, schedulePage } from "./query/schedule-page.ts";
export { matchesTaskQuery, type FilterFields } from "./query/matches-task-query.ts";
export {
  parseStepQuery,
  parseTaskFilter,
  parseTaskQuery,
  type ResolvedStepQuery,
  type ResolvedTaskQuery,
} from "./query/parse-task-query.ts";
export { type TaskAggregateSnapshot, type TaskCount } from "./query/task-aggregate.ts";
export {
  type EventFilter,
  type StepQuery,
  type TaskFilter,
  type TaskOrder,
  type TaskQuery,
} from "./query/task-query.ts";
export { limitsOfTask, type KnownLimit, type KnownLimits } from "./limits/task-limits.ts";
export { msToToken, tokensIn, withoutToken, type TokenBucket } from "./limits/token-bucket.ts";
