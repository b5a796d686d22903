import { availableParallelism } from "node:os";
import { silentLogger, systemClock, TaskError, type Clock, type Logger } from "@millrace/models";

/** How handlers run in child processes. Everything is optional. */
export interface ChildProcessTaskExecutorOptions {
  /** How many children live at once, and so how many runs at once. @defaultValue the number of CPUs */
  readonly size?: number;
  /** The program that runs the children where an entrypoint says `inherit`. @defaultValue the one this process runs on */
  readonly command?: string;
  /** Arguments before the entry file, after those this process was started with (such as `--conditions`). */
  readonly args?: readonly string[];
  /** Added to the environment of every child; an entrypoint's own `env` wins. */
  readonly env?: Readonly<Record<string, string>>;
  /** What children get of this process's environment: all, none (but the PATH), or these variables. @defaultValue true */
  readonly inheritEnv?: boolean | readonly string[];
  /** How long a child may take to end after SIGTERM, or after it was told to close, before SIGKILL. @defaultValue 2_000 */
  readonly killGraceMs?: number;
  /** How long a new child may take until it is ready. @defaultValue 30_000 */
  readonly startTimeoutMs?: number;
  /** How long a child without work is kept; null = until the end. @defaultValue 60_000 */
  readonly idleMs?: number | null;
  /** After so many runs a child is replaced; null = never. @defaultValue null */
  readonly maxRunsPerChild?: number | null;
  /** For what children print while they have no work. @defaultValue silent */
  readonly logger?: Logger;
  /** @defaultValue the system's */
  readonly clock?: Clock;
}

/** The options with every default filled in. */
export type ResolvedOptions = Required<Omit<ChildProcessTaskExecutorOptions, "command">> & {
  readonly command: string | null;
};

/** Fills the defaults in. @throws `OPTION_INVALID` */
export function resolveOptions(options: ChildProcessTaskExecutorOptions): ResolvedOptions {
  return {
    size: wholeNumber("size", options.size ?? availableParallelism(), 1),
    command: options.command ?? null,
    args: options.args ?? [],
    env: options.env ?? {},
    inheritEnv: options.inheritEnv ?? true,
    killGraceMs: wholeNumber("killGraceMs", options.killGraceMs ?? 2_000, 0),
    startTimeoutMs: wholeNumber("startTimeoutMs", options.startTimeoutMs ?? 30_000, 1),
    idleMs: orNull("idleMs", options.idleMs === undefined ? 60_000 : options.idleMs, 0),
    maxRunsPerChild: orNull("maxRunsPerChild", options.maxRunsPerChild ?? null, 1),
    logger: options.logger ?? silentLogger,
    clock: options.clock ?? systemClock,
  };
}

function orNull(path: string, value: number | null, min: number): number | null {
  return value === null ? null : wholeNumber(path, value, min);
}

function wholeNumber(path: string, value: number, min: number): number {
  if (Number.isInteger(value) && value >= min) return value;
  throw new TaskError("OPTION_INVALID", `${path} must be a whole number from ${min} up, got ${String(value)}.`, {
    details: { path },
  });
}
