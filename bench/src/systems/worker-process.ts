import { fork } from "node:child_process";
import { once } from "node:events";
import type { SystemName } from "./all-systems.ts";

/** What a process of workers says. */
export type WorkerReply = { readonly type: "ready" } | { readonly type: "handled"; readonly handled: number };

/** A process of workers of some queue. */
export interface WorkerProcess {
  readonly go: () => void;
  /** It stands still, wherever it is, until it goes on. */
  readonly standStill: () => void;
  readonly goOn: () => void;
  /** How many jobs it has begun so far, as of a few milliseconds ago. */
  readonly handled: () => number;
  readonly end: () => void;
}

/** Starts a process that has loaded its code and waits. */
export async function startWorkerProcess(asked: {
  readonly system: SystemName;
  readonly address: string;
  readonly concurrency: number;
}): Promise<WorkerProcess> {
  const entry = new URL("./worker.entry.ts", import.meta.url);
  const child = fork(entry, [asked.system, asked.address, String(asked.concurrency)]);
  // While it starts, whoever waits hears of it; later nobody does, and the measurement fails.
  const onExit = (code: number | null): void => {
    child.emit("error", new Error(`a worker of ${asked.system} ended with ${String(code)}`));
  };
  let handled = 0;
  child.once("exit", onExit);
  child.on("message", (reply: WorkerReply) => {
    if (reply.type === "handled") ({ handled } = reply);
  });
  await once(child, "message");
  return {
    go: () => void child.send("go"),
    standStill: () => void child.kill("SIGSTOP"),
    goOn: () => void child.kill("SIGCONT"),
    handled: () => handled,
    end: () => {
      child.off("exit", onExit);
      child.kill("SIGKILL");
    },
  };
}
