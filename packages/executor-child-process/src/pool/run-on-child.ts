import { callRemote, type RemoteEnd } from "@millrace/executor-protocol";
import {
  toTaskFailure,
  TaskError,
  type Clock,
  type RunIo,
  type TaskAbortReason,
  type TaskOutcome,
  type TaskRun,
} from "@millrace/models";
import { exitWords, type ChildExit } from "../child/start-child.ts";
import type { RunAborts } from "./run-aborts.ts";
import type { TakenChild } from "./child-pool.ts";

/** The runs of one call and what they need. */
export interface ChildWork {
  readonly runs: readonly [TaskRun, ...TaskRun[]];
  readonly io: RunIo;
  readonly aborts: RunAborts;
  readonly abortGraceMs: number;
  readonly killGraceMs: number;
  readonly clock: Clock;
}

/** `not-started`: the child died before any handler was called; another child may have the work. */
export type ChildWorkEnd = readonly TaskOutcome[] | "not-started";

/** Runs work on a child and gives the child back, whatever happens. */
export async function runOnChild(taken: TakenChild, work: ChildWork): Promise<ChildWorkEnd> {
  const { child } = taken;
  const { runs, io, aborts } = work;
  const { handler } = runs[0];
  if (handler.type !== "module")
    throw new TaskError("HANDLER_REFUSED", "A child process needs a module, got a function.");
  child.setOutput((line) => io.log(0, line));
  const call = callRemote(child.channel, {
    call: taken.call,
    entrypoint: handler.entrypoint,
    runs,
    io,
    aborted: runs.map((_run, i) => aborts.reason(i)),
  });
  aborts.onAbort((i, reason) => call.abort(i, reason));
  const killer = escalation(taken, work);
  const end = await new Promise<RemoteEnd | ChildExit>((resolve) => {
    const stop = child.onExit(resolve);
    void call.ended.then(resolve).then(stop);
  });
  // What the child printed before its outcome is in the pipe already: one turn of the loop reads it.
  await new Promise((resolve) => setImmediate(resolve));
  const hasKilled = killer.stop();
  call.leave();
  if ("type" in end) {
    const isSpent = end.type === "fatal" || hasKilled || runs.some(({ alone }) => alone);
    taken.giveBack(isSpent ? "discard" : "reuse");
    return end.type === "outcomes"
      ? end.outcomes
      : runs.map((): TaskOutcome => ({ type: "failed", failure: end.failure }));
  }
  if (hasKilled) {
    taken.giveBack("discard");
    return runs.map((run, i) => killedOutcome(run, aborts.reason(i), end));
  }
  taken.died();
  if (taken.isUsed && !call.hasStarted()) return "not-started";
  return runs.map((run) => crashedOutcome(run, child.pid, end));
}

/** After all runs of a child have been aborted: the grace, then SIGTERM, another grace, then SIGKILL, each to the whole group. */
function escalation({ child }: TakenChild, work: ChildWork): { stop(): boolean } {
  const { aborts, clock, abortGraceMs, killGraceMs } = work;
  let hasKilled = false;
  let cancel: () => void = () => {};
  const killAfter = (delayMs: number, signal: "SIGTERM" | "SIGKILL"): void => {
    cancel();
    cancel = clock.after(delayMs, () => {
      hasKilled = true;
      child.kill(signal);
      if (signal === "SIGTERM") killAfter(killGraceMs, "SIGKILL");
    });
  };
  const begin = (): void => killAfter(abortGraceMs, "SIGTERM");
  if (aborts.all.aborted) begin();
  else aborts.all.addEventListener("abort", begin, { once: true });
  // A host that closes its executor has given its grace before.
  aborts.onClose(() => killAfter(killGraceMs, "SIGKILL"));
  return {
    stop() {
      cancel();
      aborts.all.removeEventListener("abort", begin);
      return hasKilled;
    },
  };
}

function killedOutcome(run: TaskRun, why: TaskAbortReason | null, exit: ChildExit): TaskOutcome {
  const message = `Task ${run.task.id} did not end in time after it was aborted (${why ?? "no reason"}); its child process ${exitWords(exit)}.`;
  return {
    type: "aborted",
    why,
    failure: toTaskFailure(new TaskError("CHILD_CRASHED", message, { details: { ...exit } })),
  };
}

function crashedOutcome(run: TaskRun, pid: number, exit: ChildExit): TaskOutcome {
  const { exitCode, signal } = exit;
  const message = `The child process ${pid} ${exitWords(exit)} while it ran task ${run.task.id}.`;
  const error = new TaskError("CHILD_CRASHED", message, { details: { ...exit, pid } });
  // The stack is ours and tells nothing of the handler.
  const { stack: _stack, ...failure } = toTaskFailure(error);
  return { type: "crashed", failure, exitCode, signal };
}
