import {
  beforeFirstStage,
  dedupeConflict,
  type Dependency,
  dependencyUnknown,
  enqueuedEvent,
  type EnqueueRequest,
  type EnqueueResult,
  type EnqueueWarning,
  type GroupRefusal,
  groupTies,
  isFinal,
  kindUnknown,
  limitDiffersMessage,
  newTask,
  supersededReason,
  type TaskId,
  taskIdTaken,
  type TaskRecord,
} from "@millrace/models";
import { dedupeHolder, takeDedupeKey } from "../state/dedupe.ts";
import type { Edge } from "../state/edge-table.ts";
import { frozenCopy } from "../state/frozen.ts";
import { takeKeys } from "../state/keys.ts";
import type { MemoryState } from "../state/memory-state.ts";
import { reuseHolder } from "./dedupe-policy.ts";
import { dependencyEnded, isBlocking } from "./dependency-ended.ts";
import { makeMove } from "./make-move.ts";

/** What became of one request; its task is to be read when everything has settled. */
export interface PlacedTask extends Omit<EnqueueResult, "task"> {
  readonly taskId: TaskId;
}

type Refuse = (refusal: GroupRefusal) => never;

/** A group on its way into the store. */
interface Placing {
  readonly state: MemoryState;
  readonly requests: readonly EnqueueRequest[];
  readonly refuse: Refuse;
  readonly placed: PlacedTask[];
  /** Where in the group an id stands first. */
  readonly indexOf: ReadonlyMap<TaskId, number>;
  /** The positions of the dependencies that a new task was blocked by. */
  readonly counted: Map<TaskId, ReadonlySet<number>>;
}

/**
 * Makes the tasks of a group in their order, then ties them together. Must run inside a transaction: `refuse` takes back
 * what was made so far.
 */
export function placeGroup(
  state: MemoryState,
  requests: readonly EnqueueRequest[],
  refuse: Refuse,
): readonly PlacedTask[] {
  const indexOf = new Map(requests.map(({ id }, index) => [id, index] as const).toReversed());
  const placing: Placing = { state, requests, refuse, placed: [], indexOf, counted: new Map() };
  for (const [index, request] of requests.entries()) {
    placing.placed.push(placeKnown(placing, request, index) ?? placeNew(placing, request, index));
  }
  tie(placing);
  return placing.placed;
}

/** A repeated send, or a task whose dedupe key is taken; null when a task must be made. */
function placeKnown(placing: Placing, request: EnqueueRequest, index: number): PlacedTask | null {
  const { state, refuse } = placing;
  const known = state.tasks.get(request.id);
  if (known) {
    if (known.kind !== request.kind || known.tenantId !== request.tenantId) refuse(taskIdTaken(request, index));
    return { disposition: "created", taskId: known.id, supersededTaskIds: [], replayed: true, warnings: [] };
  }
  if (request.mustKnowKind && !state.kinds.has(request.kind)) refuse(kindUnknown(request, index));
  const holder = dedupeHolder(state, request);
  if (!holder) return null;
  const reused = reuseHolder(state, holder, request);
  if (reused) return reused;
  return refuse(dedupeConflict(request, index, holder.id));
}

function placeNew(placing: Placing, request: EnqueueRequest, index: number): PlacedTask {
  const { state } = placing;
  const positions = [...request.dependencies.keys()];
  const counted = positions.filter((position) => isWaitedFor(placing, request.dependencies[position], index));
  placing.counted.set(request.id, new Set(counted));
  const task = newTask(ownCopy(request), counted.length, state.now);
  const warnings = takeKeys(state, task).map(({ asked, limit }): EnqueueWarning => {
    return { code: "LIMIT_DIFFERS", message: limitDiffersMessage(asked.key, limit, asked.limit) };
  });
  const older = request.supersedeExisting && task.supersedeKey !== null ? state.tasks.openOfSupersedeKey(task) : [];
  state.tasks.put(task);
  state.journal.tell({ ...enqueuedEvent(task), taskId: task.id, tenantId: task.tenantId, kind: task.kind });
  takeDedupeKey(state, task);
  for (const id of older) supersede(state, id, task);
  const disposition = older.length > 0 ? "superseded" : "created";
  return { disposition, taskId: task.id, supersededTaskIds: older, warnings };
}

/** The request with copies of all that its sender could still change. */
function ownCopy(request: EnqueueRequest): EnqueueRequest {
  return {
    ...request,
    input: frozenCopy(request.input),
    state: frozenCopy(request.state),
    metadata: frozenCopy(request.metadata),
    context: frozenCopy(request.context),
    logContext: frozenCopy(request.logContext),
    tags: frozenCopy(request.tags),
    channels: frozenCopy(request.channels),
    origin: frozenCopy(request.origin),
    concurrencyKeys: frozenCopy(request.concurrencyKeys),
    retry: frozenCopy(request.retry),
  };
}

function supersede(state: MemoryState, id: TaskId, by: TaskRecord): void {
  const task = state.tasks.get(id);
  const reason = supersededReason(by.id);
  if (task) makeMove(state, task, { type: "terminate", code: "TASK_SUPERSEDED", reason, by: null });
}

/** Whether a dependency keeps the new task from starting; one that stands further down in the group does. */
function isWaitedFor(placing: Placing, dependency: Dependency | undefined, index: number): boolean {
  const { state, placed, refuse, indexOf } = placing;
  if (dependency === undefined) return false;
  const at = indexOf.get(dependency.taskId);
  const task = state.tasks.get((at === undefined ? undefined : placed[at])?.taskId ?? dependency.taskId);
  if (task) return isBlocking(state, dependency, task);
  if (at !== undefined) return true;
  return refuse(dependencyUnknown(dependency.taskId, index));
}

/** Adds the edges, now that it is known which task answers for each request. */
function tie(placing: Placing): void {
  const { state, requests, placed, refuse, counted } = placing;
  const tied = groupTies(requests, placed, refuse).map(({ id: waiter, dependencies }) => {
    const edges = dependencies.map(({ taskId: dependency, onFailure }, position): Edge => {
      return { waiter, dependency, stage: beforeFirstStage, position, onFailure };
    });
    return { id: waiter, edges };
  });
  for (const { id, edges } of tied) state.edges.add(id, edges);
  for (const { id, edges } of tied) {
    actOnEnded(
      state,
      edges.filter(({ position }) => counted.get(id)?.has(position)),
    );
  }
}

/** Follows those of the edges a waiter was blocked by whose task had ended before the edge was made. */
export function actOnEnded(state: MemoryState, edges: readonly Edge[]): void {
  for (const edge of edges) {
    const dependency = state.tasks.get(edge.dependency);
    if (!dependency || !isFinal(dependency.status)) continue;
    // Those that ended within this transaction will follow their edges themselves.
    if (!state.ended.includes(dependency.id)) dependencyEnded(state, edge, dependency);
  }
}
