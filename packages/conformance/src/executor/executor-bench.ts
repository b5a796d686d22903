import type { ExecuteOptions, Json, TaskExecutor, TaskOutcome, TaskRun } from "@millrace/models";
import { it } from "vitest";
import { recordedIo, type RecordedIo } from "../builders/recorded-io.ts";
import { aRun } from "../builders/task-run.ts";
import { handlerRef, type ConformanceHandler, type HandlerForm } from "./conformance-handlers.ts";

/** How to test an executor. */
export interface TestTaskExecutorOptions {
  /** Shown in the report. */
  readonly name: string;
  /** Makes a fresh executor: called once for the cases that share one, and once for each that ends its own. */
  readonly create: () => TaskExecutor | Promise<TaskExecutor>;
  /** In which forms it takes handlers; every case runs in each. @defaultValue ["module"] */
  readonly forms?: readonly HandlerForm[];
}

/** An executor, and short words for what most cases do. */
export interface ExecutorBench {
  readonly executor: TaskExecutor;
  readonly form: HandlerForm;
  run(handler: ConformanceHandler, input?: Json, change?: Partial<TaskRun>): TaskRun;
  /** Runs one task to its outcome. */
  outcome(run: TaskRun, io?: RecordedIo): Promise<TaskOutcome>;
  outcomes(runs: readonly TaskRun[], io?: RecordedIo): Promise<readonly TaskOutcome[]>;
}

/** Registers one case on the executor that all cases share. */
export type AddExecutorCase = (title: string, run: (bench: ExecutorBench) => Promise<void>) => void;

/** Registers the cases of one concern. */
export type ExecutorCases = (add: AddExecutorCase, options: TestTaskExecutorOptions) => void;

// Long enough that only a case about the grace ever meets it.
const patient: ExecuteOptions = { abortGraceMs: 60_000 };

/** A bench around an executor. */
export function executorBench(executor: TaskExecutor, form: HandlerForm): ExecutorBench {
  return {
    executor,
    form,
    run: (handler, input, change) => aRun({ handler: handlerRef(form, handler), input, ...change }),
    async outcome(run, io) {
      const outcomes = await executor.execute([run], io ?? recordedIo(), patient);
      const [outcome] = outcomes;
      if (!outcome || outcomes.length !== 1) throw new Error(`One run got ${outcomes.length} outcomes.`);
      return outcome;
    },
    outcomes(runs, io) {
      const [first, ...rest] = runs;
      if (!first) throw new Error("A call needs a run.");
      return executor.execute([first, ...rest], io ?? recordedIo(runs.length), patient);
    },
  };
}

/** Registers a case that has an executor of its own, closed after it. */
export function ownExecutorCase(
  options: TestTaskExecutorOptions,
  form: HandlerForm,
): (title: string, run: (bench: ExecutorBench) => Promise<void>) => void {
  return (title, run) =>
    it(title, async () => {
      const executor = await options.create();
      try {
        await run(executorBench(executor, form));
      } finally {
        await executor.close();
      }
    });
}
