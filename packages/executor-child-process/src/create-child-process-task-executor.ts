import {
  TaskError,
  toTaskFailure,
  type ExecuteOptions,
  type HandlerRef,
  type RunIo,
  type TaskExecutor,
  type TaskOutcome,
  type TaskRun,
} from "@millrace/models";
import { moduleAddress } from "@millrace/executor-protocol";
import { resolveOptions, type ChildProcessTaskExecutorOptions } from "./child-process-options.ts";
import { createChildPool } from "./pool/child-pool.ts";
import { followAborts, type RunAborts } from "./pool/run-aborts.ts";
import { runOnChild } from "./pool/run-on-child.ts";
import { hostRuntime, startPlan } from "./pool/start-plan.ts";

type Runs = readonly [TaskRun, ...TaskRun[]];

/**
 * Runs handlers in a pool of child processes: a crash, a hang or a leak harms nobody else. Children are kept and used again for
 * handlers of the same runtime, directory, environment and arguments, one call at a time.
 * @throws `OPTION_INVALID`
 */
export function createChildProcessTaskExecutor(options: ChildProcessTaskExecutorOptions = {}): TaskExecutor {
  const resolved = resolveOptions(options);
  const pool = createChildPool(resolved);
  const host = hostRuntime();
  const open = new Map<RunAborts, Promise<unknown>>();
  const keepAlive = createKeepAlive();
  let isClosed = false;

  const run = async (
    runs: Runs,
    io: RunIo,
    about: { aborts: RunAborts } & ExecuteOptions,
  ): Promise<readonly TaskOutcome[]> => {
    const { handler } = runs[0];
    if (handler.type !== "module")
      throw new TaskError("HANDLER_REFUSED", `The handler of "${handler.kind}" needs a module, got a function.`);
    const plan = startPlan(handler.entrypoint, resolved, host);
    const alone = runs.some((one) => one.alone);
    for (;;) {
      const taken = await pool.take(plan, { alone, signal: about.aborts.all });
      if (taken === null)
        return runs.map((_one, i) => ({ type: "aborted", why: about.aborts.reason(i) ?? "shutdown", failure: null }));
      const end = await runOnChild(taken, { ...resolved, ...about, runs, io });
      // Only a child that had worked before can end so: it died in its idle time, and a fresh one will tell the truth.
      if (end !== "not-started") return end;
    }
  };

  return {
    name: "child-process",
    isolated: true,
    capacity: resolved.size,
    refuses,
    async execute(runs, io, { abortGraceMs }) {
      if (isClosed) return runs.map(closedOutcome);
      const aborts = followAborts(io, runs.length);
      const outcomes = run(runs, io, { aborts, abortGraceMs }).catch((error: unknown) => failedOutcomes(runs, error));
      open.set(aborts, outcomes);
      keepAlive.set(true);
      try {
        return await outcomes;
      } finally {
        open.delete(aborts);
        aborts.end();
        keepAlive.set(open.size > 0);
      }
    },
    async close() {
      isClosed = true;
      for (const aborts of open.keys()) aborts.close();
      await Promise.all([pool.close(), ...open.values()]);
    },
  };
}

function refuses(handler: HandlerRef): string | null {
  if (handler.type === "function") return `the handler of "${handler.kind}" needs a module, got a function`;
  const address = moduleAddress(handler.entrypoint);
  return address.ok ? null : address.problem;
}

function failedOutcomes(runs: Runs, error: unknown): readonly TaskOutcome[] {
  const failure = toTaskFailure(error);
  return runs.map(() => ({ type: "failed", failure }));
}

/** The same as for a run that the closing itself has ended: it costs the task nothing. */
function closedOutcome(): TaskOutcome {
  const failure = toTaskFailure(new TaskError("EXECUTOR_CLOSED", "The child-process executor has been closed."));
  return { type: "aborted", why: "shutdown", failure };
}

/** Timers of a clock let the process end; work that waits for a child's next start must not. */
function createKeepAlive(): { set(isNeeded: boolean): void } {
  const longestMs = 2 ** 31 - 1;
  let timer: ReturnType<typeof setInterval> | null = null;
  return {
    set(isNeeded) {
      if (isNeeded) timer ??= setInterval(() => {}, longestMs);
      else if (timer !== null) {
        clearInterval(timer);
        timer = null;
      }
    },
  };
}
