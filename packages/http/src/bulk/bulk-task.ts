import {
  bulkTaskKind,
  isTaskError,
  type Json,
  type TaskClient,
  type TaskContext,
  type TaskDefinition,
  type TaskSnapshot,
} from "@millrace/models";
import { parseQueryText } from "../query/parse-query-text.ts";
import { passes } from "../query/plan-query.ts";
import { planFor } from "../routes/plan-of.ts";

/** What a bulk action does to each task. */
export type BulkAction = "retry" | "cancel" | "remove";

/** A bulk action as it is kept: the filter as it was, so that it means the same tasks however long it takes. */
export interface BulkInput {
  readonly action: BulkAction;
  readonly q: string;
  readonly tenantId: string | null;
  /** Tasks made from then on are not meant. */
  readonly createdBefore: number;
  /** How many there were when it was asked for, as far as they were counted. */
  readonly count: number;
  readonly by: string;
  readonly why: string | null;
}

/** What a bulk action has done. */
export interface BulkOutput {
  readonly done: number;
  readonly refused: number;
  /** The first few, with the code of the refusal. */
  readonly refusals: readonly { readonly taskId: string; readonly code: string }[];
}

interface Chunk extends BulkOutput {
  readonly after: string | null;
}

const chunkSize = 200;
const atOnce = 20;
const mostNamed = 20;

/** The task that does a bulk action, chunk by chunk: it goes on where it was after a crash, and stops when it is cancelled. */
export function createBulkTask(client: TaskClient): TaskDefinition<BulkInput> {
  return {
    kind: bulkTaskKind,
    description: "Does something to every task of a query.",
    retry: { maxAttempts: 10 },
    summary: ({ action, q, by }) => `${action} ${q === "" ? "everything" : q} · ${by}`.slice(0, 200),
    run: (input, context) => runBulk(client, input, context),
  };
}

async function runBulk(client: TaskClient, input: BulkInput, context: TaskContext): Promise<BulkOutput> {
  const { tenantId, createdBefore: now } = input;
  const plan = await planFor(client, { terms: parseQueryText(input.q), tenantId, now });
  const { createdBefore = now } = plan.filter;
  const filter = { ...plan.filter, createdBefore: Math.min(createdBefore, now) };
  let total: BulkOutput = { done: 0, refused: 0, refusals: [] };
  let after: string | null = null;
  for (let n = 0; n === 0 || after !== null; n += 1) {
    context.signal.throwIfAborted();
    const from: string | null = after;
    const chunk: Chunk = await context.once(`chunk ${n}`, async () => {
      const page = {
        ...filter,
        limit: chunkSize,
        orderBy: "created_asc",
        includeValues: plan.includeValues,
        ...(from === null ? {} : { after: from }),
      } as const;
      const { snapshots, next } = await client.listTasks(page);
      const tasks = snapshots.filter((task) => task.kind !== bulkTaskKind && passes(task, plan.tests));
      return { ...(await actOn(client, input, tasks)), after: next };
    });
    total = {
      done: total.done + chunk.done,
      refused: total.refused + chunk.refused,
      refusals: [...total.refusals, ...chunk.refusals].slice(0, mostNamed),
    };
    after = chunk.after;
    void context.setProgress(progressOf(total, input.count));
  }
  return total;
}

async function actOn(client: TaskClient, input: BulkInput, tasks: readonly TaskSnapshot[]): Promise<BulkOutput> {
  const refusals: { taskId: string; code: string }[] = [];
  let done = 0;
  for (let at = 0; at < tasks.length; at += atOnce) {
    const part = tasks.slice(at, at + atOnce);
    const answers = await Promise.all(part.map((task) => act(client, input, task)));
    for (const [index, code] of answers.entries()) {
      if (code === null) done += 1;
      else refusals.push({ taskId: part[index]?.id ?? "", code });
    }
  }
  return { done, refused: refusals.length, refusals: refusals.slice(0, mostNamed) };
}

/** Null when it was done, else why not. What says that the store is in trouble is thrown: the chunk is tried again. */
async function act(client: TaskClient, { action, by, why }: BulkInput, task: TaskSnapshot): Promise<string | null> {
  try {
    if (action === "retry") return (await client.retry(task.id)) ? null : "TASK_NOT_FOUND";
    if (action === "cancel") return (await client.cancel(task.id, why ?? undefined, { by })) ? null : "TASK_NOT_FOUND";
    if (task.finishedAt === null) return "WRONG_STATUS";
    return (await client.remove(task.id)) ? null : "TASK_NOT_FOUND";
  } catch (error) {
    if (isTaskError(error) && !error.retryable && error.status < 500) return error.code;
    throw error;
  }
}

function progressOf(
  { done, refused }: BulkOutput,
  count: number,
): { percent: number | null; label: string; meta: Json } {
  const looked = done + refused;
  const percent = count === 0 ? null : Math.min(100, Math.floor((100 * looked) / count));
  return { percent, label: `${done} done${refused === 0 ? "" : `, ${refused} refused`}`, meta: { done, refused } };
}
