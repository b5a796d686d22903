import type { TaskRecord, TaskService } from "@millrace/models";
import { wholeNumber } from "./whole-number.ts";

/** How the watchdog looks. */
export interface WatchdogOptions {
  /**
   * How long a handler may show no progress, step or `heartbeat()` before its task is called stale, in ms; a task's or kind's own
   * `watchdogMs` wins. 0 = only those that have one of their own.
   */
  readonly watchdogMs: number;
  /** How often to look, in ms; jittered by a fifth. @defaultValue 15_000 */
  readonly intervalMs?: number;
  /** Tasks labelled at most in one look. @defaultValue 100 */
  readonly limit?: number;
  /** Told of each task that was labelled. */
  readonly onStale?: (task: Pick<TaskRecord, "id" | "kind" | "staleAt" | "staleReason">) => void;
}

/** Labels leased tasks whose handlers have fallen silent; it never takes one away. @throws `OPTION_INVALID` */
export function watchdog(options: WatchdogOptions): TaskService {
  const watchdogMs = wholeNumber(options.watchdogMs, { path: "watchdog.watchdogMs", minimum: 0 });
  const intervalMs = wholeNumber(options.intervalMs ?? 15_000, { path: "watchdog.intervalMs", minimum: 1_000 });
  const limit = wholeNumber(options.limit ?? 100, { path: "watchdog.limit", minimum: 1 });
  return {
    name: "watchdog",
    async start(port) {
      port.every(intervalMs, async () => {
        for (const task of await port.store.markStale(watchdogMs, limit)) {
          port.logger.warn("A task has fallen silent.", { taskId: task.id, kind: task.kind, why: task.staleReason });
          options.onStale?.(task);
        }
      });
    },
  };
}
