import type { RunIo, TaskRun } from "@millrace/models";
import { createChildProcessTaskExecutor } from "../create-child-process-task-executor.ts";

// A host that is going to be killed: it runs the task it was given until then.
const run = JSON.parse(process.argv[2] ?? "") as TaskRun;
const { signal } = new AbortController();
const io: RunIo = {
  signal: () => signal,
  report: () => Promise.resolve(true),
  ask: () => Promise.resolve({ type: "done" }),
  log() {},
};
await createChildProcessTaskExecutor({ size: 1 }).execute([run], io, { abortGraceMs: 1_000 });
