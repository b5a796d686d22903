import {
  dedupeConflict,
  type Dependency,
  dependencyUnknown,
  type EnqueueRequest,
  type EnqueueResult,
  type GroupRefusal,
  kindUnknown,
  type TaskId,
  taskIdTaken,
} from "@millrace/models";
import type { Sql } from "../connection/session.ts";
import { getTask, hold } from "../transaction/hold.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { takeDedupeKey } from "./dedupe.ts";
import { reuseHolder } from "./dedupe-policy.ts";
import { isBlocking } from "./dependency-ended.ts";
import { keyWarnings, makeTask } from "./make-task.ts";
import { olderOfSupersede, supersede } from "./supersede.ts";
import { tieGroup } from "./tie-group.ts";

const selectKind: Sql = (n) => `select 1 from ${n.kind} where kind = $1`;
/** What became of one request; its task is to be read when everything has settled. */
export interface PlacedTask extends Omit<EnqueueResult, "task"> {
  readonly taskId: TaskId;
}

type Refuse = (refusal: GroupRefusal) => never;

/** A group on its way into the store. */
export interface Placing {
  readonly tx: StoreTransaction;
  readonly requests: readonly EnqueueRequest[];
  readonly refuse: Refuse;
  readonly placed: PlacedTask[];
  /** Where in the group each id stands. */
  readonly places: ReadonlyMap<TaskId, number>;
  /** The positions of the dependencies that a new task was blocked by. */
  readonly counted: Map<TaskId, ReadonlySet<number>>;
}

/**
 * Makes the tasks of a group in their order, then ties them together. Must run inside something atomic: `refuse` takes back
 * what was made so far.
 */
export async function placeGroup(
  tx: StoreTransaction,
  requests: readonly EnqueueRequest[],
  refuse: Refuse,
): Promise<readonly PlacedTask[]> {
  const places = new Map(requests.map(({ id }, index) => [id, index] as const).toReversed());
  const placing: Placing = { tx, requests, refuse, placed: [], places, counted: new Map() };
  await hold(tx, [
    ...places.keys(),
    ...requests.flatMap(({ dependencies }) => dependencies.map(({ taskId }) => taskId)),
  ]);
  for (const [index, request] of requests.entries()) {
    placing.placed.push((await placeKnown(placing, request, index)) ?? (await placeNew(placing, request, index)));
  }
  if (requests.some(({ dependencies }) => dependencies.length > 0)) await tieGroup(placing);
  return placing.placed;
}

/** A repeated send, or a task whose dedupe key is taken; null when a task must be made. */
async function placeKnown(placing: Placing, request: EnqueueRequest, index: number): Promise<PlacedTask | null> {
  const { tx, refuse } = placing;
  const known = await getTask(tx, request.id);
  if (known) {
    const { id: taskId, kind, tenantId } = known.task;
    if (kind !== request.kind || tenantId !== request.tenantId) refuse(taskIdTaken(request, index));
    return { disposition: "created", taskId, supersededTaskIds: [], replayed: true, warnings: [] };
  }
  if (request.mustKnowKind && !(await isKnownKind(tx, request.kind))) refuse(kindUnknown(request, index));
  const holder = await takeDedupeKey(tx, request);
  if (!holder) return null;
  const reused = reuseHolder(tx, holder, request);
  if (reused) return reused;
  return refuse(dedupeConflict(request, index, holder.task.id));
}

/** Whether the kind stands in the table; a kind never leaves it. */
async function isKnownKind(tx: StoreTransaction, kind: string): Promise<boolean> {
  if (tx.knownKinds.has(kind)) return true;
  if ((await tx.query(selectKind, [kind])).length === 0) return false;
  tx.knownKinds.add(kind);
  return true;
}

async function placeNew(placing: Placing, request: EnqueueRequest, index: number): Promise<PlacedTask> {
  const { tx } = placing;
  const counted = new Set<number>();
  for (const [position, dependency] of request.dependencies.entries()) {
    if (await isWaitedFor(placing, dependency, index)) counted.add(position);
  }
  placing.counted.set(request.id, counted);
  const warnings = request.concurrencyKeys.length > 0 ? await keyWarnings(tx, request) : [];
  const older = await olderOfSupersede(tx, request);
  const { task } = makeTask(tx, request, counted.size);
  const supersededTaskIds = await supersede(tx, older, task);
  const disposition = supersededTaskIds.length > 0 ? "superseded" : "created";
  return { disposition, taskId: request.id, supersededTaskIds, warnings };
}

/** Whether a dependency keeps the new task from starting; one that stands further down in the group does. */
async function isWaitedFor(placing: Placing, dependency: Dependency, index: number): Promise<boolean> {
  const { tx, places, placed, refuse } = placing;
  const at = places.get(dependency.taskId) ?? -1;
  const stored = await getTask(tx, placed[at]?.taskId ?? dependency.taskId);
  if (stored) return isBlocking(tx, dependency, stored);
  if (at >= 0) return true;
  return refuse(dependencyUnknown(dependency.taskId, index));
}
