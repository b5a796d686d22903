import { createAbortSwitch, createHandlerLoader, runHandler } from "@millrace/executor-protocol";
import type { RunIo, TaskOutcome, TaskRun } from "@millrace/models";

const load = createHandlerLoader();
const closing = createAbortSwitch();

/** The heart of an executor that runs modules where it stands. */
export async function execute(runs: readonly [TaskRun, ...TaskRun[]], io: RunIo): Promise<readonly TaskOutcome[]> {
  const { handler } = runs[0];
  if (handler.type !== "module") throw new Error("needs a module");
  return runHandler(await load(handler.entrypoint), runs, { io, closing });
}
