import {
  toTaskFailure,
  type CancelTimer,
  type Clock,
  type LogLine,
  type Logger,
  type RunAnswer,
  type RunIo,
  type RunQuestion,
  type RunReport,
  type TaskOutcome,
  type TaskRun,
} from "@millrace/models";
import { isPromise } from "../client/maybe-async.ts";
import type { ValueCodec } from "../client/value-codec.ts";
import type { PlannedEnd } from "../decide/settlement-for.ts";
import { prepareRun, type RunDefaults } from "./prepare-run.ts";
import { signalOf, type HeldTask, type RunningTasks } from "./running-tasks.ts";

/** How much longer than its grace an isolated executor gets to end a child before its host stops waiting for it. */
const killMarginMs = 10_000;

export interface RunTaskPorts {
  readonly tasks: RunningTasks;
  readonly values: ValueCodec;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly defaults: RunDefaults;
  readonly abortGraceMs: number;
  /** Never rejects. */
  report(task: HeldTask, report: RunReport): Promise<boolean>;
  /** Never rejects. */
  ask(task: HeldTask, question: RunQuestion): Promise<RunAnswer>;
  /** Takes the outcome of an attempt; the rest of its way is not waited for. */
  ended(task: HeldTask, outcome: TaskOutcome): void;
  /** Takes the end of an attempt that never started. */
  unfit(task: HeldTask, end: PlannedEnd): void;
  /** Told at each start with the run's claim-to-start and run time, for the measured rate. */
  measured(task: HeldTask, ranMs: number): void;
}

/**
 * Runs one task, or several of a batch kind, on their executor. Ends when the place is free again: with the outcomes, or when a
 * handler in this process has ignored its time-out or lost lease for the grace time, since nobody can end it from outside. Never
 * rejects.
 */
export async function runTasks(held: readonly HeldTask[], ports: RunTaskPorts): Promise<void> {
  const fit: Fit[] = [];
  for (const task of held) {
    const preparing = prepareRun(task, ports.values, ports.defaults);
    const prepared = isPromise(preparing) ? await preparing : preparing;
    if ("end" in prepared) ports.unfit(task, prepared.end);
    else if (task.abortedFor === null) fit.push({ task, run: prepared.run });
    else ports.ended(task, { type: "aborted", why: task.abortedFor, failure: null });
  }
  const [first, ...rest] = fit;
  if (!first) return;
  const startedAt = ports.clock.monotonic();
  const outcomes = execute([first, ...rest], ports);
  const finish = async (place: number, each: Fit): Promise<void> => {
    const outcome = await outcomeOf(
      each,
      outcomes.then((all) => all[place] ?? noOutcome),
      ports,
    );
    ports.measured(each.task, (ports.clock.monotonic() - startedAt) / fit.length);
    ports.ended(each.task, outcome);
  };
  if (rest.length === 0) await finish(0, first);
  else await Promise.all(fit.map((each, place) => finish(place, each)));
}

const noOutcome: TaskOutcome = {
  type: "failed",
  failure: { name: "TaskError", message: "The executor gave no outcome for this task.", code: "TASK_NO_OUTCOME" },
  reason: "TASK_NO_OUTCOME",
};

/** A task that can run, with what its executor gets. */
interface Fit {
  readonly task: HeldTask;
  readonly run: TaskRun;
}

async function execute(fit: readonly [Fit, ...Fit[]], ports: RunTaskPorts): Promise<readonly TaskOutcome[]> {
  const [first, ...rest] = fit;
  const { executor } = first.task.served;
  for (const { task } of fit) task.phase = "running";
  try {
    return await executor.execute([first.run, ...rest.map(({ run }) => run)], ioFor(fit, ports), {
      abortGraceMs: ports.abortGraceMs,
    });
  } catch (error) {
    // It promised never to reject; a task must not be lost over that.
    ports.logger.error(`The executor "${executor.name}" rejected, which it must not.`, { error: String(error) });
    const failure = toTaskFailure(error);
    return fit.map(() => ({ type: "failed", failure }));
  }
}

/** The outcome of one run, under its time limit; a run that outlives its abort is no longer waited for. */
function outcomeOf({ task, run }: Fit, ending: Promise<TaskOutcome>, ports: RunTaskPorts): Promise<TaskOutcome> {
  const { clock, tasks } = ports;
  return new Promise((resolve) => {
    const timers: CancelTimer[] = [];
    const end = (outcome: TaskOutcome): void => {
      task.onAbort = null;
      for (const cancel of timers) cancel();
      resolve(outcome);
    };
    task.onAbort = (why) => {
      // A cancel and a shutdown wait for the handler; only what must not go on is given up.
      if (why !== "timeout" && why !== "lease-lost") return;
      const waitMs = ports.abortGraceMs + (task.served.executor.isolated ? killMarginMs : 0);
      timers.push(
        clock.after(waitMs, () => {
          ports.logger.warn(`A handler of "${task.served.kind}" did not end although its attempt was aborted.`, {
            taskId: task.lease.taskId,
            attempt: task.lease.attempt,
            why,
          });
          end({ type: "aborted", why, failure: null });
        }),
      );
    };
    // It may have been aborted while its handler began.
    if (task.abortedFor !== null) task.onAbort(task.abortedFor);
    if (run.timeoutMs !== null) timers.push(clock.after(run.timeoutMs, () => tasks.abort(task, "timeout")));
    void ending.then(end);
  });
}

function ioFor(fit: readonly Fit[], ports: RunTaskPorts): RunIo {
  const at = (i: number): HeldTask => {
    const entry = fit[i];
    if (!entry) throw new RangeError(`There is no run ${i} in this call.`);
    return entry.task;
  };
  return {
    signal: (i) => signalOf(at(i)),
    abortReason: (i) => at(i).abortedFor,
    report: (i, report) => ports.report(at(i), report),
    ask: (i, question) => ports.ask(at(i), question),
    log: (i, line) => writeLine(at(i), line, ports.logger),
  };
}

/** The handler's own fields stand above what the host knows. */
function writeLine(task: HeldTask, line: LogLine, logger: Logger): void {
  const { id, kind, attempt } = task.claimed.task;
  logger[line.level](line.message, { taskId: id, kind, attempt, ...line.fields });
}
