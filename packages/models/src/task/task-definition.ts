import type { BackoffPolicy } from "./retry-policy.ts";
import type { RateLimit } from "../contracts/kind.ts";
import type { Json, JsonObject } from "./json.ts";
import type { StandardSchema } from "./standard-schema.ts";
import type { TaskContext } from "./task-context.ts";
import type { TaskFailure } from "./task-failure.ts";

/** Asked after a failure: when to try again. */
export type RetryResolver = (about: {
  readonly taskId: string;
  readonly kind: string;
  readonly failure: TaskFailure;
  /** Which claim this was. */
  readonly attempt: number;
  /** How many failures there are now, this one included. */
  readonly failures: number;
  readonly maxAttempts: number | null;
}) =>
  /** An absolute time (ms, Date or ISO string) = retry then; null or false = no more; an object says both. */
  | number
  | Date
  | string
  | null
  | false
  | { readonly retry: boolean; readonly scheduledAt?: number | Date | string; readonly delayMs?: number };

/** How a kind's failures are treated. */
export interface RetryOptions {
  /** How many failures end a task; null = unlimited. @defaultValue 1 */
  readonly maxAttempts?: number | null;
  /** @defaultValue exponential, 1 s × 2ⁿ, at most 1 h, full jitter */
  readonly backoff?:
    | BackoffPolicy
    | { readonly minDelayMs?: number; readonly maxDelayMs?: number; readonly factor?: number; readonly jitter?: number }
    | RetryResolver;
}

/** What every kind may say, however its code is given. */
export interface KindOptions {
  /** @defaultValue 1 */
  readonly version?: number;
  readonly description?: string;
  readonly retry?: RetryOptions;
  /** How long one attempt may run. @defaultValue null (no limit) */
  readonly timeoutMs?: number | null;
  /** How long a handler may be silent before it is called stale. @defaultValue the host's */
  readonly watchdogMs?: number | null;
  /** At most so many leased at once over the whole store. */
  readonly concurrency?: { readonly limit: number };
  readonly rate?: RateLimit;
  /** @defaultValue "none" */
  readonly fairness?: "none" | "key";
  /** @defaultValue 0 */
  readonly priority?: number;
  readonly retainForMs?: number | null;
  /** How many crashes under it end a task; null = unlimited. @defaultValue 3 */
  readonly maxInterruptions?: number | null;
  /** @defaultValue "retry" */
  readonly afterCrash?: "retry" | "fail";
  /** UTF-8 bytes of an input or output, before any codec. @defaultValue 262_144 */
  readonly maxPayloadBytes?: number;
  /** @defaultValue "fail" */
  readonly oversizeOutput?: "fail" | "drop";
  /** Given to every task of the kind that brings none of its own. */
  readonly metadata?: JsonObject;
  /** Dotted paths of the input whose values become tags `path:value`. */
  readonly searchable?: readonly string[];
}

/** A module that holds a handler, loaded where the task runs. */
export interface HandlerEntrypoint {
  /** A package name, an absolute path, or a URL (`new URL("./task.ts", import.meta.url)`). */
  readonly module: string | URL;
  /** The named export; else `default`, else `handler`, else the module itself. */
  readonly export?: string;
  /** Child processes only. @defaultValue "inherit" */
  readonly runtime?: "inherit" | "node" | "bun";
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Passed to the runtime before the entry file. */
  readonly args?: readonly string[];
}

/** One task of a batch. */
export interface BatchItem<Input = unknown> {
  readonly input: Input;
  readonly context: TaskContext;
}

/** What a batch handler says of one task. */
export type BatchOutcome<Output = unknown> =
  | { readonly status: "succeeded"; readonly output?: Output }
  | { readonly status: "failed"; readonly error: unknown };

/** How a handler takes several tasks at once. */
export interface BatchOptions {
  /** 1 to 1,000. */
  readonly maxSize: number;
}

/** Runs one task; what it returns is the output. */
export type RunTask<Input, Output> = (input: Input, context: TaskContext) => Output | Promise<Output>;
/** Outcomes by position; a missing one fails its task `TASK_NO_OUTCOME`, a throw fails those without one. */
export type RunTaskBatch<Input, Output> = (
  items: readonly BatchItem<Input>[],
) => Promise<readonly (BatchOutcome<Output> | undefined)[]> | readonly (BatchOutcome<Output> | undefined)[];

/** A kind with its code and types: what `defineTask` makes. `Sent` is what callers pass, `Input` what the handler gets. */
export interface TaskDefinition<Sent = unknown, Input = Sent, Output = unknown> extends KindOptions {
  readonly kind: string;
  readonly input?: StandardSchema<Sent, Input>;
  readonly output?: StandardSchema<Output, unknown>;
  /** At most 200 characters for lists; computed at enqueue. */
  readonly summary?: (input: Input) => string;
  readonly run?: RunTask<Input, Output>;
  readonly batch?: BatchOptions;
  readonly runBatch?: RunTaskBatch<Input, Output>;
  readonly entrypoint?: HandlerEntrypoint;
  readonly "~types"?: { readonly sent: Sent; readonly input: Input; readonly output: Output };
}

/** A definition of whatever types. */
// The handler's input is contravariant: `never` is the only type that lets every definition be listed with others.
export type AnyTaskDefinition = Omit<TaskDefinition, "run" | "runBatch" | "summary" | "input" | "output" | "~types"> & {
  readonly input?: StandardSchema<never, unknown> | StandardSchema;
  readonly output?: StandardSchema<never, unknown> | StandardSchema;
  readonly summary?: (input: never) => string;
  readonly run?: RunTask<never, unknown>;
  readonly runBatch?: RunTaskBatch<never, unknown>;
  readonly "~types"?: { readonly sent: unknown; readonly input: unknown; readonly output: unknown };
};

/** A handler by kind and module: the plain form. */
export interface TaskHandlerRegistration extends KindOptions {
  readonly kind: string;
  readonly entrypoint: HandlerEntrypoint;
}

/** What a handler module exports. */
export interface TaskHandler<Input = unknown, Output = unknown> {
  readonly run?: RunTask<Input, Output>;
  readonly runBatch?: RunTaskBatch<Input, Output>;
}

/**
 * Describes a kind with its types; returns what it was given. Types come from the schema, or from the annotation of
 * `run`'s first parameter.
 */
// `Sent` comes last: without a schema nothing says what callers send, so it is what the handler takes.
export function defineTask<Input = unknown, Output = Json, Sent = Input>(
  definition: TaskDefinition<Sent, Input, Output>,
): TaskDefinition<Sent, Input, Output> {
  return definition;
}

/** Gives a handler module its types; returns what it was given. */
export function defineTaskHandler<Input = unknown, Output = unknown>(
  handler: TaskHandler<Input, Output>,
): TaskHandler<Input, Output> {
  return handler;
}
