import {
  TaskError,
  type ErrorCode,
  type RunAnswer,
  type RunIo,
  type RunQuestion,
  type RunReport,
  type TaskRun,
} from "@millrace/models";
import type { RunAbort } from "./abort-switch.ts";
import type { RunEnded } from "./run-ended.ts";

/** What one run knows of itself while its handler runs: the state behind its `TaskContext`. */
export interface RunSession {
  readonly run: TaskRun;
  readonly position: number;
  readonly abort: RunAbort;
  readonly io: RunIo;
  /** By `performance.now`; 0 for a run without a time limit. */
  readonly startedAt: number;
  /** Set by the first call that ends the run; it stays even when the handler catches it. */
  control: RunEnded | null;
  completedInTx: boolean;
  /** The handler has returned or thrown. */
  over: boolean;
  steps: number;
  /** Questions without an answer yet: the run's end waits for them, so that a forgotten await loses nothing. Null before the first. */
  pending: Set<Promise<unknown>> | null;
}

/** Opens the session of the run at a position. */
export function openSession(run: TaskRun, about: Pick<RunSession, "position" | "abort" | "io">): RunSession {
  return {
    run,
    position: about.position,
    abort: about.abort,
    io: about.io,
    startedAt: run.timeoutMs === null ? 0 : performance.now(),
    control: null,
    completedInTx: false,
    over: false,
    steps: 0,
    pending: null,
  };
}

/** Says something to the host; `false` once the run has ended. */
export function say(session: RunSession, report: RunReport): Promise<boolean> {
  if (session.over || session.control) return Promise.resolve(false);
  return session.io.report(session.position, report);
}

/**
 * Asks the host and waits for its answer.
 * @throws the code the host refused with; after the end of the run the value that ended it, else `LEASE_LOST`.
 */
export async function ask(session: RunSession, question: RunQuestion): Promise<RunAnswer> {
  assertOpen(session);
  const answering = session.io.ask(session.position, question);
  const pending = (session.pending ??= new Set());
  pending.add(answering);
  try {
    const answer = await answering;
    // A host may know codes that this copy of the table does not: the code is passed on as it is.
    if (answer.type === "refused") throw new TaskError(answer.code as ErrorCode, answer.message);
    return answer;
  } finally {
    pending.delete(answering);
  }
}

/** Throws when the run has ended already. */
export function assertOpen(session: RunSession): void {
  if (session.control) throw session.control;
  if (session.over) {
    throw new TaskError(
      "LEASE_LOST",
      `The run of task ${session.run.task.id} has ended; its context can no longer be used.`,
    );
  }
}

/** Marks a promise as handled: a handler that forgets to await it must not bring the process down. */
export function guarded<Result>(promise: Promise<Result>): Promise<Result> {
  promise.catch(() => {});
  return promise;
}
