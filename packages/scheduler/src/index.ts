export { nextOccurrences } from "./next-occurrences.ts";
export { type ScheduleDefinition, type ScheduledTaskOptions, type ScheduleTime } from "./schedule-definition.ts";
export { type CatchUp, type Overlap } from "./schedule-policy.ts";
export { scheduleClock, type ScheduleClock } from "./schedule-clock.ts";
export { type ScheduleView } from "./schedule-view.ts";
export {
  type HistoryQuery,
  type ScheduleListQuery,
  type ScheduleName,
  type SchedulePageQuery,
  type ScheduleViewPage,
  type UnmetQuery,
} from "./schedule-queries.ts";
export { scheduler, type Scheduler } from "./scheduler.ts";
export { type SchedulerOptions } from "./scheduler-options.ts";
export { type TimeRule } from "./times/schedule-times.ts";
