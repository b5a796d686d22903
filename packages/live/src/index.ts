export { createTaskLiveHub, type TaskLiveHub, type TaskLiveReaderOptions } from "./create-task-live-hub.ts";
export { type TaskLiveHubOptions } from "./hub-options.ts";
export { type TaskLiveStore } from "./live-source.ts";
export { type TaskLiveAsk, type TaskLiveAuthorize, type TaskLiveGrant } from "./access/ask-access.ts";
export { type TaskLiveListener } from "./reader/create-reader.ts";
export { type TaskLiveSubscription } from "./feed/start-feed.ts";
