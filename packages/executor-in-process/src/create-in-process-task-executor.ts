import {
  createAbortSwitch,
  createHandlerLoader,
  moduleAddress,
  runHandler,
  type AnyTaskHandler,
  type LoadModule,
} from "@millrace/executor-protocol";
import {
  TaskError,
  toTaskFailure,
  type HandlerEntrypoint,
  type HandlerRef,
  type RunIo,
  type TaskExecutor,
  type TaskFailure,
  type TaskOutcome,
  type TaskRun,
} from "@millrace/models";

type Runs = readonly [TaskRun, ...TaskRun[]];

export interface InProcessTaskExecutorOptions {
  /**
   * Loads the module of an entrypoint; for bundlers, virtual files and tests. Its answer goes through the same search for an export.
   * @defaultValue the runtime's `import()`
   */
  readonly loadModule?: LoadModule;
  /** How many runs it holds at once; null = as many as the host gives. @defaultValue null */
  readonly capacity?: number | null;
}

/**
 * Runs handlers in this process: functions as they are, modules imported once. A handler that blocks the event loop or ignores its
 * signal cannot be ended from outside; use child processes for code that is not trusted to do so.
 * @throws `OPTION_INVALID`
 */
export function createInProcessTaskExecutor(options: InProcessTaskExecutorOptions = {}): TaskExecutor {
  const capacity = checkedCapacity(options.capacity);
  const load = createHandlerLoader(options.loadModule);
  const closing = createAbortSwitch();
  let closed = false;

  const loaded = async (entrypoint: HandlerEntrypoint, runs: Runs, io: RunIo): Promise<readonly TaskOutcome[]> => {
    let handler: AnyTaskHandler;
    try {
      handler = await load(entrypoint);
    } catch (error) {
      const failure = toTaskFailure(error);
      return runs.map(() => ({ type: "failed", failure }));
    }
    return runHandler(handler, runs, { io, closing });
  };

  const execute = (runs: Runs, io: RunIo): Promise<readonly TaskOutcome[]> => {
    if (closed) return Promise.resolve(runs.map(() => closedOutcome()));
    const { handler } = runs[0];
    // A function is its own handler: it has `run` or `runBatch` beside what the host knows it by.
    return handler.type === "function"
      ? runHandler(handler, runs, { io, closing })
      : loaded(handler.entrypoint, runs, io);
  };

  return {
    name: "in-process",
    isolated: false,
    capacity,
    refuses,
    execute,
    async close() {
      closed = true;
      closing.abortAll("shutdown");
      await closing.whenEmpty();
    },
  };
}

function refuses(handler: HandlerRef): string | null {
  if (handler.type === "function") {
    return handler.run || handler.runBatch ? null : `the handler of "${handler.kind}" has neither run nor runBatch`;
  }
  const address = moduleAddress(handler.entrypoint);
  if (!address.ok) return address.problem;
  const { runtime } = handler.entrypoint;
  return runtime === undefined || runtime === "inherit"
    ? null
    : `the handler of "${handler.kind}" asks for the runtime "${runtime}", which needs a process of its own`;
}

/** The same as for a run that the closing itself has ended: it costs the task nothing. */
function closedOutcome(): TaskOutcome {
  const failure: TaskFailure = toTaskFailure(
    new TaskError("EXECUTOR_CLOSED", "The in-process executor has been closed."),
  );
  return { type: "aborted", why: "shutdown", failure };
}

function checkedCapacity(capacity: number | null | undefined): number | null {
  if (capacity === undefined || capacity === null) return null;
  if (Number.isInteger(capacity) && capacity >= 1) return capacity;
  throw new TaskError(
    "OPTION_INVALID",
    `capacity must be a whole number from 1 up, or null; got ${String(capacity)}.`,
    {
      details: { path: "capacity" },
    },
  );
}
