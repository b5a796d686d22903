import {
  beforeFirstStage,
  dedupeConflict,
  type Dependency,
  dependencyUnknown,
  type EnqueueRequest,
  type EnqueueResult,
  type GroupRefusal,
  groupTies,
  isFinal,
  kindUnknown,
  supersededReason,
  TaskError,
  type TaskId,
  taskIdTaken,
  type TaskRecord,
} from "@millrace/models";
import type { Sql } from "../connection/connection.ts";
import { getBySeq, getTask } from "../transaction/read-stored.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { dedupeHolder, takeDedupeKey } from "./dedupe.ts";
import { reuseHolder } from "./dedupe-policy.ts";
import { dependencyEnded, isBlocking, isEnding } from "./dependency-ended.ts";
import { addEdges, type Edge } from "./edges.ts";
import { makeMove } from "./make-move.ts";
import { keyWarnings, makeTask } from "./make-task.ts";

const selectKind: Sql = (n) => `select 1 from ${n.kind} where kind = ?`;
const openOfSupersede: Sql = (n) => `
select t.seq from ${n.supersede} s join ${n.task} t on t.seq = s.seq
where s.tenant_id = ? and s.kind = ? and s.key = ? order by t.id`;

/** What became of one request; its task is to be read when everything has settled. */
export interface PlacedTask extends Omit<EnqueueResult, "task"> {
  readonly taskId: TaskId;
  readonly seq: number;
  /** The record of a task that was made now, as it was made. */
  readonly made?: TaskRecord;
}

type Refuse = (refusal: GroupRefusal) => never;

/** A group on its way into the store. */
interface Placing {
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
export function placeGroup(
  tx: StoreTransaction,
  requests: readonly EnqueueRequest[],
  refuse: Refuse,
): readonly PlacedTask[] {
  const places = new Map(requests.map(({ id }, index) => [id, index] as const).toReversed());
  const placing: Placing = { tx, requests, refuse, placed: [], places, counted: new Map() };
  for (const [index, request] of requests.entries()) {
    placing.placed.push(placeKnown(placing, request, index) ?? placeNew(placing, request, index));
  }
  if (requests.some(({ dependencies }) => dependencies.length > 0)) tie(placing);
  return placing.placed;
}

/** A repeated send, or a task whose dedupe key is taken; null when a task must be made. */
function placeKnown(placing: Placing, request: EnqueueRequest, index: number): PlacedTask | null {
  const { tx, refuse } = placing;
  const known = getTask(tx, request.id);
  if (known) {
    const { id: taskId, kind, tenantId } = known.task;
    if (kind !== request.kind || tenantId !== request.tenantId) refuse(taskIdTaken(request, index));
    return { disposition: "created", taskId, seq: known.seq, supersededTaskIds: [], replayed: true, warnings: [] };
  }
  if (request.mustKnowKind && !isKnownKind(tx, request.kind)) refuse(kindUnknown(request, index));
  const holder = dedupeHolder(tx, request);
  if (!holder) return null;
  const reused = reuseHolder(tx, holder, request);
  if (reused) return reused;
  return refuse(dedupeConflict(request, index, holder.task.id));
}

/** Whether the kind stands in the table; a kind never leaves it. */
export function isKnownKind(tx: StoreTransaction, kind: string): boolean {
  if (tx.knownKinds.has(kind)) return true;
  if (!tx.use(selectKind).get(kind)) return false;
  tx.knownKinds.add(kind);
  return true;
}

function placeNew(placing: Placing, request: EnqueueRequest, index: number): PlacedTask {
  const { tx } = placing;
  const counted = request.dependencies.flatMap((dependency, position) =>
    isWaitedFor(placing, dependency, index) ? [position] : [],
  );
  placing.counted.set(request.id, new Set(counted));
  const warnings = keyWarnings(tx, request);
  const { tenantId, kind, supersedeKey, supersedeExisting } = request;
  const older =
    supersedeExisting && supersedeKey !== null ? tx.use(openOfSupersede).all(tenantId, kind, supersedeKey) : [];
  const stored = makeTask(tx, request, counted.length);
  if (!stored) throw new TaskError("INTERNAL", `Task ${request.id} came from nowhere.`);
  takeDedupeKey(tx, stored);
  const supersededTaskIds = older.flatMap(([seq]) => supersede(tx, Number(seq), stored.task));
  const disposition = supersededTaskIds.length > 0 ? "superseded" : "created";
  return { disposition, taskId: request.id, seq: stored.seq, made: stored.task, supersededTaskIds, warnings };
}

function supersede(tx: StoreTransaction, seq: number, by: TaskRecord): readonly TaskId[] {
  const stored = getBySeq(tx, seq);
  if (!stored) return [];
  makeMove(tx, stored, { type: "terminate", code: "TASK_SUPERSEDED", reason: supersededReason(by.id), by: null });
  return [stored.task.id];
}

/** Whether a dependency keeps the new task from starting; one that stands further down in the group does. */
function isWaitedFor(placing: Placing, dependency: Dependency, index: number): boolean {
  const { tx, places, placed, refuse } = placing;
  const at = places.get(dependency.taskId) ?? -1;
  const stored = getTask(tx, placed[at]?.taskId ?? dependency.taskId);
  if (stored) return isBlocking(tx, dependency, stored);
  if (at >= 0) return true;
  return refuse(dependencyUnknown(dependency.taskId, index));
}

/** Adds the edges, now that it is known which task answers for each request. */
function tie(placing: Placing): void {
  const { tx, requests, placed, refuse, counted } = placing;
  const seqs = new Map(placed.map(({ taskId, seq }) => [taskId, seq]));
  const seqOf = (id: TaskId): number => seqs.get(id) ?? getTask(tx, id)?.seq ?? 0;
  const tied = groupTies(requests, placed, refuse).map(({ id, dependencies }) => {
    const edges = dependencies.map(({ taskId, onFailure }, position): Edge => {
      return { waiter: seqOf(id), dependency: seqOf(taskId), stage: beforeFirstStage, position, onFailure };
    });
    addEdges(tx, edges);
    return { id, edges };
  });
  for (const { id, edges } of tied) {
    actOnEnded(
      tx,
      edges.filter(({ position }) => counted.get(id)?.has(position)),
    );
  }
}

/** Follows edges into tasks that had ended before the edge was made. */
export function actOnEnded(tx: StoreTransaction, edges: readonly Edge[]): void {
  for (const edge of edges) {
    const dependency = getBySeq(tx, edge.dependency);
    if (!dependency || !isFinal(dependency.task.status)) continue;
    // Those that have just ended will follow their edges themselves.
    if (isEnding(tx, dependency)) continue;
    dependencyEnded(tx, edge, dependency.task);
  }
}
