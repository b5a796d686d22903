export {
  createTaskLiveTracker,
  type TaskLiveState,
  type TaskLiveStatus,
  type TaskLiveTracker,
  type TaskLiveTrackerOptions,
} from "./create-task-live-tracker.ts";
export { type LastEvent } from "./view/reduce-view.ts";
export { type TaskLiveConnect, type TaskLiveFollowed } from "./connect/connection.ts";
export { withPolling, type PollingOptions } from "./connect/with-polling.ts";
export { shareTrackers, type TaskLiveTrackers } from "./share-trackers.ts";
