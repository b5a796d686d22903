import type {
  EnqueueGroup,
  EnqueueGroupResult,
  EnqueueRequest,
  EnqueueResult,
  GroupRefusal,
  TaskRecord,
} from "@millrace/models";
import type { Sql } from "../connection/session.ts";
import { giveBackDedupeKeys, takeDedupeKeys } from "../effects/dedupe.ts";
import { drainEnded } from "../effects/drain-ended.ts";
import { type PlacedTask, placeGroup } from "../effects/place-group.ts";
import { takeSupersedeKeys } from "../effects/supersede.ts";
import { getTask, hold, peekTasks } from "../transaction/hold.ts";
import { peekLimits } from "../transaction/key-rows.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";

type Refuse = (refusal: GroupRefusal) => never;

const waitBriefly: Sql = () => "set local lock_timeout = '2s'";

/** M1. Groups are atomic and independent: a later one sees what an earlier one stored. */
export async function enqueue(
  tx: StoreTransaction,
  groups: readonly EnqueueGroup[],
): Promise<readonly EnqueueGroupResult[]> {
  tx.journal.begin("enqueue");
  const requests = groups.flatMap(({ tasks }) => tasks);
  // A caller's own long transaction may hold a key for long; nobody should wait for its end.
  if (waitsForKeys(groups)) tx.write(waitBriefly);
  // For all groups at once: then most of them have nothing to wait for.
  await hold(
    tx,
    requests.map(({ id }) => id),
  );
  await takeDedupeKeys(tx, requests);
  await takeSupersedeKeys(tx, requests);
  await peekLimits(tx, requests);
  const results: EnqueueGroupResult[] = [];
  for (const { tasks } of groups) {
    const store = (refuse: Refuse): Promise<EnqueueGroupResult> => storeGroup(tx, tasks, refuse);
    results.push(await (isAlone(tasks) ? tx.refusable(store) : tx.atomically(store)));
  }
  giveBackDedupeKeys(tx);
  return results;
}

/** Whether an enqueue may wait for a key, and sets how long. */
export function waitsForKeys(groups: readonly EnqueueGroup[]): boolean {
  return groups.some(({ tasks }) => tasks.some(({ dedupeKey, supersedeKey }) => (dedupeKey ?? supersedeKey) !== null));
}

/** A task that waits for nobody is refused before anything of it is written. */
function isAlone([request, ...others]: readonly EnqueueRequest[]): boolean {
  return others.length === 0 && request?.dependencies.length === 0;
}

async function storeGroup(
  tx: StoreTransaction,
  tasks: readonly EnqueueRequest[],
  refuse: Refuse,
): Promise<EnqueueGroupResult> {
  const placed = await placeGroup(tx, tasks, refuse);
  // Read before a task goes that failed at once and was not to be kept.
  const seen = await peekTasks(
    tx,
    placed.map(({ taskId }) => taskId),
  );
  await drainEnded(tx);
  const results: EnqueueResult[] = [];
  for (const each of placed) {
    const task = (await getTask(tx, each.taskId))?.task ?? seen.get(each.taskId)?.task;
    if (task) results.push(resultFor(each, task));
  }
  return { status: "stored", results };
}

function resultFor(placed: PlacedTask, task: TaskRecord): EnqueueResult {
  const { taskId: _taskId, ...rest } = placed;
  return { ...rest, task };
}
