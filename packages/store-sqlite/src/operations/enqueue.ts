import type {
  EnqueueGroup,
  EnqueueGroupResult,
  EnqueueRequest,
  EnqueueResult,
  GroupRefusal,
  TaskRecord,
} from "@millrace/models";
import { drainEnded } from "../effects/drain-ended.ts";
import { fewestPlain, makePlainTasks } from "../effects/make-plain-tasks.ts";
import { makeTask } from "../effects/make-task.ts";
import { isKnownKind, type PlacedTask, placeGroup } from "../effects/place-group.ts";
import { getBySeq } from "../transaction/read-stored.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";

const noWarnings: EnqueueResult["warnings"] = Object.freeze([]);
const noneSuperseded: EnqueueResult["supersededTaskIds"] = Object.freeze([]);

/** M1. Groups are atomic and independent: a later one sees what an earlier one stored. */
export function enqueue(tx: StoreTransaction, groups: readonly EnqueueGroup[]): readonly EnqueueGroupResult[] {
  tx.journal.begin("enqueue");
  const results: EnqueueGroupResult[] = [];
  while (results.length < groups.length) {
    const run = plainRun(tx, groups, results.length);
    const made = run.length < fewestPlain ? null : makePlainTasks(tx, run);
    const piece = groups.slice(results.length, results.length + Math.max(1, run.length));
    for (const [place, group] of piece.entries()) {
      const task = made?.[place];
      results.push(task ? storedAlone(task) : (enqueuePlain(tx, group) ?? enqueueGroup(tx, group)));
    }
  }
  return results;
}

/** The tasks of the groups from a place on that are one plain task each. */
function plainRun(tx: StoreTransaction, groups: readonly EnqueueGroup[], from: number): readonly EnqueueRequest[] {
  const run: EnqueueRequest[] = [];
  for (let at = from; at < groups.length; at += 1) {
    const { tasks = [] } = groups[at] ?? {};
    const [request] = tasks;
    if (tasks.length !== 1 || !request || !isPlain(request) || !isForNow(request)) break;
    if (request.mustKnowKind && !isKnownKind(tx, request.kind)) break;
    run.push(request);
  }
  return run;
}

/** Whether nothing is said of when it may begin. */
function isForNow({ delayMs, scheduledAt, expiresAt, expiresInMs }: EnqueueRequest): boolean {
  return delayMs === 0 && scheduledAt === null && expiresAt === null && expiresInMs === null;
}

/**
 * A group of one task of which nothing special was said needs neither a look at others nor a way back. Null: it is not of
 * that sort, or its id is taken.
 */
function enqueuePlain(tx: StoreTransaction, { tasks }: EnqueueGroup): EnqueueGroupResult | null {
  const [request] = tasks;
  if (tasks.length !== 1 || !request || !isPlain(request)) return null;
  if (request.mustKnowKind && !isKnownKind(tx, request.kind)) return null;
  const stored = makeTask(tx, request, 0);
  return stored && storedAlone(stored.task);
}

function isPlain(request: EnqueueRequest): boolean {
  return (
    request.dedupeKey === null &&
    request.supersedeKey === null &&
    request.concurrencyKeys.length === 0 &&
    request.dependencies.length === 0
  );
}

function storedAlone(task: TaskRecord): EnqueueGroupResult {
  return { status: "stored", results: [created(task)] };
}

function created(task: TaskRecord): EnqueueResult {
  return { disposition: "created", task, supersededTaskIds: noneSuperseded, warnings: noWarnings };
}

function enqueueGroup(tx: StoreTransaction, { tasks }: EnqueueGroup): EnqueueGroupResult {
  const [request] = tasks;
  // A task that waits for nobody is refused before anything of it is written.
  const isAlone = tasks.length === 1 && request?.dependencies.length === 0;
  if (isAlone) return tx.refusable<EnqueueGroupResult>((refuse) => storeGroup(tx, tasks, refuse));
  return tx.atomically<EnqueueGroupResult>((refuse) => enqueueManyPlain(tx, tasks) ?? storeGroup(tx, tasks, refuse));
}

function storeGroup(
  tx: StoreTransaction,
  tasks: readonly EnqueueRequest[],
  refuse: (refusal: GroupRefusal) => never,
): EnqueueGroupResult {
  const placed = placeGroup(tx, tasks, refuse);
  const [first] = placed;
  const isAsMade = tx.ended.length === 0 && tasks.length === 1 && tasks[0]?.dependencies.length === 0;
  if (isAsMade && first?.made) return { status: "stored", results: [resultFor(first, first.made)] };
  // Read before a task goes that failed at once and was not to be kept.
  const seen = placed.map(({ seq }) => getBySeq(tx, seq)?.task);
  drainEnded(tx);
  return {
    status: "stored",
    results: placed.flatMap((each, index) => {
      const task = getBySeq(tx, each.seq)?.task ?? seen[index];
      return task ? [resultFor(each, task)] : [];
    }),
  };
}

function resultFor(placed: PlacedTask, task: TaskRecord): EnqueueResult {
  const { taskId: _taskId, seq: _seq, made: _made, ...rest } = placed;
  return { ...rest, task };
}

/** A list of plain new tasks; null when one of them is not, and then nothing was written. */
function enqueueManyPlain(tx: StoreTransaction, requests: readonly EnqueueRequest[]): EnqueueGroupResult | null {
  const isFit = requests.every(
    (request) => isPlain(request) && (!request.mustKnowKind || isKnownKind(tx, request.kind)),
  );
  if (!isFit) return null;
  return tx.atomically<EnqueueGroupResult | null>((refuse) => {
    const many = requests.every(isForNow) ? makePlainTasks(tx, requests) : null;
    const made = many ?? requests.map((request) => makeTask(tx, request, 0)?.task ?? null);
    return { status: "stored", results: made.map((task) => created(task ?? refuse(null))) };
  });
}
