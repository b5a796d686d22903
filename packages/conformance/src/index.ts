export { aFailSettlement, aFailure, aGroup, aKind, aRequest, aStep, aTask, leaseOf } from "./builders.ts";
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
export { testTaskStore } from "./store/test-task-store.ts";
export {
  type PropertyRuns,
  type StoreEnvironment,
  type StoreUnderTest,
  type TestTaskStoreOptions,
} from "./store/store-under-test.ts";
