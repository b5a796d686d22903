export {
  aFailSettlement,
  aFailure,
  aGroup,
  aKind,
  aRequest,
  aRun,
  aScheduleAsk,
  aScheduleStep,
  aStep,
  aTask,
  leaseOf,
  recordedIo,
  type RecordedAnswers,
  type RecordedIo,
} from "./builders.ts";
export { type HandlerForm } from "./executor/conformance-handlers.ts";
export { type TestTaskExecutorOptions } from "./executor/executor-bench.ts";
export { testTaskExecutor } from "./executor/test-task-executor.ts";
export {
  checkInvariants,
  readHistory,
  type FlowOfHistory,
  type History,
  type Holding,
  type KeyLimit,
  type ObservedWrite,
  type SubscriberView,
  type Violation,
} from "./invariants.ts";
export { stressStartStop, type Startable, type StressStartStopOptions } from "./start-stop/stress-start-stop.ts";
export { testTaskStore } from "./store/test-task-store.ts";
export {
  type PropertyRuns,
  type StoreEnvironment,
  type StoreUnderTest,
  type TestTaskStoreOptions,
} from "./store/store-under-test.ts";
