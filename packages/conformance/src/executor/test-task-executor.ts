import type { TaskExecutor } from "@millrace/models";
import { afterAll, beforeAll, describe, it } from "vitest";
import { abortCases } from "./cases/abort-cases.ts";
import { batchRunCases } from "./cases/batch-run-cases.ts";
import { contextCases } from "./cases/context-cases.ts";
import { endCases } from "./cases/end-cases.ts";
import { outcomeCases } from "./cases/outcome-cases.ts";
import { waitCases } from "./cases/wait-cases.ts";
import {
  executorBench,
  ownExecutorCase,
  type AddExecutorCase,
  type ExecutorCases,
  type TestTaskExecutorOptions,
} from "./executor-bench.ts";
import type { HandlerForm } from "./conformance-handlers.ts";

const concerns: Readonly<Record<string, ExecutorCases>> = {
  outcomes: outcomeCases,
  context: contextCases,
  waits: waitCases,
  batches: batchRunCases,
  aborts: abortCases,
};

/**
 * Registers, with vitest, everything a task executor must do. The handlers it runs are a module of this package, so that
 * executors in other processes and threads can load them.
 */
export function testTaskExecutor(options: TestTaskExecutorOptions): void {
  describe(`task executor: ${options.name}`, () => {
    for (const form of options.forms ?? ["module"]) {
      describe(`handlers as ${form}`, () => {
        const add = sharedExecutorCase(options, form);
        for (const [concern, register] of Object.entries(concerns)) {
          describe(concern, () => {
            register(add, options);
          });
        }
        describe("loading and closing", () => {
          endCases(ownExecutorCase(options, form), options);
        });
      });
    }
  });
}

/** Cases that leave the executor as they found it share one: starting a process for each would take minutes. */
function sharedExecutorCase(options: TestTaskExecutorOptions, form: HandlerForm): AddExecutorCase {
  let executor: TaskExecutor | null = null;
  beforeAll(async () => {
    executor = await options.create();
  });
  afterAll(() => executor?.close());
  return (title, run) =>
    it(title, async () => {
      if (executor === null) throw new Error("The executor was not made.");
      await run(executorBench(executor, form));
    });
}
