export { type Codec, type CodecContext } from "./contracts/codec.ts";
export {
  activityTypes,
  type ActivityAnswer,
  type ActivityCount,
  type ActivityFacet,
  type ActivityQuery,
  type ActivityType,
  type EndedQuery,
  type EndedTimes,
  type KindLoad,
} from "./contracts/activity.ts";
export { checkRetentionPolicy } from "./contracts/check-retention-policy.ts";
export { removesAnything } from "./contracts/removes-anything.ts";
export { type EnqueueOptions, type TaskInvocation } from "./contracts/enqueue-options.ts";
export {
  type DedupePolicy,
  type Dependency,
  type EnqueueGroup,
  type EnqueueGroupResult,
  type EnqueueRequest,
  type EnqueueResult,
  type EnqueueWarning,
  type OnDependencyFailure,
} from "./contracts/enqueue.ts";
export {
  type CursorsFacet,
  type Facet,
  type FacetName,
  type Facets,
  type LeaseKeeper,
  type LeaseKeeperFacet,
  type TxFence,
  type TxFenceFacet,
  type LimitRecord,
  type LimitScope,
  type LimitsFacet,
} from "./contracts/facets.ts";
export {
  type FailureMark,
  type FailureMarkAnswer,
  type FailureMarkAsk,
  type FailureMarkRequest,
  type FailureMarksFacet,
  type FailureMarkState,
} from "./contracts/failure-marks.ts";
export {
  type HealthFacet,
  type HealthFinding,
  type HorizonHolder,
  type LookOptions,
  type StoreHealth,
  type TableHealth,
} from "./contracts/health.ts";
export {
  mostOutdatedCounted,
  type OutdatedCounts,
  type RetentionCounts,
  type RetentionFacet,
  type RetentionSweep,
  type TaskRetentionPolicy,
} from "./contracts/retention.ts";
export { type StorageFacet, type StorageReport } from "./contracts/storage.ts";
export {
  type BeatAnswer,
  type HostBeat,
  type HostRecord,
  type HostsFacet,
  type UnservedKind,
} from "./contracts/hosts.ts";
export { type KindAsk, type KindRecord, type KindRegistration, type RateLimit } from "./contracts/kind.ts";
export { type Lease, type LeaseAnswer, type LostReason } from "./contracts/lease.ts";
export { silentLogger, type Logger } from "./contracts/logger.ts";
export {
  occurrenceOutcomes,
  type DueSchedules,
  type OccurrenceOutcome,
  type OccurrencePage,
  type OccurrenceQuery,
  type OccurrenceReason,
  type OccurrenceRecord,
  type PlannedOccurrence,
  type ScheduleAnswer,
  type ScheduleAsk,
  type ScheduleChange,
  type ScheduleChangeAnswer,
  type ScheduleKey,
  type ScheduleOrigin,
  type SchedulePage,
  type ScheduleQuery,
  type ScheduleRecord,
  type ScheduleRunAnswer,
  type ScheduleRunAsk,
  type ScheduleStep,
  type ScheduleStepAnswer,
  type ScheduleStore,
} from "./contracts/schedules.ts";
export { type LeasedSettlement, type Settlement, type SuspendWait } from "./contracts/settlement.ts";
export {
  type AwaitOptions,
  type CancelOptions,
  type EnqueueItem,
  type EnqueueOutcome,
  type PauseTarget,
  type RescheduleOptions,
  type SnapshotPage,
  type TaskAttempt,
  type TaskClient,
} from "./contracts/task-client.ts";
export { type TaskLiveSource } from "./contracts/task-live-source.ts";
export {
  type ExplainedHost,
  type ExplainedTask,
  type ExplainOptions,
  type TaskExplanation,
  type TaskExplanationReason,
} from "./contracts/task-explanation.ts";
export { type TaskEventConsumer } from "./contracts/task-event-consumer.ts";
export {
  type ExecuteOptions,
  type HandlerRef,
  type LogLine,
  type RunAnswer,
  type RunIo,
  type RunQuestion,
  type RunReport,
  type RunWait,
  type TaskExecutor,
  type TaskOutcome,
  type TaskRun,
} from "./contracts/task-executor.ts";
export { type RequestMaker, type ServicePort, type TaskService } from "./contracts/task-service.ts";
export {
  type CancelAnswer,
  type CancelAsk,
  type ChangeAnswer,
  type ChangeAsk,
  type ClaimAnswer,
  type ClaimRequest,
  type ClaimedTask,
  type DependencyResult,
  type EventPage,
  type KindSlots,
  type LeasedMemo,
  type LeasedReport,
  type MemoAnswer,
  type RemoveAnswer,
  type RemoveAsk,
  type RetryAnswer,
  type SignalAnswer,
  type SignalAsk,
  type StepPage,
  type TaskPage,
  type TaskStore,
  type TaskStoreWithin,
  type TaskStoreWithinSync,
} from "./contracts/task-store.ts";
export { type TaskLimit, type TaskWaits, type WaitsFacet } from "./contracts/waits.ts";
