import { fork } from "node:child_process";
import type { SystemName } from "./all-systems.ts";

/** What a process of workers says. */
export type WorkerReply = { readonly type: "ready" } | { readonly type: "handled"; readonly handled: number };

/** A process of workers of some queue. */
export interface WorkerProcess {
  readonly go: () => void;
  /** How many jobs it has begun so far, as of a few milliseconds ago. */
  readonly handled: () => number;
  readonly end: () => void;
}

/** Starts a process that has loaded its code and waits. */
export function startWorkerProcess(asked: {
  readonly system: SystemName;
  readonly address: string;
  readonly concurrency: number;
}): Promise<WorkerProcess> {
  const entry = new URL("./worker.entry.ts", import.meta.url);
  const child = fork(entry, [asked.system, asked.address, String(asked.concurrency)]);
  let handled = 0;
  let isReady = false;
  let isEnded = false;
  return new Promise((resolve, reject) => {
    child.on("message", (message) => {
      const reply = message as WorkerReply;
      if (reply.type === "ready") {
        isReady = true;
        resolve({
          go: () => void child.send("go"),
          handled: () => handled,
          end: () => {
            isEnded = true;
            child.kill("SIGKILL");
          },
        });
      } else ({ handled } = reply);
    });
    child.once("exit", (code) => {
      const error = new Error(`a worker of ${asked.system} ended with ${String(code)}`);
      if (!isReady) reject(error);
      // Nobody waits for this one: the measurement is over.
      else if (!isEnded) throw error;
    });
  });
}
