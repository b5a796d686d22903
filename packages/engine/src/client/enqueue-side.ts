import {
  TaskError,
  type AnyTaskDefinition,
  type EnqueueGroupResult,
  type EnqueueItem,
  type EnqueueOptions,
  type EnqueueOutcome,
  type EnqueueRequest,
  type EnqueueResult,
  type Logger,
  type TaskClient,
  type TaskDefinition,
  type TaskStore,
  type TaskStoreWithinSync,
} from "@millrace/models";
import type { EnqueueQueue } from "./enqueue-queue.ts";
import { noOptions } from "./check-enqueue-options.ts";
import { planEnqueue, type EnqueueAsk, type EnqueuePlanning, type ParentTask } from "./enqueue-request.ts";
import { andThen, isPromise, mapInOrder, type MaybeAsync } from "./maybe-async.ts";
import { optionError } from "./option-check.ts";
import { StoredOutcome } from "./stored-outcome.ts";
import type { SnapshotReader } from "./snapshot-reader.ts";

/** Enqueues inside the caller's own transaction. */
export type EnqueueWithin = Pick<TaskClient, "enqueue" | "enqueueMany">;

/** The synchronous twin: for databases that are synchronous themselves. */
export interface EnqueueWithinSync {
  enqueue<Sent, Input, Output>(
    task: TaskDefinition<Sent, Input, Output>,
    input: Sent,
    options?: EnqueueOptions,
  ): EnqueueOutcome;
  enqueue(kind: string, input?: unknown, options?: EnqueueOptions): EnqueueOutcome;
  enqueueMany(items: readonly EnqueueItem[]): readonly EnqueueOutcome[];
}

/** The part of a client that makes tasks. */
export interface EnqueueSide<Tx> extends EnqueueWithin {
  /** The caller commits; nothing is told and nobody is woken before. */
  within(tx: Tx): EnqueueWithin;
  /** @throws `TX_UNSUPPORTED` when the store's database is not synchronous */
  withinSync(tx: Tx): EnqueueWithinSync;
  /** Makes and stores the task of a running one. */
  enqueueFor(parent: ParentTask, ask: Omit<EnqueueAsk, "parent">): Promise<EnqueueRequest>;
}

export interface EnqueuePorts<Tx> {
  readonly store: TaskStore<Tx>;
  readonly queue: EnqueueQueue;
  readonly planning: EnqueuePlanning;
  readonly snapshots: SnapshotReader;
  readonly logger: Logger;
}

/** How many tasks one call may bring. */
const mostTasks = 10_000;

/** Makes that part. */
export function createEnqueueSide<Tx>(ports: EnqueuePorts<Tx>): EnqueueSide<Tx> {
  const { store, queue, planning } = ports;

  const plan = (asks: readonly EnqueueAsk[]): MaybeAsync<readonly EnqueueRequest[]> => {
    if (asks.length > mostTasks) {
      throw new TaskError("GROUP_TOO_LARGE", `${asks.length} tasks in one call; ${mostTasks} are allowed.`, {
        details: { path: "items", max: mostTasks },
      });
    }
    return mapInOrder(asks, (ask) => planEnqueue(ask, planning));
  };

  const stored = (answer: EnqueueGroupResult | undefined): readonly EnqueueResult[] => {
    if (!answer) throw new TaskError("INTERNAL", "The store gave no answer to an enqueue.");
    if (answer.status === "refused") {
      throw new TaskError(answer.code, answer.message, { details: { ...answer.details, index: answer.index } });
    }
    for (const { task, warnings } of answer.results) {
      for (const { code, message } of warnings) ports.logger.warn(message, { code, taskId: task.id, kind: task.kind });
    }
    return answer.results;
  };

  const outcomes = (results: readonly EnqueueResult[]): MaybeAsync<readonly EnqueueOutcome[]> =>
    mapInOrder(results, (result) => outcomeOf(result, ports.snapshots));

  const enqueueAll = async (asks: readonly EnqueueAsk[]): Promise<readonly EnqueueOutcome[]> => {
    if (asks.length === 0) return [];
    const planned = plan(asks);
    // What needs no waiting is not waited for: each wait is a turn of its own.
    const tasks = isPromise(planned) ? await planned : planned;
    const results = stored(await queue.add({ tasks }));
    return outcomes(results);
  };

  // By itself, because it is what most callers do: each layer between would cost it another promise.
  const enqueue = async (
    kindOrTask: string | AnyTaskDefinition,
    input?: unknown,
    options?: EnqueueOptions,
  ): Promise<EnqueueOutcome> => {
    const planned = planEnqueue(askOf(kindOrTask, input, options), planning);
    const task = isPromise(planned) ? await planned : planned;
    const [result] = stored(await queue.add({ tasks: [task] }));
    return outcomeOf(only(result), ports.snapshots);
  };

  const allWithin = async (tx: Tx, asks: readonly EnqueueAsk[]): Promise<readonly EnqueueOutcome[]> => {
    if (asks.length === 0) return [];
    const tasks = await plan(asks);
    const [answer] = await store.within(tx).enqueue([{ tasks }]);
    return outcomes(stored(answer));
  };

  const allWithinSync = (inside: TaskStoreWithinSync, asks: readonly EnqueueAsk[]): readonly EnqueueOutcome[] => {
    if (asks.length === 0) return [];
    const tasks = synchronous(plan(asks), "the schema or codec of a kind");
    const [answer] = inside.enqueue([{ tasks }]);
    return synchronous(outcomes(stored(answer)), "the codec");
  };

  const withinSync = (tx: Tx): EnqueueWithinSync => {
    const inside = store.withinSync?.(tx);
    if (!inside) {
      throw new TaskError("TX_UNSUPPORTED", "This store is not synchronous: use within(tx) instead of withinSync(tx).");
    }
    return {
      enqueue: (kindOrTask: string | AnyTaskDefinition, input?: unknown, options?: EnqueueOptions) =>
        only(allWithinSync(inside, [askOf(kindOrTask, input, options)])[0]),
      enqueueMany: (items) => allWithinSync(inside, items.map(askOfItem)),
    };
  };

  return {
    enqueue,
    enqueueMany: async (items) => enqueueAll(items.map(askOfItem)),
    within: (tx) => ({
      enqueue: async (kindOrTask: string | AnyTaskDefinition, input?: unknown, options?: EnqueueOptions) =>
        only((await allWithin(tx, [askOf(kindOrTask, input, options)]))[0]),
      enqueueMany: async (items) => allWithin(tx, items.map(askOfItem)),
    }),
    withinSync,
    async enqueueFor(parent, ask) {
      const [request] = await plan([{ ...ask, parent }]);
      if (!request) throw new RangeError("one task was planned");
      stored(await queue.add({ tasks: [request] }));
      return request;
    },
  };
}

function only<Stored>(found: Stored | undefined): Stored {
  if (!found) throw new TaskError("INTERNAL", "The store stored a task but did not answer with it.");
  return found;
}

function askOf(
  kindOrTask: string | AnyTaskDefinition,
  input: unknown,
  options: EnqueueOptions = noOptions,
): EnqueueAsk {
  if (typeof kindOrTask === "string") return { kind: kindOrTask, input, options };
  if (typeof kindOrTask !== "object" || kindOrTask === null) {
    throw optionError("kind", "must be a kind or a task definition");
  }
  return { kind: kindOrTask.kind, definition: kindOrTask, input, options };
}

/** What a caller asks for by an item of a list. */
export function askOfItem(item: EnqueueItem): EnqueueAsk {
  return "task" in item ? askOf(item.task, item.input, item.options) : askOf(item.kind, item.input, item.options);
}

function outcomeOf(result: EnqueueResult, snapshots: SnapshotReader): MaybeAsync<EnqueueOutcome> {
  return andThen(snapshots.laterSnapshotOf(result.task), (snapshot) => new StoredOutcome(result, snapshot));
}

function synchronous<Value>(value: MaybeAsync<Value>, what: string): Value {
  if (!isPromise(value)) return value;
  // Nobody will look at it: what it rejects with must not end the process.
  value.catch(() => {});
  throw new TaskError("TX_ASYNC", `A synchronous transaction cannot wait: ${what} is asynchronous.`);
}
