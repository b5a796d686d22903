import { isTaskError, type Random, type TaskStore } from "@millrace/models";
import { machineMs, type Write } from "./ledger.ts";
import { chaosClient } from "./producer.ts";
import { wait } from "./wait.ts";

/** Who meddles. */
export interface OperatorOptions {
  readonly store: TaskStore;
  readonly random: Random;
  readonly write: Write;
  readonly until: () => boolean;
}

/** How often each was done. */
export interface OperatorCounts {
  cancels: number;
  retries: number;
  pauses: number;
  signals: number;
}

/** Cancels, retries, pauses, resumes and signals tasks by hand until told to stop; nothing stays paused. */
export async function operate({ store, random, write, until }: OperatorOptions): Promise<OperatorCounts> {
  const client = chaosClient(store);
  const counts: OperatorCounts = { cancels: 0, retries: 0, pauses: 0, signals: 0 };
  const paused: string[] = [];
  const oneOf = async (statuses: readonly ("failed" | "cancelled")[] | null): Promise<string | null> => {
    const { tasks } = await store.read({ limit: 50, orderBy: "created_desc", ...(statuses ? { statuses } : {}) });
    return tasks[Math.floor(random.next() * tasks.length)]?.id ?? null;
  };
  const cancel = async (taskId: string, mode: "request" | "terminate"): Promise<void> => {
    if (mode === "terminate") write({ type: "terminate", taskId, at: machineMs() });
    const [answer] = await store.cancel([{ taskId, mode, reason: null, by: "operator" }]);
    if (answer?.status !== "cancelled" && answer?.status !== "cancel-requested") return;
    counts.cancels += 1;
    write({ type: "cancelled", taskId, version: answer.task.version });
  };
  const deed = async (): Promise<void> => {
    const chance = random.next();
    if (chance < 0.25) {
      const taskId = await oneOf(["failed", "cancelled"]);
      if (taskId !== null) await client.retry(taskId);
      counts.retries += 1;
      return;
    }
    const taskId = await oneOf(null);
    if (taskId === null) return;
    if (chance < 0.45) await cancel(taskId, random.next() < 0.5 ? "request" : "terminate");
    else if (chance < 0.6) {
      // Noted before: whether a pause happened that was not answered is not known.
      paused.push(taskId);
      await client.pause(taskId);
      counts.pauses += 1;
    } else if (chance < 0.8) {
      const pausedId = paused.shift();
      if (pausedId !== undefined && !(await refusable(() => client.resume(pausedId)))) paused.push(pausedId);
    } else {
      await client.signal(taskId, "go");
      counts.signals += 1;
    }
  };
  while (!until()) {
    await refusable(deed);
    await wait(random.next() * 80);
  }
  for (const taskId of paused) while (!(await refusable(() => client.resume(taskId)))) await wait(100);
  return counts;
}

/** A task may be anywhere when it is asked: being refused is part of it. False when the database did not answer. */
async function refusable(deed: () => Promise<unknown>): Promise<boolean> {
  const expected = ["RETRY_CONFLICT", "WRONG_STATUS", "SIGNAL_CLOSED", "SIGNAL_FULL"] as const;
  try {
    await deed();
    return true;
  } catch (error) {
    if (!isTaskError(error)) throw error;
    if (error.retryable) return false;
    if (expected.some((code) => error.code === code)) return true;
    throw error;
  }
}
