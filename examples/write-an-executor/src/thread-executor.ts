import { setTimeout as wait } from "node:timers/promises";
import { callRemote, moduleAddress } from "@millrace/executor-protocol";
import type { HandlerRef, RunIo, TaskAbortReason, TaskExecutor, TaskOutcome, TaskRun } from "@millrace/models";
import { portChannel } from "./port-channel.ts";
import { createThreadPool, type ThreadPool } from "./thread-pool.ts";

type Runs = readonly [TaskRun, ...TaskRun[]];

/** Runs handlers in threads: one that blocks holds up nobody, and one that ignores its signal can be ended. */
export function createThreadTaskExecutor({ size = 4 }: { readonly size?: number } = {}): TaskExecutor {
  const pool = createThreadPool(size);
  const closing = new AbortController();
  const open = new Set<Promise<unknown>>();
  return {
    name: "thread",
    isolated: true,
    capacity: size,
    refuses,
    async execute(runs, io, { abortGraceMs }) {
      if (closing.signal.aborted) return runs.map(() => ({ type: "aborted", why: "shutdown", failure: null }));
      const running = runInThread(pool, runs, { io, closing: closing.signal, abortGraceMs });
      open.add(running);
      return running.finally(() => open.delete(running));
    },
    async close() {
      closing.abort();
      await Promise.all(open);
      await pool.close();
    },
  };
}

function refuses(handler: HandlerRef): string | null {
  if (handler.type === "function") return `the handler of "${handler.kind}" needs a module, got a function`;
  const address = moduleAddress(handler.entrypoint);
  return address.ok ? null : address.problem;
}

interface Surroundings {
  readonly io: RunIo;
  readonly closing: AbortSignal;
  readonly abortGraceMs: number;
}

let calls = 0;

async function runInThread(
  pool: ThreadPool,
  runs: Runs,
  { io, closing, abortGraceMs }: Surroundings,
): Promise<readonly TaskOutcome[]> {
  const { handler } = runs[0];
  if (handler.type !== "module") throw new Error("refuses() has let a function through");
  const reasonOf = (i: number): TaskAbortReason | null => {
    const own: unknown = io.signal(i).reason;
    return io.signal(i).aborted ? (own as TaskAbortReason) : closing.aborted ? "shutdown" : null;
  };

  const thread = await pool.take();
  const exit = Promise.withResolvers<number>();
  thread.on("exit", exit.resolve);
  calls += 1;
  const aborted = runs.map((_run, i) => reasonOf(i));
  const call = callRemote(portChannel(thread), { call: calls, entrypoint: handler.entrypoint, runs, io, aborted });

  // Passes aborts on. Once every run has been aborted the grace begins, and then the thread is ended.
  const over = new AbortController();
  const onAbort = (i: number): void => {
    call.abort(i, reasonOf(i) ?? "shutdown");
    if (runs.some((_run, at) => reasonOf(at) === null)) return;
    const ended = wait(abortGraceMs, null, { signal: over.signal }).then(() => thread.terminate());
    ended.catch(() => {}); // it was over before
  };
  for (const [i] of runs.entries())
    for (const signal of [io.signal(i), closing])
      signal.addEventListener("abort", () => onAbort(i), { once: true, signal: over.signal });
  if (aborted.every((reason) => reason !== null)) onAbort(0);

  const end = await Promise.race([call.ended, exit.promise]);
  over.abort();
  call.leave();
  thread.off("exit", exit.resolve);
  await pool.giveBack(thread, typeof end !== "number" && end.type === "outcomes" && !runs.some(({ alone }) => alone));
  if (typeof end !== "number")
    return end.type === "outcomes" ? end.outcomes : runs.map(() => ({ type: "failed", failure: end.failure }));
  return runs.map((_run, i) => afterExit(end, reasonOf(i)));
}

function afterExit(exitCode: number, why: TaskAbortReason | null): TaskOutcome {
  if (why !== null) return { type: "aborted", why, failure: null };
  const failure = { name: "ThreadEnded", message: `The thread ended with code ${exitCode}.`, code: "CHILD_CRASHED" };
  return { type: "crashed", failure, exitCode, signal: null };
}
