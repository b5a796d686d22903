import {
  isTaskError,
  TaskError,
  type Clock,
  type EnqueueGroup,
  type EnqueueGroupResult,
  type EnqueueResult,
  type Random,
  type TaskStore,
} from "@millrace/models";
import { pause } from "../runner/pause.ts";

/** Enqueues groups, those that come together in one call. */
export interface EnqueueQueue {
  /** @throws what the store throws, when it still does after some tries */
  add(group: EnqueueGroup): Promise<EnqueueGroupResult>;
}

interface Entry {
  readonly group: EnqueueGroup;
  readonly resolve: (result: EnqueueGroupResult | Promise<EnqueueGroupResult>) => void;
  readonly reject: (error: unknown) => void;
}

/** How many calls are under way at once, and how many tasks travel in one. */
const mostCalls = 2;
const mostTasks = 1_000;
/** Waits before each new try of a call that failed, or of a key another transaction was just writing. */
const retryDelaysMs: readonly number[] = [20, 80, 250];

/**
 * Makes the queue. Calls of one turn leave together, but whoever follows a call that came alone leaves at once; while two calls are
 * under way what comes meanwhile leaves with the next. A call whose answer was lost is sent again as it was: ids are made here, so a
 * store that has the tasks already answers with them.
 */
export function createEnqueueQueue(ports: {
  readonly store: Pick<TaskStore, "enqueue">;
  readonly clock: Clock;
  readonly random: Random;
  /** Hears of what was stored before the callers do, so that listeners are told of a task before they hear of its claim. */
  onStored(results: readonly EnqueueResult[]): void;
}): EnqueueQueue {
  const { store, clock, random } = ports;
  let waiting: Entry[] = [];
  let calls = 0;
  let scheduled = false;
  let cameAlone = false;

  const pauseBefore = (attempt: number): Promise<void> =>
    pause(clock, (retryDelaysMs[attempt] ?? 0) * (0.5 + random.next()));

  const send = async (groups: readonly EnqueueGroup[], attempt: number = 0): Promise<readonly EnqueueGroupResult[]> => {
    try {
      const results = await store.enqueue(groups);
      for (const result of results) if (result.status === "stored") ports.onStored(result.results);
      return results;
    } catch (error) {
      if (!isTaskError(error) || !error.retryable || attempt >= retryDelaysMs.length) throw error;
      await pauseBefore(attempt);
      return send(groups, attempt + 1);
    }
  };

  /** A key that was just being written is worth another try, of its group alone. */
  const tryAgain = async (group: EnqueueGroup, busy: EnqueueGroupResult): Promise<EnqueueGroupResult> => {
    let found = busy;
    for (let attempt = 0; attempt < retryDelaysMs.length && isBusy(found); attempt += 1) {
      await pauseBefore(attempt);
      found = answered((await send([group]))[0]);
    }
    return found;
  };

  const flush = async (): Promise<void> => {
    const batch = takeBatch();
    if (batch.length === 0) return;
    calls += 1;
    try {
      const results = await send(batch.map(({ group }) => group));
      batch.forEach(({ group, resolve }, index) => {
        const result = answered(results[index]);
        resolve(isBusy(result) ? tryAgain(group, result) : result);
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
    calls -= 1;
    if (waiting.length > 0) void flush();
  };

  const takeBatch = (): readonly Entry[] => {
    let tasks = 0;
    let count = 0;
    for (const { group } of waiting) {
      if (count > 0 && tasks + group.tasks.length > mostTasks) break;
      tasks += group.tasks.length;
      count += 1;
    }
    const batch = waiting.slice(0, count);
    waiting = waiting.slice(count);
    cameAlone = count === 1;
    return batch;
  };

  return {
    add(group) {
      return new Promise((resolve, reject) => {
        waiting.push({ group, resolve, reject });
        if (scheduled || calls >= mostCalls) return;
        // Whoever follows one that came alone does too, as a rule: nothing is gained by waiting for others.
        if (calls === 0 && cameAlone) return void flush();
        scheduled = true;
        queueMicrotask(() => {
          scheduled = false;
          void flush();
        });
      });
    },
  };
}

function answered(result: EnqueueGroupResult | undefined): EnqueueGroupResult {
  if (!result) throw new TaskError("INTERNAL", "The store gave no answer for a group.");
  return result;
}

function isBusy(result: EnqueueGroupResult): boolean {
  return result.status === "refused" && result.code === "DEDUPE_BUSY";
}
