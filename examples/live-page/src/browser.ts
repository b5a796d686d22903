// #region browser
import { withPolling } from "@millrace/tracker";
import { TaskLiveProvider } from "@millrace/tracker/react";
import { sseConnection } from "@millrace/tracker/sse";
import type { TaskSubscriptionBootstrap } from "millrace";
import { createElement as h, type ReactElement } from "react";
import { Reports } from "./progress-list.ts";

// Made once, outside of every component. Over Socket.IO: socketConnection(socket) of @millrace/tracker/socket-io.
const connect = withPolling(sseConnection("/live"), {
  // A route of yours that answers `hub.bootstrap(query)`: asked every 5 s for as long as the stream is away.
  poll: async (query) => {
    const response = await fetch(`/tasks?query=${encodeURIComponent(JSON.stringify(query))}`);
    return (await response.json()) as TaskSubscriptionBootstrap;
  },
});

export function Page({ initial }: { readonly initial: TaskSubscriptionBootstrap }): ReactElement {
  return h(TaskLiveProvider, { connect }, h(Reports, { initial }));
}
// #endregion
