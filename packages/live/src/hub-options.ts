import { silentLogger, systemClock, TaskError, type Clock, type Logger } from "@millrace/models";
import type { TaskLiveAuthorize } from "./access/ask-access.ts";

/** How a hub is made. */
export interface TaskLiveHubOptions<Principal = unknown> {
  /**
   * Who may see what: asked on bootstrap, subscribe and resume and when a grant runs out, before anything is read. Without it
   * everybody who can call the hub sees every task: right for a program's own views, refused by the bridges to a network.
   */
  readonly authorize?: TaskLiveAuthorize<Principal>;
  /** The most messages that wait for one reader; beyond it the reader starts anew. 1 to 100,000. @defaultValue 1_000 */
  readonly maxQueuedEvents?: number;
  /** About the most memory that messages take which wait for one reader. At least 1,024. @defaultValue 1_048_576 */
  readonly maxQueuedBytes?: number;
  /** How long the journal is not looked at again after a page, so that what is told together travels together. 0 to 1,000. @defaultValue 25 */
  readonly gatherMs?: number;
  /** How long until the journal is looked at although nobody said that there is more. 50 to 60,000. @defaultValue 1_000 */
  readonly pollIntervalMs?: number;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/** Checked, with defaults. */
export interface ResolvedHubOptions<Principal> {
  readonly authorize: TaskLiveAuthorize<Principal> | null;
  readonly maxQueuedEvents: number;
  readonly maxQueuedBytes: number;
  readonly gatherMs: number;
  readonly pollIntervalMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

const optionNames: ReadonlySet<string> = new Set<keyof TaskLiveHubOptions>([
  "authorize",
  "maxQueuedEvents",
  "maxQueuedBytes",
  "gatherMs",
  "pollIntervalMs",
  "clock",
  "logger",
]);

/** Checks the options of a hub. @throws `OPTION_INVALID` with `details.path` */
export function resolveHubOptions<Principal>(options: TaskLiveHubOptions<Principal>): ResolvedHubOptions<Principal> {
  checkKnown(options, optionNames);
  const { authorize = null, clock = systemClock, logger = silentLogger } = options;
  if (authorize !== null && typeof authorize !== "function") throw optionError("authorize", "must be a function");
  return {
    authorize,
    maxQueuedEvents: whole("maxQueuedEvents", options.maxQueuedEvents ?? 1_000, [1, 100_000]),
    maxQueuedBytes: whole("maxQueuedBytes", options.maxQueuedBytes ?? 1_048_576, [1_024, 1_073_741_824]),
    gatherMs: whole("gatherMs", options.gatherMs ?? 25, [0, 1_000]),
    pollIntervalMs: whole("pollIntervalMs", options.pollIntervalMs ?? 1_000, [50, 60_000]),
    clock,
    logger,
  };
}

/** @throws `OPTION_INVALID` when there is an option that is not known */
export function checkKnown(options: object, known: ReadonlySet<string>): void {
  for (const name of Object.keys(options)) {
    if (!known.has(name)) throw optionError(name, `is no known option; known are ${[...known].toSorted().join(", ")}`);
  }
}

/** @throws `OPTION_INVALID` unless it is a whole number between the two */
export function whole(path: string, value: unknown, [min, max]: readonly [number, number]): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= min && value <= max) return value;
  throw optionError(path, `must be a whole number from ${min} to ${max}`);
}

/** An error about one option, with its path for programs. */
export function optionError(path: string, why: string): TaskError {
  return new TaskError("OPTION_INVALID", `${path} ${why}.`, { details: { path } });
}
