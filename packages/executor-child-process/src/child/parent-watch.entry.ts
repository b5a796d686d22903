import { workerData } from "node:worker_threads";
import { killOwnGroup, machineView, watchParent } from "./parent-watch.ts";

// A thread of its own: a handler that blocks the main loop must not outlive its host, and would never notice.
const { hostPid, pollMs } = workerData as { readonly hostPid: number; readonly pollMs: number };
const isGone = watchParent(hostPid, machineView);
setInterval(() => {
  if (isGone()) killOwnGroup();
}, pollMs);
