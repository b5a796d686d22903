import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { createHandlerLoader, serveRuns } from "@millrace/executor-protocol";
import { killOwnGroup } from "./parent-watch.ts";
import { takeParentChannel } from "./process-channel.ts";

const pollMs = 500;
const exitTerminated = 143;
const exitFatal = 70;

const channel = takeParentChannel();
const server = serveRuns(channel, { load: createHandlerLoader(), onClose: () => process.exit(0) });

process.on("disconnect", killOwnGroup);
process.on("uncaughtException", (error) => void end(error));
process.on("unhandledRejection", (reason) => void end(reason));
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.on(signal, () => {
    // A service manager signals every process of a unit; only the host decides when a child ends. After an abort it does.
    if (server.isAborted() && process.listenerCount(signal) === 1) process.exit(exitTerminated);
  });
}

await watchHost();
await server.ready();

async function end(error: unknown): Promise<void> {
  if (await server.uncaught(error)) process.exit(exitFatal);
}

async function watchHost(): Promise<void> {
  const extension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
  const watch = new Worker(new URL(`./parent-watch.entry${extension}`, import.meta.url), {
    workerData: { hostPid: Number(process.argv[2]), pollMs },
    name: "millrace-parent-watch",
  });
  watch.unref();
  // From here on it looks by itself, whatever the main loop does.
  await once(watch, "online");
}
