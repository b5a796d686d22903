import type { ErrorCodeEntry } from "./error-code-entry.ts";

/** The code of what is wrong with a call, an option, a handler or an executor. */
export type RequestErrorCode =
  | "OPTION_INVALID"
  | "KIND_INVALID"
  | "KIND_UNKNOWN"
  | "KIND_DUPLICATE"
  | "HANDLER_MISSING"
  | "HANDLER_REFUSED"
  | "HANDLER_MODULE_NOT_FOUND"
  | "HANDLER_EXPORT_INVALID"
  | "HOST_STATE_INVALID"
  | "HOST_STOPPING"
  | "TASK_ID_INVALID"
  | "TASK_ID_TAKEN"
  | "TASK_NOT_FOUND"
  | "INPUT_INVALID"
  | "INPUT_NOT_SERIALISABLE"
  | "INPUT_TOO_LARGE"
  | "METADATA_INVALID"
  | "QUERY_INVALID"
  | "CURSOR_INVALID"
  | "DEDUPE_CONFLICT"
  | "DEDUPE_BUSY"
  | "DEPENDENCY_UNKNOWN"
  | "DEPENDENCY_CYCLE"
  | "GROUP_TOO_LARGE"
  | "RETRY_CONFLICT"
  | "WRONG_STATUS"
  | "SIGNAL_CLOSED"
  | "SIGNAL_FULL"
  | "REMOVE_NEEDED"
  | "FILTER_EMPTY"
  | "FACET_MISSING"
  | "LEASE_LOST"
  | "EXECUTOR_CLOSED"
  | "CHILD_START_FAILED"
  | "CHILD_CRASHED"
  | "SERIALIZATION_ERROR"
  | "WAIT_TIMED_OUT"
  | "ACCESS_REFUSED"
  | "SUBSCRIPTION_LIMIT"
  | "LIVE_CLOSED"
  | "INTERNAL";

/** What can be wrong with a call, an option, a handler or an executor. */
export const requestErrorCodes: Readonly<Record<RequestErrorCode, ErrorCodeEntry>> = {
  OPTION_INVALID: {
    status: 400,
    retryable: false,
    summary: "An option has a value that is not allowed.",
    fix: "Change the option named in `details.path` to a value within its bounds.",
  },
  KIND_INVALID: {
    status: 400,
    retryable: false,
    summary: "A kind is not a usable name.",
    fix: "Use 1–200 characters without control characters; names that start with `millrace.` are reserved.",
  },
  KIND_UNKNOWN: {
    status: 404,
    retryable: false,
    summary: "No handler or definition of this kind is known to this host or store.",
    fix: "Register the kind, correct its spelling, or pass `allowUnknownKinds: true`.",
  },
  KIND_DUPLICATE: {
    status: 400,
    retryable: false,
    summary: "Two definitions of one kind were given.",
    fix: "Keep one; later replacements go through `registerHandler`.",
  },
  HANDLER_MISSING: {
    status: 400,
    retryable: false,
    summary: "A handler has nothing to run.",
    fix: "Give a `run` function, or an `entrypoint` with a `module`.",
  },
  HANDLER_REFUSED: {
    status: 400,
    retryable: false,
    summary: "The executor cannot run this kind of handler.",
    fix: "Use another executor, or give the handler in the form the message names.",
  },
  HANDLER_MODULE_NOT_FOUND: {
    status: 500,
    retryable: false,
    summary: "The module of a handler cannot be loaded.",
    fix: "Check the path; relative paths need a URL made with `new URL(…, import.meta.url)`.",
  },
  HANDLER_EXPORT_INVALID: {
    status: 500,
    retryable: false,
    summary: "The module of a handler has no runnable export of that name.",
    fix: "Export a function, or an object with `run`, under the name of `entrypoint.export`, `default` or `handler`.",
  },
  HOST_STATE_INVALID: {
    status: 409,
    retryable: false,
    summary: "The host is not in a state that allows this.",
    fix: "Wait for `start()` or `stop()` to finish first.",
  },
  HOST_STOPPING: {
    status: 503,
    retryable: true,
    summary: "The host is shutting down.",
    fix: "Ask another host, or again after the restart.",
  },
  TASK_ID_INVALID: {
    status: 400,
    retryable: false,
    summary: "An id is not a lower-case UUID.",
    fix: "Use `createTaskId()`, or pass your natural key as `dedupeKey`.",
  },
  TASK_ID_TAKEN: {
    status: 409,
    retryable: false,
    summary: "A task of another kind or tenant has this id.",
    fix: "Make a new id.",
  },
  TASK_NOT_FOUND: {
    status: 404,
    retryable: false,
    summary: "There is no task of this id.",
    fix: "Check the id; retention may have removed it.",
  },
  INPUT_INVALID: {
    status: 400,
    retryable: false,
    summary: "The input does not fit the kind's schema.",
    fix: "Correct the fields named in `details.issues`.",
  },
  INPUT_NOT_SERIALISABLE: {
    status: 400,
    retryable: false,
    summary: "The input cannot be written as JSON.",
    fix: "Remove functions, symbols, BigInts and cycles at the path named in the message.",
  },
  INPUT_TOO_LARGE: {
    status: 413,
    retryable: false,
    summary: "The input is larger than allowed.",
    fix: "Store the data elsewhere and pass a reference, or raise `maxPayloadBytes`.",
  },
  METADATA_INVALID: {
    status: 400,
    retryable: false,
    summary: "Metadata, context, tags, channels or keys are not allowed as they are.",
    fix: "See `details.path` and the bound in the message.",
  },
  QUERY_INVALID: {
    status: 400,
    retryable: false,
    summary: "A query has an unknown field or a value out of bounds.",
    fix: "Correct the field named in `details.path`.",
  },
  CURSOR_INVALID: {
    status: 400,
    retryable: false,
    summary: "A page or event cursor is malformed or belongs to another query.",
    fix: "Start again without a cursor.",
  },
  DEDUPE_CONFLICT: {
    status: 409,
    retryable: false,
    summary: "An open task holds this dedupe key.",
    fix: "Use policy `reuse` or `replace`, or wait for it to end.",
  },
  DEDUPE_BUSY: {
    status: 409,
    retryable: true,
    summary: "Another transaction is just writing this dedupe key.",
    fix: "Try again.",
  },
  DEPENDENCY_UNKNOWN: {
    status: 400,
    retryable: false,
    summary: "A task was to wait for one that does not exist.",
    fix: "Enqueue both in one group, or wait for a task that is stored.",
  },
  DEPENDENCY_CYCLE: {
    status: 400,
    retryable: false,
    summary: "Tasks of one group wait for each other in a circle.",
    fix: "Break the circle named in `details.path`.",
  },
  GROUP_TOO_LARGE: {
    status: 413,
    retryable: false,
    summary: "Too many tasks in one call.",
    fix: "Split the list; 10,000 a call are allowed.",
  },
  RETRY_CONFLICT: {
    status: 409,
    retryable: false,
    summary: "The task cannot be retried now.",
    fix: "Its dedupe key is taken by a newer task, or its flow has gone on; enqueue a new one instead.",
  },
  WRONG_STATUS: {
    status: 409,
    retryable: false,
    summary: "The task is not in a status that allows this.",
    fix: "Read the task again and decide anew.",
  },
  SIGNAL_CLOSED: {
    status: 409,
    retryable: false,
    summary: "The task has ended; nobody will read the signal.",
    fix: "Nothing to do.",
  },
  SIGNAL_FULL: {
    status: 429,
    retryable: true,
    summary: "One hundred signals of this name wait unread.",
    fix: "Wait until the task has read some.",
  },
  REMOVE_NEEDED: {
    status: 409,
    retryable: false,
    summary: "Another task still needs the result of this one.",
    fix: "Remove the waiting task first, or wait for it to end.",
  },
  FILTER_EMPTY: {
    status: 400,
    retryable: false,
    summary: "A filter that matches everything would change everything.",
    fix: "Narrow the filter, or say `all: true`.",
  },
  FACET_MISSING: {
    status: 500,
    retryable: false,
    summary: "The store lacks a part that a service needs.",
    fix: "Use a store with that facet, or leave the service out.",
  },
  LEASE_LOST: {
    status: 409,
    retryable: false,
    summary: "This attempt no longer owns its task.",
    fix: "Stop; another attempt has it, or it has ended.",
  },
  EXECUTOR_CLOSED: {
    status: 503,
    retryable: false,
    summary: "The executor has been closed.",
    fix: "Make a new one.",
  },
  CHILD_START_FAILED: {
    status: 500,
    retryable: true,
    summary: "A child process could not be started.",
    fix: "Check the runtime, its path and the limits of the machine; see `cause`.",
  },
  CHILD_CRASHED: {
    status: 500,
    retryable: true,
    summary: "The child process of a handler died.",
    fix: "See `details.signal` and `details.exitCode`; out of memory shows as SIGKILL or SIGABRT.",
  },
  SERIALIZATION_ERROR: {
    status: 500,
    retryable: false,
    summary: "A value cannot cross the border to another process or thread.",
    fix: "Pass plain data: no functions, class instances or handles.",
  },
  WAIT_TIMED_OUT: {
    status: 504,
    retryable: true,
    summary: "The task did not end in the time given.",
    fix: "Wait longer, or look at the task with `getTask`.",
  },
  ACCESS_REFUSED: {
    status: 403,
    retryable: false,
    summary: "The reader may not see what it asked for.",
    fix: "Ask for less, or sign in anew; `authorize` of the program decides.",
  },
  SUBSCRIPTION_LIMIT: {
    status: 429,
    retryable: true,
    summary: "A reader has too many subscriptions at once.",
    fix: "End some, or follow many tasks with one query.",
  },
  LIVE_CLOSED: {
    status: 503,
    retryable: true,
    summary: "The live hub has been closed.",
    fix: "Connect again: another process, or this one after its restart, goes on from the same cursor.",
  },
  INTERNAL: {
    status: 500,
    retryable: false,
    summary: "Something that must not happen has happened.",
    fix: "Please report it with the message and stack.",
  },
};
