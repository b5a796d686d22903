import { createTaskHost, type TaskHost, type TaskHostOptions } from "@millrace/engine";
import { createChildProcessTaskExecutor } from "@millrace/executor-child-process";
import { createInProcessTaskExecutor } from "@millrace/executor-in-process";
import { createSqliteTaskStore } from "@millrace/store-sqlite";

/** Where tasks are kept unless another place is named, relative to the working directory. */
export const defaultStorePath = ".millrace/tasks.sqlite";

/** The options of `createTaskHost`, of which none must be given. */
export interface HostOptions extends Omit<TaskHostOptions, "store" | "executor"> {
  /** The SQLite file; its folder is made when missing. @defaultValue ".millrace/tasks.sqlite" */
  readonly path?: string;
  /** Another store instead of the SQLite file. */
  readonly store?: TaskHostOptions["store"];
  /** @defaultValue a task with an inline `run` runs in this process, one with an `entrypoint` in a child process */
  readonly executor?: TaskHostOptions["executor"];
}

/**
 * A host with everything a first project needs: tasks in one SQLite file, code in this process or in child processes.
 * Grow out of it by passing `store` or `executor`, or by calling `createTaskHost` yourself.
 */
export function createHost(options: HostOptions = {}): TaskHost<unknown> {
  const { path = defaultStorePath, store, executor, ...rest } = options;
  return createTaskHost({
    ...rest,
    store: store ?? createSqliteTaskStore({ path }),
    // The first that does not refuse a handler runs it; children cannot run a function, so modules go to them.
    executor: executor ?? [createChildProcessTaskExecutor(), createInProcessTaskExecutor()],
  });
}
