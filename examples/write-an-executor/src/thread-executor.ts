import { availableParallelism } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { callRemote, moduleAddress } from "@millrace/executor-protocol";
import type { HandlerRef, RunIo, TaskAbortReason, TaskExecutor, TaskOutcome, TaskRun } from "@millrace/models";
import { portChannel } from "./port-channel.ts";

type Runs = readonly [TaskRun, ...TaskRun[]];

/** Runs every call in a thread of its own, which ends with it: slower to start than a pool, and nothing is left behind. */
export function createThreadTaskExecutor(capacity = availableParallelism()): TaskExecutor {
  const closing = new AbortController();
  const open = new Set<Promise<unknown>>();
  return {
    name: "thread",
    isolated: true,
    capacity,
    refuses,
    async execute(runs, io, { abortGraceMs }) {
      if (closing.signal.aborted) return runs.map(() => ({ type: "aborted", why: "shutdown", failure: null }));
      const running = runInThread(runs, io, { closing: closing.signal, abortGraceMs });
      open.add(running);
      return running.finally(() => open.delete(running));
    },
    async close() {
      closing.abort();
      await Promise.all(open);
    },
  };
}

function refuses(handler: HandlerRef): string | null {
  if (handler.type === "function") return `the handler of "${handler.kind}" needs a module, got a function`;
  const address = moduleAddress(handler.entrypoint);
  return address.ok ? null : address.problem;
}

async function runInThread(
  runs: Runs,
  io: RunIo,
  { closing, abortGraceMs }: { readonly closing: AbortSignal; readonly abortGraceMs: number },
): Promise<readonly TaskOutcome[]> {
  const { handler } = runs[0];
  if (handler.type !== "module") throw new Error("refuses() has let a function through");
  const reasonOf = (i: number): TaskAbortReason | null => {
    const own: unknown = io.signal(i).reason;
    return io.signal(i).aborted ? (own as TaskAbortReason) : closing.aborted ? "shutdown" : null;
  };

  const worker = new Worker(new URL("./thread.entry.ts", import.meta.url));
  const exited = new Promise<number>((resolve) => worker.on("exit", resolve));
  worker.on("error", () => {}); // it ends with an exit too
  const aborted = runs.map((_run, i) => reasonOf(i));
  const call = callRemote(portChannel(worker), { call: 1, entrypoint: handler.entrypoint, runs, io, aborted });

  // Passes aborts on. Once every run has been aborted the grace begins, and then the thread is ended.
  const over = new AbortController();
  const onAbort = (i: number): void => {
    call.abort(i, reasonOf(i) ?? "shutdown");
    if (runs.every((_run, at) => reasonOf(at) !== null))
      void wait(abortGraceMs, null, { signal: over.signal }).then(
        () => worker.terminate(),
        () => {},
      );
  };
  for (const [i] of runs.entries())
    for (const signal of [io.signal(i), closing])
      signal.addEventListener("abort", () => onAbort(i), { once: true, signal: over.signal });
  if (aborted.every((reason) => reason !== null)) onAbort(0);

  const end = await Promise.race([call.ended, exited]);
  over.abort();
  call.leave();
  await worker.terminate();
  if (typeof end !== "number" && end.type === "outcomes") return end.outcomes;
  return runs.map((_run, i): TaskOutcome => {
    if (typeof end !== "number") return { type: "failed", failure: end.failure };
    const why = reasonOf(i);
    if (why !== null) return { type: "aborted", why, failure: null };
    const failure = { name: "ThreadEnded", message: `The thread ended with code ${end}.`, code: "CHILD_CRASHED" };
    return { type: "crashed", failure, exitCode: end, signal: null };
  });
}
