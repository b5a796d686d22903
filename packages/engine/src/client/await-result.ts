import {
  isFinal,
  TaskError,
  type AwaitOptions,
  type Clock,
  type ErrorCode,
  type Json,
  type TaskFailure,
  type TaskId,
  type TaskRecord,
  type TaskStatus,
  type TaskStore,
} from "@millrace/models";
import { createWakeSignal } from "../runner/wake-signal.ts";
import { checkDuration } from "./option-check.ts";
import { checkedId } from "./read-side.ts";
import { failureOf, readValue } from "./snapshot-reader.ts";
import type { ValueCodec } from "./value-codec.ts";

/** How a task ended, as far as those who wait for it care. */
export interface EndedTask {
  readonly status: TaskStatus;
  readonly reason: string | null;
  readonly output: Json | undefined;
  readonly failure: TaskFailure | null;
}

/** Ends of tasks that were settled by this very process: they arrive at once, also when the record is removed in the same breath. */
export interface LocalResults {
  /** Calls back at most once. */
  listen(taskId: TaskId, listener: (task: EndedTask) => void): () => void;
  tell(taskId: TaskId, task: EndedTask): void;
  /** Whether anybody listens. */
  isAwaited(taskId: TaskId): boolean;
}

/** Makes the meeting place of those who wait and those who settle. */
export function createLocalResults(): LocalResults {
  const listeners = new Map<TaskId, Set<(task: EndedTask) => void>>();
  return {
    listen(taskId, listener) {
      const own = listeners.get(taskId) ?? new Set();
      listeners.set(taskId, own);
      own.add(listener);
      return () => {
        own.delete(listener);
        if (own.size === 0 && listeners.get(taskId) === own) listeners.delete(taskId);
      };
    },
    tell(taskId, task) {
      if (!isFinal(task.status)) return;
      for (const listener of listeners.get(taskId) ?? []) listener(task);
    },
    // Most often nobody waits: then the id need not be hashed.
    isAwaited: (taskId) => listeners.size > 0 && listeners.has(taskId),
  };
}

/** From the first look to the next, growing to the last. */
const pollMs: readonly number[] = [50, 100, 200, 400, 800, 1_000];

export interface AwaitPorts {
  readonly store: Pick<TaskStore, "get" | "watch">;
  readonly clock: Clock;
  readonly values: ValueCodec;
  readonly results: LocalResults;
}

/**
 * Waits for the end of a task. Its output, when it has succeeded.
 * @throws `WAIT_TIMED_OUT`, `TASK_NOT_FOUND`, the signal's reason, or a `TaskError` whose code is the task's reason and whose
 * `details.failure` is what its handler threw
 */
export async function awaitResult(taskId: TaskId, options: AwaitOptions, ports: AwaitPorts): Promise<Json | undefined> {
  checkedId(taskId);
  if (options.timeoutMs !== undefined) checkDuration("options.timeoutMs", options.timeoutMs);
  options.signal?.throwIfAborted();
  return outputOf(taskId, await ended(taskId, options, ports));
}

async function ended(taskId: TaskId, { timeoutMs, signal }: AwaitOptions, ports: AwaitPorts): Promise<EndedTask> {
  const { store, clock, results } = ports;
  const wake = createWakeSignal(clock);
  let local: EndedTask | null = null;
  const unlisten = results.listen(taskId, (task) => {
    local = task;
    wake.wake();
  });
  const unwatch = store.watch(() => wake.wake());
  const onAbort = (): void => wake.wake();
  signal?.addEventListener("abort", onAbort);
  // Whoever waits for a result means the process to live until it is there.
  const release = clock.hold?.();
  const until = timeoutMs === undefined ? null : clock.monotonic() + timeoutMs;
  try {
    for (let look = 0; ; look += 1) {
      const [record] = await store.get([taskId]);
      if (local) return local;
      if (record && isFinal(record.status)) return await endedRecord(record, ports.values);
      signal?.throwIfAborted();
      if (!record) throw new TaskError("TASK_NOT_FOUND", `There is no task ${taskId}.`, { details: { taskId } });
      const leftMs = until === null ? Infinity : until - clock.monotonic();
      if (leftMs <= 0) {
        throw new TaskError(
          "WAIT_TIMED_OUT",
          `Task ${taskId} did not end within ${timeoutMs} ms; it is ${record.status}.`,
          {
            details: { taskId, status: record.status },
          },
        );
      }
      await wake.wait(Math.min(leftMs, pollMs[Math.min(look, pollMs.length - 1)] ?? 1_000));
    }
  } finally {
    unlisten();
    unwatch();
    release?.();
    signal?.removeEventListener("abort", onAbort);
  }
}

async function endedRecord(task: TaskRecord, values: ValueCodec): Promise<EndedTask> {
  const about = { taskId: task.id, tenantId: task.tenantId };
  const output = await values.decode(task.output, { ...about, field: "output" });
  const failure = failureOf(await readValue(values, task.failure, { ...about, field: "failure" }));
  return { status: task.status, reason: task.reason, output, failure };
}

function outputOf(taskId: TaskId, task: EndedTask): Json | undefined {
  if (task.status === "succeeded") return task.output;
  const code = (task.reason ?? (task.status === "cancelled" ? "TASK_CANCELLED" : "TASK_FAILED")) as ErrorCode;
  const why = task.failure === null ? "" : `: ${task.failure.message}`;
  throw new TaskError(code, `Task ${taskId} ${task.status === "failed" ? "failed" : "was cancelled"}${why}`, {
    ...(task.failure === null ? {} : { cause: task.failure }),
    details: { taskId, failure: task.failure },
  });
}
