import {
  toTaskFailure,
  type LogLine,
  type RunAnswer,
  type RunIo,
  type RunQuestion,
  type RunReport,
  type TaskOutcome,
} from "@millrace/models";
import { andThen, mapInOrder } from "../client/maybe-async.ts";
import type { ValueCodec } from "../client/value-codec.ts";
import type { PlannedEnd } from "../decide/settlement-for.ts";
import { prepareRun, type PreparedRun, type RunDefaults } from "./prepare-run.ts";
import { RunWatch, type RunWatchPorts } from "./run-watch.ts";
import { signalOf, type HeldTask } from "./running-tasks.ts";

export interface RunTaskPorts extends RunWatchPorts {
  readonly values: ValueCodec;
  readonly defaults: RunDefaults;
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
 * Runs one task, or several of a batch kind, on their executor. `onFree` is called once when the place is free again: with all
 * outcomes told, or when a handler in this process has ignored its time-out or lost lease for the grace time, since nobody can end it
 * from outside.
 */
export function runTasks(held: readonly HeldTask[], ports: RunTaskPorts, onFree: () => void): void {
  const preparing = mapInOrder(held, (task) => prepareRun(task, ports.values, ports.defaults));
  void andThen(preparing, (prepared) => runPrepared(held, prepared, { ports, onFree }));
}

interface RunPlace {
  readonly ports: RunTaskPorts;
  readonly onFree: () => void;
}

function runPrepared(held: readonly HeldTask[], prepared: readonly PreparedRun[], { ports, onFree }: RunPlace): void {
  const fit: RunWatch[] = [];
  for (let place = 0; place < held.length; place += 1) {
    const [task, found] = [held[place], prepared[place]];
    if (!task || !found) continue;
    if ("end" in found) ports.unfit(task, found.end);
    else if (task.abortedFor === null) fit.push(new RunWatch(task, found.run, ports));
    else ports.ended(task, { type: "aborted", why: task.abortedFor, failure: null });
  }
  // Not at once: whoever starts runs in a circle would meet itself.
  if (fit.length === 0) queueMicrotask(onFree);
  else runFit(fit, { ports, onFree });
}

function runFit(fit: readonly RunWatch[], { ports, onFree }: RunPlace): void {
  const startedAt = ports.clock.monotonic();
  let left = fit.length;
  const onEnd = ({ task }: RunWatch, outcome: TaskOutcome): void => {
    ports.measured(task, (ports.clock.monotonic() - startedAt) / fit.length);
    ports.ended(task, outcome);
    left -= 1;
    if (left === 0) onFree();
  };
  for (const watch of fit) watch.begin(onEnd);
  const endAll = (outcomes: readonly TaskOutcome[]): void => {
    fit.forEach((watch, place) => watch.end(outcomes[place] ?? noOutcome));
  };
  execute(fit, ports).then(endAll, (error: unknown) => {
    // It promised never to reject; a task must not be lost over that.
    ports.logger.error("An executor rejected, which it must not.", { error: String(error) });
    const failure = toTaskFailure(error);
    endAll(fit.map(() => ({ type: "failed", failure })));
  });
}

const noOutcome: TaskOutcome = {
  type: "failed",
  failure: { name: "TaskError", message: "The executor gave no outcome for this task.", code: "TASK_NO_OUTCOME" },
  reason: "TASK_NO_OUTCOME",
};

function execute(fit: readonly RunWatch[], ports: RunTaskPorts): Promise<readonly TaskOutcome[]> {
  const [first, ...rest] = fit.map(({ run }) => run);
  const executor = fit[0]?.task.served.executor;
  if (!first || !executor) return Promise.resolve([]);
  try {
    return executor.execute([first, ...rest], new HostRunIo(fit, ports), ports);
  } catch (error) {
    return Promise.reject(error);
  }
}

/** What runs tell and ask, brought to the task at their place. */
class HostRunIo implements RunIo {
  readonly #fit: readonly RunWatch[];
  readonly #ports: RunTaskPorts;

  constructor(fit: readonly RunWatch[], ports: RunTaskPorts) {
    this.#fit = fit;
    this.#ports = ports;
  }

  signal(i: number): AbortSignal {
    return signalOf(this.#at(i));
  }

  abortReason(i: number): HeldTask["abortedFor"] {
    return this.#at(i).abortedFor;
  }

  report(i: number, report: RunReport): Promise<boolean> {
    return this.#ports.report(this.#at(i), report);
  }

  ask(i: number, question: RunQuestion): Promise<RunAnswer> {
    return this.#ports.ask(this.#at(i), question);
  }

  /** The handler's own fields stand above what the host knows. */
  log(i: number, line: LogLine): void {
    const { id, kind, attempt } = this.#at(i).claimed.task;
    this.#ports.logger[line.level](line.message, { taskId: id, kind, attempt, ...line.fields });
  }

  #at(i: number): HeldTask {
    const watch = this.#fit[i];
    if (!watch) throw new RangeError(`There is no run ${i} in this call.`);
    return watch.task;
  }
}
