import { createTaskHost, type TaskHost, type TaskHostOptions } from "@millrace/engine";
import { createChildProcessTaskExecutor } from "@millrace/executor-child-process";
import { createInProcessTaskExecutor } from "@millrace/executor-in-process";
import { TaskError } from "@millrace/models";
import { createTaskStore } from "./create-task-store.ts";
import type { PostgresTaskStoreOptions } from "./load-postgres-store.ts";

/** Where tasks are kept unless another place is named, relative to the working directory. */
export const defaultStorePath = ".millrace/tasks.sqlite";

/** The options of `createTaskHost`, of which none must be given. */
export interface HostOptions extends Omit<TaskHostOptions, "store" | "executor"> {
  /** The SQLite file; its folder is made when missing. @defaultValue ".millrace/tasks.sqlite" */
  readonly path?: string;
  /** A Postgres instead of the SQLite file; needs the packages `@millrace/store-postgres` and `pg`. */
  readonly postgres?: PostgresTaskStoreOptions;
  /** Another store instead of either. */
  readonly store?: TaskHostOptions["store"];
  /** @defaultValue a task with an inline `run` runs in this process, one with an `entrypoint` in a child process */
  readonly executor?: TaskHostOptions["executor"];
}

/**
 * A host with everything a first project needs: tasks in one SQLite file, code in this process or in child processes.
 * Grow out of it by passing `postgres`, `store` or `executor`, or by calling `createTaskHost` yourself.
 *
 * @throws `OPTION_INVALID`; `DRIVER_MISSING` when `postgres` is given and its packages are not installed
 */
export function createHost(options: HostOptions = {}): TaskHost<unknown> {
  const { path, postgres, store, executor, ...rest } = options;
  return createTaskHost({
    ...rest,
    store: storeOf({ path, postgres, store }),
    // The first that does not refuse a handler runs it; children cannot run a function, so modules go to them.
    executor: executor ?? [createChildProcessTaskExecutor(), createInProcessTaskExecutor()],
  });
}

/** The three options as they were given. */
type StorePlace = { readonly [Name in "path" | "postgres" | "store"]: HostOptions[Name] | undefined };

function storeOf(place: StorePlace): TaskHostOptions["store"] {
  const given = Object.entries(place).filter(([, value]) => value !== undefined);
  const [first, second] = given.map(([name]) => name);
  if (second !== undefined) {
    throw new TaskError("OPTION_INVALID", `${second} must be left out when \`${first}\` is given.`, {
      fix: "Say one place for the tasks: `path`, `postgres` or `store`.",
      details: { path: second },
    });
  }
  const { path = defaultStorePath, postgres, store } = place;
  if (store !== undefined) return store;
  if (postgres !== undefined) return createTaskStore({ driver: "postgres", postgres });
  return createTaskStore({ driver: "sqlite", sqlite: { path } });
}
