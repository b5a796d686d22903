// Runs inside each thread: loads the handler, runs it, and sends back what it says.
import { parentPort } from "node:worker_threads";
import { createHandlerLoader, serveRuns } from "@millrace/executor-protocol";
import { portChannel } from "./port-channel.ts";

if (parentPort === null) throw new Error("This file is started as a thread.");
const server = serveRuns(portChannel(parentPort), { load: createHandlerLoader(), onClose: () => process.exit(0) });

process.on("uncaughtException", (error) => void end(error));
process.on("unhandledRejection", (reason) => void end(reason));

async function end(error: unknown): Promise<void> {
  if (await server.uncaught(error)) process.exit(70);
}
