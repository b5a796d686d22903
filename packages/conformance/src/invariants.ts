export { checkInvariants } from "./invariants/check-invariants.ts";
export {
  type FlowOfHistory,
  type History,
  type Holding,
  type KeyLimit,
  type ObservedWrite,
  type SubscriberView,
  type Violation,
} from "./invariants/history.ts";
export { readHistory } from "./invariants/read-history.ts";
