import { spawn } from "node:child_process";
import type { TaskContext } from "@millrace/models";
import { openLedger } from "./ledger.ts";
import { notedRun, pause } from "./noted-run.ts";

// Loaded by a child process of a worker: it works, dies in several ways, blocks its loop, or leaves a process behind.
const { MILLRACE_CHAOS_FOLDER: folder = "", MILLRACE_CHAOS_BY: by = "" } = process.env;

/** What a task of `chaos.child` is to do. */
export interface ChildInput {
  readonly deed: "work" | "die" | "exit" | "block" | "breed";
  readonly ms: number;
}

// Were it and its host to die in the same moment, nobody could end what it has left behind.
let hasBred = false;

export const run = notedRun(openLedger(folder, by), async ({ deed, ms }: ChildInput, context: TaskContext) => {
  const mayDie = context.task.failures === 0 && !hasBred;
  if (deed === "die" && mayDie) process.kill(process.pid, "SIGKILL");
  if (deed === "exit" && mayDie) process.exit(3);
  if (deed === "block") Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  // It stays in the group of this process, which must not outlive its host.
  if (deed === "breed" && process.platform !== "win32") {
    hasBred = true;
    spawn("sleep", ["600"], { stdio: "ignore" }).unref();
  }
  await pause(ms, context.signal);
  void context.setProgress({ percent: 50 });
  return { deed };
});
